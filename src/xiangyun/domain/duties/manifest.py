"""Duties: what opens cases by itself."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "registers"),
    queue="duties",
    modules={
        "candidates": "the rows with which a duty has something to do, in one statement",
        "timers": "services that begin by the clock",
        "jobs": "the queue finds jobs by this name",
    },
)
