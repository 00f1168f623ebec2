"""Registers: what is known already."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("divisions", "journal"),
    modules={
        "sql": "rules over a whole register: a room of its own, without tables and without Django",
    },
)
