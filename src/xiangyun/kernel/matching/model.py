"""A matching's declaration as values: `matchings/<code>.yaml` and `.dmn` of a pack, read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, TypeVar

from xiangyun.kernel.dmn.items import plain
from xiangyun.kernel.dmn.model import Decision, InputData, Model, TableBox
from xiangyun.kernel.feel.types import ContextOf, Type
from xiangyun.kernel.findings import Place, Text

Made = TypeVar("Made")
SideName = Literal["offers", "demands"]
SIDES: Final[tuple[SideName, ...]] = ("offers", "demands")
Order = Literal["ascending", "descending"]
ORDERS: Final[tuple[Order, ...]] = ("ascending", "descending")


@dataclass(frozen=True, slots=True)
class Ranking:
    """A decision of the same model by whose value partners are ordered; null comes last."""

    by: str
    order: Order
    place: Place


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a matching.

    - `register`: the code of the register that holds its records;
    - `name`: how the decision calls a record (`as` in the file);
    - `key`: the field that names a record;
    - `ranking`: how this side orders its partners, the first that tells them apart decides; then
      the partner's key. There are no weights.
    """

    register: str
    name: str
    key: str
    ranking: tuple[Ranking, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class MatchingExample:
    """Two records and the ids of the rows that are not met; none where they fit."""

    offer: Mapping[str, Any]
    demand: Mapping[str, Any]
    unmet: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Followed:
    """The register that keeps what becomes of an offer and a demand that met.

    - `offer`, `demand`: its fields with their keys;
    - `invites`: whether either side may invite the other: then `values` are written, `day` is the
      field of the day, and `of_offer` are fields taken over from the offer;
    - `offers`, `demands`: the fields that each side fills in afterwards;
    - `books`: a resource (`pack:id`) that the two may book, such as a visit, and `at`, the field
      that then has its moment; both empty where there is nothing to book.
    """

    register: str
    offer: str
    demand: str
    invites: bool
    values: Mapping[str, str]
    day: str
    of_offer: tuple[str, ...]
    offers: tuple[str, ...]
    demands: tuple[str, ...]
    books: str
    at: str
    place: Place


@dataclass(frozen=True, slots=True)
class Secret:
    """Records of `register` that belong to a record of the side by `field`: the other side sees
    them under a grant alone, and no others. `agreed` is what is then written of the two."""

    register: str
    side: SideName
    field: str
    agreed: Mapping[str, str]
    place: Place


@dataclass(frozen=True, eq=False)
class Matching:
    """A matching: whose records fit whose, and why.

    `decision`: a decision table of `model` that collects and counts; each row is a requirement.
    `followed`: where what becomes of a pair is kept; `secret`: what is shown under a grant.
    """

    code: str
    name: Text
    offers: Side
    demands: Side
    decision: str
    model: Model
    examples: tuple[MatchingExample, ...]
    place: Place
    followed: Followed | None = None
    secret: Secret | None = None
    _made: dict[str, Any] = field(default_factory=dict, repr=False)

    def made(self, name: str, make: Callable[[Matching], Made]) -> Made:
        """What is made of the declaration once, such as its rows compiled, by a name."""
        if name not in self._made:
            self._made[name] = make(self)
        found: Made = self._made[name]
        return found

    @cached_property
    def table(self) -> TableBox:
        """The requirements."""
        found = self.model.by_name[self.decision]
        if not isinstance(found, Decision) or not isinstance(found.box, TableBox):
            raise TypeError(f"{self.decision} is no decision table")
        return found.box

    def side(self, name: SideName) -> Side:
        """One side by its name."""
        return self.offers if name == "offers" else self.demands

    def fields(self, side: Side) -> Mapping[str, Type]:
        """What the decision reads of a record of this side, by its type."""
        found = self.model.by_name.get(side.name)
        declared = plain(found.type) if isinstance(found, InputData) else None
        return declared.entries if isinstance(declared, ContextOf) else {}
