"""Other systems in a rehearsal: each answers as the examples of its connector say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xiangyun.kernel.connector.mapping import doubled, result_of, write
from xiangyun.kernel.connector.model import Connector, Sent
from xiangyun.kernel.connector.requirement import Requirement, givers
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, NotFound, Place, Text
from xiangyun.kernel.packfile.faults import unknown


class Doubles:
    """The test doubles of some connectors, and who gives evidence; a
    `service.surroundings.Connectors`."""

    def __init__(
        self, connectors: Mapping[str, Connector], requirements: Mapping[str, Requirement]
    ) -> None:
        self._connectors, self._requirements = connectors, requirements

    def ask(
        self, connector: str, message: str, inputs: Mapping[str, Value], *, key: str, today: date
    ) -> Value:
        """The answer by the examples. Raises `Refused` where message or answer do not fit, and
        `NotFound` for a connector or a message that nobody declares."""
        found = self._connectors.get(connector)
        if found is None:
            raise NotFound([no_connector(connector, self._connectors)])
        sent = found.sends.get(message)
        if sent is None:
            raise NotFound([no_message(message, found.sends)])
        body = write(sent, inputs, today).body
        answer = doubled(found, sent, body, key=key, today=today)
        return result_of(sent, body, answer, key=key, today=today)

    def givers(self, requirement: str, division: str, *, today: date) -> Mapping[str, Value]:
        """Who gives evidence about a place. Raises `NotFound` where nobody declares the
        requirement."""
        found = self._requirements.get(requirement)
        if found is None:
            raise NotFound([no_requirement(requirement, self._requirements, None)])
        return givers(found, self._connectors, division, today)


def no_requirement(code: str, known: Mapping[str, Requirement], place: Place | None) -> Finding:
    """A requirement that nobody declares."""
    return unknown("pack.E565", Text("要求", "requirement"), code, known, place)


def no_connector(code: str, known: Mapping[str, Connector]) -> Finding:
    """A connector that nobody declares."""
    return unknown("pack.E110", Text("连接器", "connector"), code, known, None)


def no_message(name: str, known: Mapping[str, Sent]) -> Finding:
    """A message that the connector does not send."""
    return unknown("pack.E111", Text("发出的报文", "message that is sent"), name, known, None)
