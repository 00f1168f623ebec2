"""Batches: one action on several tasks, each for itself, with a result each."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases",),
    queue="batches",
    modules={"choosing": "which actions the chosen tasks allow"},
)
