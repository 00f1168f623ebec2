"""Other systems in a rehearsal: each answers as the examples of its connector say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xiangyun.kernel.connector.mapping import doubled, result_of, write
from xiangyun.kernel.connector.model import Connector, Sent
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, NotFound, Text
from xiangyun.kernel.packfile.faults import unknown


class Doubles:
    """The test doubles of some connectors; a `service.surroundings.Connectors`."""

    def __init__(self, connectors: Mapping[str, Connector]) -> None:
        self._connectors = connectors

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


def no_connector(code: str, known: Mapping[str, Connector]) -> Finding:
    """A connector that nobody declares."""
    return unknown("pack.E110", Text("连接器", "connector"), code, known, None)


def no_message(name: str, known: Mapping[str, Sent]) -> Finding:
    """A message that the connector does not send."""
    return unknown("pack.E111", Text("发出的报文", "message that is sent"), name, known, None)
