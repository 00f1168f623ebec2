"""What came of walking an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from xiangyun.kernel.dmn import Decided
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.certificate import CertificateContent
from xiangyun.kernel.service.examples import Act, Example
from xiangyun.kernel.service.letters import Letter


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of an example; `findings` say where that differs from what was expected."""

    example: Example
    findings: tuple[Finding, ...]
    decisions: tuple[Decided, ...]
    path: tuple[str, ...]
    letters: tuple[Letter, ...]
    outcome: str
    certificate: CertificateContent | None
    variables: Mapping[str, Value]
    recorded: tuple[tuple[Verb, Mapping[str, object]], ...] = ()
    """What service tasks wrote into the journal: the verb and its public data."""
    messages: tuple[Letter, ...] = ()
    entries: tuple[Letter, ...] = ()
    """Of calendars."""
    refunds: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    """What the clocks stood still for, as examples say it."""

    @property
    def passed(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a rehearsed case stood after its opening (`act` is None), or after an act.

    `path`: what it has come by since the beginning; `here`: the elements that wait now; `letters`
    and `decisions`: all so far; `stuck`: why it cannot go on.
    """

    act: Act | None
    at: datetime
    path: tuple[str, ...]
    here: tuple[str, ...]
    letters: tuple[str, ...]
    decisions: tuple[Decided, ...]
    outcome: str
    stuck: Text | None
