"""Duties: what opens cases by itself."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "registers"),
    queue="duties",
    follows_journal="xiangyun.domain.duties.followed:take",
    modules={
        "candidates": "the rows with which a duty has something to do, in one statement",
        "followed": "what became of the cases that were opened, read behind the journal",
        "timers": "services that begin by the clock",
        "jobs": "the queue finds jobs by this name",
    },
)
