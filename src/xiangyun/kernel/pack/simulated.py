"""The service tasks of a case in memory: each answers as its type says a rehearsal does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack.booked import Books
from xiangyun.kernel.pack.doubles import Doubles
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.paid import Payers
from xiangyun.kernel.service.examples import Act, Answers
from xiangyun.kernel.service.surroundings import Registers, Surroundings
from xiangyun.kernel.service.tasks import service_types

Result = Mapping[str, Value]


class SimulatedServices(Surroundings):
    """Answers the service tasks of one case and keeps what came of them.

    `acts`: those of an example that say what payers do.
    """

    def __init__(
        self,
        pack: Pack,
        registers: Registers,
        *,
        always_free: bool = False,
        acts: Iterable[Act] = (),
        certificates: Iterable[Answers] = (),
    ) -> None:
        books = Books(pack.resources, always_free=always_free)
        self.payers = Payers(acts, always_free=always_free)
        super().__init__(
            pack,
            registers,
            Doubles(pack.connectors, pack.requirements),
            books,
            self.payers,
            certificates,
        )

    def answer(self, wanted: ServiceWanted, variables: Mapping[str, Value], at: datetime) -> Result:
        """The result of a service task. Raises KeyError for a type that the platform lacks."""
        self.variables, self.at = variables, at
        return service_types()[wanted.type].rehearse(self, wanted)

    def waits(self, wanted: ServiceWanted, variables: Mapping[str, Value], at: datetime) -> bool:
        """Whether somebody outside has to do something before it is answered. Raises KeyError."""
        self.variables, self.at = variables, at
        asks = service_types()[wanted.type].waits
        return asks is not None and asks(self, wanted)
