"""From fired rule rows to what a person is told: the finding, its words and its law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xiangyun.kernel.dmn import Decided, Fired, annotated
from xiangyun.kernel.findings import Text

SEVERITIES = ("refuse", "correct", "note")
DEMANDS = SEVERITIES[:2]
"""What an applicant has to put right, or cannot; a note is a hint and asks for nothing."""


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A rule row that fired and speaks to the applicant.

    `id` is the row's id, `severity` refuse, correct or note, `field` the form question it is about.
    `verified` False: the law was written from memory and must be checked before real use.
    """

    id: str
    severity: str
    field: str
    text: Text
    basis: str
    verified: bool = True


def findings_of(decided: Decided) -> tuple[RuleFinding, ...]:
    """The findings among the fired rows of a decision, worst first, each once."""
    found = {finding.id: finding for finding in _findings(decided)}
    return tuple(sorted(found.values(), key=lambda finding: SEVERITIES.index(finding.severity)))


@dataclass(frozen=True, slots=True)
class NotMet:
    """A row that fired and says why something does not apply; it asks for nothing.

    Such a row leaves the severity of its table empty and has words all the same. `decision` is the
    name of the decision that it belongs to, which is what does not apply.
    """

    id: str
    decision: str
    text: Text
    basis: str


def not_met(decided: Decided) -> tuple[NotMet, ...]:
    """What a decision, or one it requires, found not to apply, in the order of the trace."""
    found = {
        fired.row_id: NotMet(
            fired.row_id,
            step.name,
            annotated(fired.annotations),
            fired.annotations.get("basis", ""),
        )
        for step in decided.trace
        for fired in step.fired
        if fired.outputs.get("severity", "") is None and fired.annotations.get("text")
    }
    return tuple(found.values())


def fired_rows(decided: Decided) -> tuple[str, ...]:
    """The ids of all rows that fired, in the order of the trace."""
    return tuple(fired.row_id for step in decided.trace for fired in step.fired)


def _findings(decided: Decided) -> Iterator[RuleFinding]:
    for step in decided.trace:
        for fired in step.fired:
            if fired.outputs.get("severity") in SEVERITIES:
                yield _finding(fired, fired.annotations)


def _finding(fired: Fired, annotations: Mapping[str, str]) -> RuleFinding:
    return RuleFinding(
        id=fired.row_id,
        severity=str(fired.outputs["severity"]),
        field=str(fired.outputs.get("field") or ""),
        text=annotated(annotations),
        basis=annotations.get("basis", ""),
        verified=annotations.get("verified", "yes") == "yes",
    )
