"""The reasons of pairs that are known to fit, such as the statement found: words only.

Whether a pair fits is not decided again. What a row says depends on the values that its words name,
of which there are few: each is composed once. Most rows name values of one side, so that what they
say is put together once for a record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter

from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.matching.judging import Inputs, Judged, Reason, met_by
from xiangyun.kernel.matching.model import Matching
from xiangyun.kernel.matching.quick import Record

_PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)\}")
_MOST_KEPT = 10_000
_Of = Callable[[Record], object]


class _Fits(Judged):
    """A pair that fits, its reasons there already."""

    __slots__ = ("_said",)

    def __init__(self, matching: Matching, said: tuple[Reason, ...], inputs: Inputs) -> None:
        super().__init__(matching, (1 << len(said)) - 1, inputs)
        self._said = said

    @property
    def met(self) -> tuple[Reason, ...]:
        return self._said


class Fitting:
    """Reasons of fitting pairs of one matching; made once, asked for every pair."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        sides = (matching.offers.name, matching.demands.name)
        self._rows: list[tuple[_Of, _Of, dict[tuple[object, object], Reason]]] = []
        self._by_demand = False
        for rule in matching.table.rules:
            words = (rule.annotations.get(key, "") for key in ("text", "text_en"))
            named = {pair for text in words for pair in _PLACEHOLDER.findall(text)}
            offer, demand = (
                sorted(field for side, field in named if side == name) for name in sides
            )
            self._by_demand = self._by_demand or bool(demand)
            self._rows.append((_values_of(offer), _values_of(demand), {}))
        self._offers: dict[int, tuple[Record, Judged]] = {}

    def judged(self, offer: Record, demand: Record) -> Judged:
        """The pair with every row met, as `judge` answers for a pair that fits.

        A record holds every field that the decision reads, null where it has no value.
        """
        if self._by_demand:
            return self._judged(offer, demand)
        kept = self._offers.get(id(offer))
        if kept is None or kept[0] is not offer:  # held, so that no other has its id
            kept = (offer, self._judged(offer, demand))
            if len(self._offers) < _MOST_KEPT:
                self._offers[id(offer)] = kept
        return kept[1]

    def _judged(self, offer: Record, demand: Record) -> Judged:
        reasons = tuple(
            kept.get((of_offer(offer), of_demand(demand))) or self._composed(at, offer, demand)
            for at, (of_offer, of_demand, kept) in enumerate(self._rows)
        )
        return _Fits(self._matching, reasons, {})

    def _composed(self, at: int, offer: Record, demand: Record) -> Reason:
        of_offer, of_demand, kept = self._rows[at]
        matching = self._matching
        inputs: Mapping[str, Value] = {
            matching.offers.name: dict(offer),
            matching.demands.name: dict(demand),
        }
        found = met_by(matching, at + 1, inputs)
        if len(kept) < _MOST_KEPT:
            kept[of_offer(offer), of_demand(demand)] = found
        return found


def _values_of(names: list[str]) -> _Of:
    return itemgetter(*names) if names else lambda record: None
