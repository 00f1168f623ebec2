"""The service tasks of a case in memory: each answers as its type says a rehearsal does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack.doubles import Doubles
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.service.surroundings import Registers, Surroundings
from xiangyun.kernel.service.tasks import service_types

Result = Mapping[str, Value]


class SimulatedServices(Surroundings):
    """Answers the service tasks of one case and keeps what came of them."""

    def __init__(self, pack: Pack, registers: Registers) -> None:
        super().__init__(pack, registers, Doubles(pack.connectors))

    def answer(self, wanted: ServiceWanted, variables: Mapping[str, Value], at: datetime) -> Result:
        """The result of a service task. Raises KeyError for a type that the platform lacks."""
        self.variables, self.at = variables, at
        return service_types()[wanted.type].rehearse(self, wanted)
