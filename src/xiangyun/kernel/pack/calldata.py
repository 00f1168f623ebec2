"""A called process within an application: what it is given, what it sees, what it brings back.

The starting variables (the answers, the authority, the figures) belong to the application: every
process sees them as they stand, and whichever corrects them, all see it. Besides, a called process
sees what is mapped into its call; where nothing is mapped, all that its caller sees. What it sets
is its own, and goes to the caller when it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from xiangyun.kernel.bpmn import CallFailed, CallWanted, Element
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.variables import STARTING

TOO_DEEP = "too_deep"
"""The error in which a call ends that is nested too deep."""
MOST_DEEP = 12
"""Calls within calls beyond which a process is taken to call itself for ever."""


def given(wanted: CallWanted, element: Element, seen: Mapping[str, Value]) -> dict[str, Value]:
    """The variables of its own that a called process begins with; `seen`: as its caller sees them.

    Without mappings these are only values of the call itself, such as the item of its loop.
    """
    if wanted.inputs is None or element.inputs:
        return dict(wanted.inputs or {})
    nothing = object()
    return {name: v for name, v in wanted.inputs.items() if seen.get(name, nothing) is not v}


def seen_by(
    own: Mapping[str, Value],
    caller: Mapping[str, Value],
    main: Mapping[str, Value],
    *,
    through: bool,
) -> dict[str, Value]:
    """What a called process sees. `through`: all that its caller sees, since nothing is mapped."""
    around = caller if through else {name: main[name] for name in STARTING if name in main}
    return {**around, **own}


def assign(
    values: Mapping[str, Value], own: dict[str, Value], main: dict[str, Value]
) -> dict[str, Value]:
    """Set what a called process has worked out where it belongs; what of it the whole case has."""
    shared = {name: v for name, v in values.items() if name in STARTING and name not in own}
    main.update(shared)
    own.update({name: v for name, v in values.items() if name not in shared})
    return shared


def number(caller: str, calls: int) -> str:
    """The number within its application of the next process that a process calls: 1, 2, 2-1.

    `caller` is its own number, empty for the main one; `calls`: how many it has called before.
    """
    return f"{caller}-{calls + 1}" if caller else str(calls + 1)


def too_deep(wanted: CallWanted, caller: str, at: datetime) -> CallFailed | None:
    """The refusal of a call that the process numbered `caller` nests too deep; None when it may."""
    if caller.count("-") + 2 <= MOST_DEEP:
        return None
    text = Text(
        "流程“{process}”一再调用自己，已有 {most_deep} 层。",
        "The process “{process}” calls itself again and again, {most_deep} deep.",
        process=wanted.process,
        most_deep=MOST_DEEP,
    )
    return CallFailed(wanted.id, TOO_DEEP, str(text), at)
