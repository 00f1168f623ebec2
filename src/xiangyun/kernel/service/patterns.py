"""Lists with what comes again and again: `{repeat: 12, of: [visit, wait_a_month]}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, wrong_kind
from xiangyun.kernel.packfile.yamltext import Node, Report

MOST = 10_000
"""Items of a list when it is written out."""


def unrolled(items: Iterable[Node], report: Report) -> list[Node]:
    """The items with every repetition written out, each at the place where it stands once.

    Repetitions may stand within each other. More than `MOST` items, or a number that is none, is
    reported (`pack.E041`), and the list ends there.
    """
    found: list[Node] = []
    for node in _items(items, report):
        if len(found) == MOST:
            message = Text(
                "写开后超过 {n} 项。", "Written out, these are more than {n} items.", n=MOST
            )
            hint = Text("减少重复的次数。", "Repeat it less often.")
            report(fault("pack.E041", message, node.place, hint))
            break
        found.append(node)
    return found


def _items(items: Iterable[Node], report: Report) -> Iterator[Node]:
    for node in items:
        if node.get("repeat") is None:
            yield node
            continue
        f = Fields(node, report, "repeat")
        times, inner = _times(f), list(f.each("of"))
        f.done()
        for _ in range(times):
            yield from _items(inner, report)


def _times(f: Fields) -> int:
    node = f.take("repeat")
    value = node.value if node else None
    if isinstance(value, Decimal) and value == value.to_integral_value() and 1 <= value <= MOST:
        return int(value)
    if node is not None:
        wanted = Text("1 到 {n} 的整数", "a whole number from 1 to {n}", n=MOST)
        f.report(wrong_kind("repeat", node, wanted))
    return 0
