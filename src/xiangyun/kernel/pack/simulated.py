"""The outside of a case, in memory: registers, codes, certificates, departments, letters.

What it makes up is deterministic, so that two rehearsals of one example are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.codes import organisation, uscc
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.service.certificate import CertificateContent, content
from xiangyun.kernel.service.letters import Letter, write_letter
from xiangyun.kernel.service.ruling import RuleFinding
from xiangyun.kernel.worktime import office_time

Result = Mapping[str, Value]


class SimulatedServices:
    """Answers the service tasks of one rehearsal and keeps what came of them."""

    def __init__(self, pack: Pack, registers: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
        self.pack = pack
        self.registers = {name: [dict(record) for record in registers[name]] for name in registers}
        self.letters: list[Letter] = []
        self.findings: tuple[RuleFinding, ...] = ()
        self.certificate: CertificateContent | None = None
        self.variables: Mapping[str, Value] = {}
        self.at: datetime
        self._answers: dict[str, Callable[[ServiceWanted], Result]] = {
            "register.lookup": self._look_up,
            "register.enter": self._enter,
            "code.assign": self._assign,
            "certificate.issue": self._issue,
            "department.notify": self._notify,
            "letter.send": self._send,
        }

    @property
    def today(self) -> date:
        """The day of the task that is answered, where the office is."""
        return office_time(self.at).date()

    def answer(self, wanted: ServiceWanted, variables: Mapping[str, Value], at: datetime) -> Result:
        """The result of a service task. Raises KeyError for a kind that the platform lacks."""
        self.variables, self.at = variables, at
        return self._answers[wanted.type](wanted)

    def _look_up(self, wanted: ServiceWanted) -> Result:
        records = self.registers.get(wanted.headers["register"], [])
        key, value = wanted.headers["key"], wanted.inputs.get("value")
        return {"records": from_json([record for record in records if record.get(key) == value])}

    def _enter(self, wanted: ServiceWanted) -> Result:
        self.registers.setdefault(wanted.headers["register"], []).append(dict(wanted.inputs))
        return {"key": wanted.inputs.get("code")}

    def _assign(self, wanted: ServiceWanted) -> Result:
        division = str(wanted.inputs["division"])[:6]
        return {"code": uscc.make("9", "1", division, organisation.make("MA0XY999"))}

    def _issue(self, wanted: ServiceWanted) -> Result:
        spec = self.pack.certificate
        if spec is None:
            raise KeyError("certificate.yaml")
        made = content(spec, self.pack.form, self.variables, self.today, self.at)
        self.certificate = made
        serial = f"{self.today:%Y%m%d}000001"
        identifier = identifiers.make(made.type_code, made.issuer_code, serial)
        return {
            "identifier": identifier,
            "code": made.holder_code,
            "issued_on": self.today,
        }

    def _notify(self, wanted: ServiceWanted) -> Result:
        reference = f"{wanted.headers['department'].upper()}-{self.today:%Y%m%d}-000001"
        return {"reference": reference, "completed_on": self.today}

    def _send(self, wanted: ServiceWanted) -> Result:
        name = wanted.headers["letter"]
        for language in (ENGLISH, CHINESE):  # both must be writable; the Chinese one is kept
            made = write_letter(
                name, self.pack.texts, self.variables, language, self.findings, self.at
            )
        self.letters.append(made)
        return {}
