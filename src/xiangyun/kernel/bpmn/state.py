"""Where a case stands: the instances at work, what they wait for, tokens at joins, local values.

The drawing is not in here and neither are the root variables, so a state is a few hundred bytes.
Every id is `element~number`; the number counts up within one case and orders what happened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from xiangyun.kernel.bpmn.model import ROOT
from xiangyun.kernel.feel import from_stored, to_stored

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Live(NamedTuple):
    """One instance at work: a waiting activity, an open sub-process, or the body of a loop.

    `phase`: empty when it simply waits; `stuck` where an incident holds it (`came` is the flow it
    came by); `body` for a loop, whose `memo` counts; `undo` for a running compensation.
    """

    scope: str
    locals: Mapping[str, Any] = {}
    phase: str = ""
    memo: Mapping[str, Any] = {}


NO_NEXT = ""
"""The key of a repeating timer that could not be set again: an incident stands for it."""


ASKED = "?"
"""Begins the key of a timer while its decision is asked; the moment it was due last follows."""
FIRST = -2
"""`left` of a timer that was never set."""


class Wait(NamedTuple):
    """One thing awaited on behalf of `owner` (an instance, or ROOT).

    `key`: of a message; of a repeating timer its present due time, `NO_NEXT` or `ASKED`. `left`:
    repeats left of a timer (-1: for ever, or `FIRST`); for a condition 1 while it was last seen
    true.
    """

    owner: str
    key: str | None = None
    left: int = 0


class Undo(NamedTuple):
    """A completed activity that can be compensated: in which scope, as whose part, by whom."""

    scope: str
    activity: str
    handler: str


@dataclass(frozen=True, slots=True, eq=True)
class State:
    """The state of one case; values are never changed, every step makes a new one."""

    count: int = 0
    live: Mapping[str, Live] = field(default_factory=dict)
    waits: Mapping[str, Wait] = field(default_factory=dict)
    joins: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """(scope, gateway) -> flows on which tokens have come in and wait"""
    undos: tuple[Undo, ...] = ()
    last: str = ""
    """the end event that names the outcome so far"""
    ended: bool = False

    def to_json(self) -> str:
        """Compact JSON; `from_json` gives an equal state back."""
        out: dict[str, Any] = {"n": self.count}
        if self.live:
            out["l"] = {key: _trim(_live(value)) for key, value in self.live.items()}
        if self.waits:
            out["w"] = {key: _trim(list(value)) for key, value in self.waits.items()}
        if self.joins:
            out["j"] = [[*key, *flows] for key, flows in self.joins.items()]
        if self.undos:
            out["u"] = [list(undo) for undo in self.undos]
        if self.last:
            out["e"] = self.last
        if self.ended:
            out["x"] = 1
        return _COMPACT.encode(out)

    @staticmethod
    def from_json(text: str | bytes) -> State:
        """Read what `to_json` wrote."""
        raw = json.loads(text)
        return State(
            count=raw["n"],
            live={key: _live_again(*row) for key, row in raw.get("l", {}).items()},
            waits={key: Wait(*(row or [ROOT])) for key, row in raw.get("w", {}).items()},
            joins={(row[0], row[1]): tuple(row[2:]) for row in raw.get("j", [])},
            undos=tuple(Undo(*row) for row in raw.get("u", [])),
            last=raw.get("e", ""),
            ended=bool(raw.get("x", 0)),
        )


def timer_moved(state: State, ident: str, moment: datetime) -> State:
    """The state after a timer that is set has been set for another moment.

    Only a repeating timer knows its own time: the next one counts from it.
    """
    wait = state.waits.get(ident)
    if wait is None or not wait.key or is_asked(wait.key):
        return state
    return replace(state, waits={**state.waits, ident: wait._replace(key=moment.isoformat())})


def is_asked(key: str | None) -> bool:
    """Whether a timer waits for its decision."""
    return key is not None and key.startswith(ASKED)


def asked_since(key: str | None) -> str:
    """When a timer was due last, out of its key; empty where it never was, or stands."""
    return (key or "").removeprefix(ASKED)


def element_of(ident: str) -> str:
    """The element id within an instance id or a wait id."""
    return ident.rpartition("~")[0]


def _live(live: Live) -> list[Any]:
    held, memo = live.locals, live.memo
    return [
        live.scope,
        to_stored(held) if held else {},
        live.phase,
        to_stored(memo) if memo else {},
    ]


def _trim(row: list[Any]) -> list[Any]:
    """Without the empty end of the row: absent and empty mean the same."""
    while row and not row[-1]:
        row.pop()
    return row


def _live_again(scope: str = ROOT, held: Any = None, phase: str = "", memo: Any = None) -> Live:
    return Live(scope, from_stored(held) if held else {}, phase, from_stored(memo) if memo else {})
