"""Findings about the files of a pack: how they are made, and those that every kind needs.

What each id means, and what to do about it, stands in docs/reference/errors.md; a test compares
it with the ids in the code. Faults inside a file of its own language keep the ids of its reader:
feel.*, bpmn.*, dmn.*, form.*, code.*.
"""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.findings import Finding, Place, Severity, Text
from xiangyun.kernel.spelling import did_you_mean


def fault(
    id: str,
    message: Text,
    place: Place | None,
    hint: Text | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A finding of this package; `E` is an error, `W` a warning, unless `severity` says else."""
    return Finding(id, severity or ("error" if ".E" in id else "warning"), message, place, hint)


def unknown(id: str, kind: Text, name: str, known: Iterable[str], place: Place | None) -> Finding:
    """A reference to something that does not exist, with a suggestion."""
    return fault(
        id,
        Text("没有{kind}“{name}”。", "There is no {kind} “{name}”.", kind=kind, name=name),
        place,
        did_you_mean(name, known),
    )
