"""Who may know of the cases of a service: its class, its team and its overseers in service.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields

CLASSES = {
    "ordinary": Text("普通", "Ordinary"),
    "handlers": Text("限经办人知悉", "For its handlers alone"),
    "sealed": Text("密封", "Sealed"),
}
"""Who may know: the offices of place and matter; who handles it; and sensitive fields encrypted."""
ORDINARY, HANDLERS, SEALED = range(3)


@dataclass(frozen=True, slots=True)
class Circle:
    """Who may know of a case: its class as a number, and roles beside those of its tasks.

    `team`: whoever holds one of these in its place may be named a handler. `overseers`: whoever
    holds one of these there may look, for a stated reason each day.
    """

    need: int = ORDINARY
    team: tuple[str, ...] = ()
    overseers: tuple[str, ...] = ()


def read_circle(f: Fields, overseer: str) -> Circle:
    """The circle of a service's cases; `overseer` is told what is overdue, and may look as well.

    Reports `pack.E070` where roles are named for cases that a whole office may know.
    """
    need = [*CLASSES].index(f.one_of("class", CLASSES) or "ordinary") if f.has("class") else 0
    team = f.strings("team", required=False)
    overseers = f.strings("overseers", required=False)
    if not need and (team or overseers):
        f.report(
            fault(
                "pack.E070",
                Text(
                    "普通事项的办件由主管单位知悉，不用写 team 和 overseers。",
                    "Ordinary cases are known to their offices: team and overseers say nothing.",
                ),
                f.place("team" if team else "overseers"),
                Text(
                    "请写 class: handlers 或 class: sealed，或删去这一行。",
                    "Write class: handlers or class: sealed, or take the line out.",
                ),
            )
        )
    return Circle(need, team, overseers or (overseer,))  # single cases may be above it
