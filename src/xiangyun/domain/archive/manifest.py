"""The archive: closed cases move to files by their retention."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("evidence", "owndata"),
    queue="archive",
    owned="xiangyun.domain.archive.queries:owned",
    modules={
        "volumes": "what the file of a case holds, and whether it is as it was written",
        "returning": "the verb that brings an archived case back from its file",
    },
    verbs=(
        Verb(
            "archive.brought_back",
            Text(
                "从档案调回，至{until:weekday}",
                "Brought back from the archive until {until:weekday}",
            ),
            notes=("why",),
        ),
        Verb(
            "archive.destroyed",
            Text("销毁了档案", "Destroyed the file"),
            notes=("why",),
            grave=True,
        ),
    ),
)
