"""What a service task finds around a case that is only rehearsed, and what it leaves there.

Registers, letters, messages, certificate and the journal are values in memory. What is made up is
deterministic, so that two rehearsals of one example are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from xiangyun.kernel.feel import Value, from_json, to_json
from xiangyun.kernel.findings import Finding, NotFound, Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.payment import FeeItem
from xiangyun.kernel.service.bookables import Asking, Resources
from xiangyun.kernel.service.certificate import CertificateContent, CertificateSpec
from xiangyun.kernel.service.letters import Letter, Texts
from xiangyun.kernel.service.numbers import NumberRule
from xiangyun.kernel.service.payables import Payments
from xiangyun.kernel.service.ruling import RuleFinding
from xiangyun.kernel.worktime import office_time

Record = Mapping[str, Any]
KEY = "key"
"""The field of a record that names it within its register."""
MOST_RECORDS = 1_000
"""How many records a look-up brings at most; where there are more it is refused."""


class Registers(Protocol):
    """Registers as service tasks use them: FEEL values go in and come out."""

    def look_up(self, register: str, field: str, value: Value) -> Sequence[Mapping[str, Value]]:
        """The records whose field is exactly this, by their keys."""

    def record(self, register: str, key: str, data: Mapping[str, Value]) -> str:
        """Keep a record under its key, or under this one where the register names none.

        Answers with the key. One with the same key is as given from now on. Raises `Refused` for
        data that do not fit the register.
        """

    def correct(self, register: str, key: str, changes: Mapping[str, Value]) -> None:
        """Put right what is wrong in a record. Raises `Refused` where it does not fit."""

    def rectify(
        self, register: str, key: str, field: str, text: str, *, objected: str, service: str
    ) -> None:
        """Put right, for a service, one value that said something else when it was objected to.

        Raises `Refused` where it does not fit, and where a real case would not be let.
        """

    def end(self, register: str, key: str) -> None:
        """A record is in force no more. Raises `Refused` where there is none."""


class Connectors(Protocol):
    """Other systems as service tasks use them in a rehearsal: their test doubles."""

    def ask(
        self, connector: str, message: str, inputs: Mapping[str, Value], *, key: str, today: date
    ) -> Value:
        """The answer to a message that is made of the inputs. Raises `Refused`."""

    def givers(self, requirement: str, division: str, *, today: date) -> Mapping[str, Value]:
        """Who gives evidence that meets a requirement about a place. Raises `Refused`."""


class InMemoryRegisters:
    """Registers of an example: what it says they hold, and what its case records.

    `held`: the data of each record by register and key, as JSON has them.
    """

    def __init__(self, registers: Mapping[str, Sequence[Record]]) -> None:
        self.held: dict[str, dict[str, Record]] = {}
        for register, records in registers.items():
            for number, record in enumerate(records, 1):
                named = record.get(KEY) or record.get("code") or f"{number:06}"
                kept = {name: value for name, value in record.items() if name != KEY}
                self.held.setdefault(register, {})[str(named)] = kept

    def look_up(self, register: str, field: str, value: Value) -> Sequence[Mapping[str, Value]]:
        wanted = _written(value)
        return [
            {**self.seen(register, record), KEY: key}
            for key, record in sorted(self.held.get(register, {}).items())
            if wanted is not None and _is(key if field == KEY else record.get(field), wanted)
        ]

    def seen(self, register: str, record: Record) -> Mapping[str, Value]:
        """A record as a process sees it."""
        return {name: from_json(value) for name, value in record.items()}

    def record(self, register: str, key: str, data: Mapping[str, Value]) -> str:
        kept = {name: to_json(value) for name, value in data.items()}
        self.held.setdefault(register, {})[key] = kept
        return key

    def correct(self, register: str, key: str, changes: Mapping[str, Value]) -> None:
        changed = {**self._of(register, key)}
        changed |= {name: to_json(value) for name, value in changes.items()}
        kept = {name: value for name, value in changed.items() if value is not None}
        self.held[register][key] = kept

    def rectify(
        self, register: str, key: str, field: str, text: str, *, objected: str, service: str
    ) -> None:
        self.correct(register, key, {field: text or None})

    def end(self, register: str, key: str) -> None:
        self._of(register, key)
        del self.held[register][key]

    def _of(self, register: str, key: str) -> Record:
        found = self.held.get(register, {}).get(key)
        if found is None:
            raise NotFound([no_record(register, key)])
        return found


def no_record(register: str, key: str) -> Finding:
    """The finding for a record that is not there."""
    return Finding(
        "record.E030",
        "error",
        Text(
            "库 {register} 里没有键为“{key}”的记录。",
            "The register {register} has no record “{key}”.",
            register=register,
            key=key,
        ),
        hint=Text("请先查询，再更正或终止。", "Look it up first, then correct or end it."),
    )


STANDING = ("valid", "suspended")
"""The states of a certificate that has not ended."""


def held_certificate(said: Record) -> dict[str, Value]:
    """A certificate that an example says the applicant holds; in force unless it says else."""
    whole = {"holder": "", "holder_code": "", "status": "valid", "valid_until": None, **said}
    read = {name: from_json(value) for name, value in whole.items()}
    for name in ("issued_on", "valid_until"):
        written = whole.get(name)
        read[name] = date.fromisoformat(str(written)) if written else None
    return {"fields": {}, **read, "stands": whole["status"] == "valid"}


def no_certificate(identifier: str) -> Finding:
    """The finding for a certificate that is none, or another's."""
    return Finding(
        "pack.E570",
        "error",
        Text(
            "申请人没有标识为 {identifier} 的证照。",
            "The applicant holds no certificate {identifier}.",
            identifier=identifier,
        ),
        hint=Text("请先用 certificate.look_up 查出。", "Find it by certificate.look_up first."),
    )


