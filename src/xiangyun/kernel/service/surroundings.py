"""What a service task finds around a case that is only rehearsed, and what it leaves there.

Registers, letters, the certificate and the journal are values in memory. What is made up is
deterministic, so that two rehearsals of one example are equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from xiangyun.kernel.feel import Value, from_json, to_json
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.certificate import CertificateContent, CertificateSpec
from xiangyun.kernel.service.letters import Letter, Texts
from xiangyun.kernel.service.ruling import RuleFinding
from xiangyun.kernel.worktime import office_time

Record = Mapping[str, Any]
KEY = "key"
"""The field of a record that names it within its register."""
MOST_RECORDS = 50
"""How many records one look-up brings at most."""


class Registers(Protocol):
    """Registers as service tasks use them; values are as JSON has them."""

    def look_up(self, register: str, field: str, value: Any) -> Sequence[Record]:
        """At most `MOST_RECORDS` records whose field is exactly this, by their keys."""

    def enter(self, register: str, key: str, record: Record) -> None:
        """Enter a record; one with the same key is replaced."""


class InMemoryRegisters:
    """Registers of an example: what it says they hold, and what its case enters."""

    def __init__(self, registers: Mapping[str, Sequence[Record]]) -> None:
        self.held: dict[str, dict[str, Record]] = {}
        for register, records in registers.items():
            for number, record in enumerate(records, 1):
                named = record.get(KEY) or record.get("code") or f"{number:06}"
                self.enter(register, str(named), record)

    def look_up(self, register: str, field: str, value: Any) -> Sequence[Record]:
        wanted = _written(value)
        found = (
            {**record, KEY: key}
            for key, record in sorted(self.held.get(register, {}).items())
            if wanted is not None and _written(key if field == KEY else record.get(field)) == wanted
        )
        return list(found)[:MOST_RECORDS]

    def enter(self, register: str, key: str, record: Record) -> None:
        self.held.setdefault(register, {})[key] = dict(record)


def _written(value: Any) -> tuple[bool, Any] | None:
    """A value that is equal to what a database takes for equal: 1 is 1.0, but not true."""
    return None if value is None else (isinstance(value, bool), to_json(from_json(value)))


class ServiceFiles(Protocol):
    """What service tasks use of the files of a service."""

    @property
    def form(self) -> Form: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def certificate(self) -> CertificateSpec | None: ...


class Surroundings:
    """The outside of one case in memory. `variables`, `at` and `findings` are those of now.

    `recorded`: the journal's entries by service tasks, the verb and its public data, in order.
    """

    def __init__(self, files: ServiceFiles, registers: Registers) -> None:
        self.files = files
        self.registers = registers
        self.letters: list[Letter] = []
        self.findings: tuple[RuleFinding, ...] = ()
        self.certificate: CertificateContent | None = None
        self.variables: Mapping[str, Value] = {}
        self.at: datetime
        self.recorded: list[tuple[Verb, Mapping[str, Any]]] = []
        self._drawn = 0

    @property
    def today(self) -> date:
        """The day of the task that is done, where the office is."""
        return office_time(self.at).date()

    @property
    def case_number(self) -> str:
        return str(self.variables["case_number"])

    def record(self, verb: Verb, **data: object) -> None:
        """What the real task would write into the journal."""
        self.recorded.append((verb, data))

    def next_number(self) -> int:
        """1, 2, 3 …: what tells made-up codes of one case apart."""
        self._drawn += 1
        return self._drawn
