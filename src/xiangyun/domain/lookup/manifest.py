"""Look-up: any case within sight by number, name or code, what one did, and saved filters."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "following"),
    modules={
        "lines": "what of a case is found, as rows computed behind the journal",
        "searching": "the statements of a search",
    },
    follows_journal="xiangyun.domain.lookup.lines:take",
)