def _is(held: Any, wanted: tuple[bool, Any]) -> bool:
    """Whether a value is the one wanted, or a list holds it."""
    if isinstance(held, list):
        return any(_written(item) == wanted for item in held)
    return _written(held) == wanted


def _written(value: Any) -> tuple[bool, Any] | None:
    """A value that is equal to what a database takes for equal: 1 is 1.0, but not true."""
    return None if value is None else (isinstance(value, bool), to_json(from_json(value)))


class Numbered(Protocol):
    """What service tasks use of service.yaml."""

    def fee_item(self, code: str) -> FeeItem | None: ...
    def number(self, name: str) -> NumberRule | None: ...


class ServiceFiles(Protocol):
    """What service tasks use of the files of a service."""

    @property
    def code(self) -> str: ...
    @property
    def form(self) -> Form: ...
    @property
    def service(self) -> Numbered: ...
    @property
    def texts(self) -> Texts: ...
    @property
    def certificate(self) -> CertificateSpec | None: ...


class Surroundings:
    """The outside of one case in memory. `variables`, `at` and `findings` are those of now.

    `recorded`: the journal's entries by service tasks, the verb and its public data, in order.
    """

    def __init__(
        self,
        files: ServiceFiles,
        registers: Registers,
        connectors: Connectors,
        resources: Resources,
        payments: Payments,
        certificates: Iterable[Record] = (),
    ) -> None:
        self.files = files
        self.registers = registers
        self.connectors = connectors
        self.resources = resources
        self.payments = payments
        self.letters: list[Letter] = []
        self.messages: list[Letter] = []
        self.entries: list[Letter] = []
        self.findings: tuple[RuleFinding, ...] = ()
        self.certificate: CertificateContent | None = None
        self.held: list[dict[str, Value]] = [held_certificate(each) for each in certificates]
        self.variables: Mapping[str, Value] = {}
        self.at: datetime
        self.recorded: list[tuple[Verb, Mapping[str, Any]]] = []
        self._drawn = 0
        self._numbered: dict[str, int] = {}

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

    def numbered(self, name: str) -> str:
        """The next number of a declared kind: 1, 2, 3 … in its form."""
        rule = self.files.service.number(name)
        if rule is None:
            raise KeyError(name)
        self._numbered[name] = serial = self._numbered.get(name, 0) + 1
        division = self.variables["division"]
        assert isinstance(division, dict)
        return rule.written(serial, self.variables, division, self.today)

    @property
    def asking(self) -> Asking:
        """For what this case books."""
        applicant = self.variables.get("applicant")
        known: Mapping[str, Value] = applicant if isinstance(applicant, dict) else {}
        person = known.get("kind") in (None, "person")
        return Asking(
            self.files.code,
            "person" if person else "organisation",
            self.variables.get("application"),
            lambda register: self.registers.look_up(register, "code", known.get("id_number")),
        )

    def end_certificate(self, identifier: str, status: str) -> bool:
        """A certificate of the applicant ends; False where it had ended before.

        Raises NotFound `pack.E570` where the applicant holds none with that identifier.
        """
        found = next((each for each in self.held if each["identifier"] == identifier), None)
        if found is None:
            raise NotFound([no_certificate(identifier)])
        stood = found["status"] in STANDING
        if stood:
            found.update(status=status, stands=False)
        return stood

    def next_number(self) -> int:
        """1, 2, 3 …: what tells made-up codes of one case apart."""
        self._drawn += 1
        return self._drawn
