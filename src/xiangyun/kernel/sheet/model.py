"""The sheet of one place for one item: None where it says nothing and the item's own word holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xiangyun.kernel.findings import Place, Text

SWITCHES = (
    "online",
    "single_sign_on",
    "pay_online",
    "by_post",
    "appointment",
    "self_service_terminal",
    "in_service_hall",
)
"""What an item offers or not, by the keys of service.yaml; a place may add, never take away."""
CONTACTS = ("address", "hours", "telephone", "window")
"""What only the place knows: free words, in both languages."""


@dataclass(frozen=True, slots=True)
class Promise:
    """So many days or hours, in a unit of `service.limits.UNITS`."""

    number: int
    unit: str
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Lighter:
    """How a material is asked for here: None where nothing changes."""

    copies: int | None
    form: str | None
    original: bool | None
    place: Place


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table that takes the place of the item's: tests by the source of their input.

    `id`: the row of the item that it narrows; `severity` or `amount`: what comes out.
    """

    id: str
    when: tuple[tuple[str, str], ...]
    severity: str
    amount: Decimal | None
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the place of those of a decision of the item."""

    decision: str
    rows: tuple[Row, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class LocalFee:
    """What it costs here: an amount in yuan, or a table in the place of the item's."""

    amount: Decimal | None
    explained: Text | None
    table: Table | None
    place: Place


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one place says of one item. `places`: where each key stands, for findings."""

    item: str
    division: str
    contacts: Mapping[str, Text]
    promised: Promise | None = None
    extension: Promise | None = None
    waived: tuple[str, ...] = ()
    lighter: Mapping[str, Lighter] = field(default_factory=dict)
    fee: LocalFee | None = None
    acceptance: tuple[Table, ...] = ()
    visits: int | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)
    online_depth: str | None = None
    area: str | None = None
    desks: tuple[str, ...] | None = None
    applicants: tuple[str, ...] | None = None
    unlimited: bool = False
    """Whether the item's quota does not hold here."""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def at(self, key: str) -> Place:
        """Where a key stands, or the file."""
        return self.places.get(key) or Place(FILE)


FILE = "sheet.yaml"
