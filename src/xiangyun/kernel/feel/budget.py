"""What one evaluation may cost: counted, never timed, so that a replay comes to the same end.

A step is a turn of a loop, a call of a function, an element that a built-in function looks at, an
instruction of a pattern; a long body counts for several. What neither repeats nor calls is as long
as its text, and free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.findings import Text

_CONTAINERS = frozenset([list, dict])
_HEAVY = _CONTAINERS | {str}


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one evaluation.

    `steps` are counted as this module says. `size` bounds a list, a context or a text, with all
    that lies within: elements and characters. `depth` bounds functions that call functions, and
    lists within lists.
    """

    steps: int = 1_000_000
    size: int = 1_000_000
    depth: int = 64


class Spent(Exception):
    """The budget is used up: the evaluation ends, its value is null with this as the reason.

    Unlike after a `NullResult`, no expression around it goes on with a null. Whoever passes it on
    first and knows the place notes it: a source text and an offset in it.
    """

    def __init__(self, words: Text) -> None:
        super().__init__(words)
        self.text = words
        self.place: tuple[str, int] | None = None


class _InForce:
    """The budget of this process, set once, at its start."""

    __slots__ = ("depth", "size", "steps")

    def __init__(self) -> None:
        self.steps, self.size, self.depth = _SHIPPED.steps, _SHIPPED.size, _SHIPPED.depth


_SHIPPED = Budget()
in_force = _InForce()


def budget() -> Budget:
    """The budget in force."""
    return Budget(in_force.steps, in_force.size, in_force.depth)


def set_budget(given: Budget) -> None:
    """Put a budget in force for all evaluations that begin from now on."""
    in_force.steps, in_force.size, in_force.depth = given.steps, given.size, given.depth


def too_many_steps() -> Spent:
    """More steps than there are."""
    most = in_force.steps
    return Spent(
        Text("计算超过 {most} 步，已停止。", "The evaluation ended after {most} steps.", most=most)
    )


def too_deep() -> Spent:
    """Too many calls or lists within each other."""
    most = in_force.depth
    return Spent(
        Text(
            "嵌套超过 {most} 层，已停止。",
            "The evaluation ended: more than {most} levels deep.",
            most=most,
        )
    )


def fits(size: int) -> None:
    """Do nothing for a size within the budget.

    Raises:
        Spent: for a greater one.
    """
    most = in_force.size
    if size > most:
        raise Spent(
            Text(
                "列表或文字超过 {most}，已停止。",
                "The evaluation ended: a list or text larger than {most}.",
                most=most,
            ),
        )


def weight(value: Any) -> int:
    """How large a value is with all that lies within: elements, and characters by the dozen.

    What a list holds twice counts twice, as whoever prints or compares it meets it twice.

    Raises:
        Spent: when it is larger or deeper than the budget allows.
    """
    return _weight(value, 0, in_force.depth)


def _weight(value: Any, before: int, levels: int) -> int:
    if type(value) is str:
        return before + 1 + len(value) // 12
    if type(value) not in _CONTAINERS:
        return before + 1
    if not levels:
        raise too_deep()
    items = value if type(value) is list else list(value.values())
    before += 1 + len(items)
    kinds = {*map(type, items)}
    if not kinds.isdisjoint(_HEAVY):
        texts = items if len(kinds) == 1 and str in kinds else [i for i in items if type(i) is str]
        before += sum(map(len, texts)) // 12
        for item in items if texts is not items else ():
            if type(item) in _CONTAINERS:
                before = _weight(item, before, levels - 1)
    fits(before)
    return before
