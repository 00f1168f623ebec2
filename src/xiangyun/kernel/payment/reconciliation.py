"""A day's books compared: ours with those of the provider. Every line is agreed or named.

Lines of one kind and number are one matter. In it the same transactions belong together first, then
what is left of both sides, in order of the amount: so a payment with another transaction number is
one difference and not two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from xiangyun.kernel.findings import Text

from .statement import Line

What = Literal["missing here", "missing there", "amount", "transaction", "twice there"]
WHATS: tuple[What, ...] = get_args(What)
WORDS: dict[str, Text] = {
    "missing here": Text("对方有，我方没有", "the provider has it, we do not"),
    "missing there": Text("我方有，对方没有", "we have it, the provider does not"),
    "amount": Text("金额不同", "the amounts differ"),
    "transaction": Text("流水号不同", "the transactions differ"),
    "twice there": Text("对方记了两次", "the provider has it twice"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; `ours` and `theirs` are the lines that do not agree, None for none."""

    what: What
    ours: Line | None
    theirs: Line | None

    @property
    def line(self) -> Line:
        """The line that it is about, ours first."""
        found = self.ours or self.theirs
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it: how many lines agree, and each difference in the order of the numbers."""

    agreed: int
    differences: tuple[Difference, ...]
    paid_here: Decimal
    paid_there: Decimal
    refunded_here: Decimal
    refunded_there: Decimal


def compare(ours: Iterable[Line], theirs: Iterable[Line]) -> Compared:
    """Compare two books of one day. Every line of either stands in exactly one place."""
    matters: dict[tuple[str, str], tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    both = list(ours), list(theirs)
    for side, lines in enumerate(both):
        for line in lines:
            matters[line.kind, line.number][side].append(line)
    found = [each for key in sorted(matters) for each in _matter(*matters[key])]
    differences = tuple(each for each in found if each is not None)
    here, there = (
        {kind: sum((each.amount for each in lines if each.kind == kind), Decimal("0.00"))
         for kind in ("payment", "refund")}
        for lines in both
    )  # fmt: skip
    return Compared(
        len(found) - len(differences),
        differences,
        here["payment"],
        there["payment"],
        here["refund"],
        there["refund"],
    )


def _matter(ours: list[Line], theirs: list[Line]) -> Iterator[Difference | None]:
    """The lines of one order or refund; None for each pair that agrees."""
    left, paired = list(theirs), set[str]()
    alone = []
    for one in ours:
        same = [each for each in left if each.transaction == one.transaction]
        if not same:
            alone.append(one)
            continue
        other = next((each for each in same if each.amount == one.amount), same[0])
        left.remove(other)
        paired.add(other.transaction)
        yield None if other.amount == one.amount else Difference("amount", one, other)
    rest = []
    for other in left:
        if other.transaction in paired:
            yield Difference("twice there", None, other)
        else:
            rest.append(other)
    alone.sort(key=lambda each: each.amount)
    rest.sort(key=lambda each: each.amount)
    for one, other in zip(alone, rest, strict=False):
        what: What = "transaction" if one.amount == other.amount else "amount"
        yield Difference(what, one, other)
    for one in alone[len(rest) :]:
        yield Difference("missing there", one, None)
    for other in rest[len(alone) :]:
        yield Difference("missing here", None, other)
