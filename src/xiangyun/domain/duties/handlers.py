"""The service task that opens a case of another service."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.domain.cases import openings
from xiangyun.domain.cases.handlers import CaseStep, service
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.service.openings import CASE
from xiangyun.kernel.service.tasks import case_open


@service(case_open.TYPE.name)
def open_another(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Open the case, in the same transaction; done again, the task finds the one that it opened."""
    code = wanted.headers["service"]
    begun = openings.Begun(
        CASE,
        f"{step.case.pk}:{wanted.id}",
        _subject(step, wanted),
        case_open.answers_in(wanted.inputs),
        place=step.case.division,
        by=step.actor.name,
        source=step.case.number,
    )
    case, _ = openings.open_case(code, begun, at=step.at)
    step.record_platform(case_open.OPENED.id, {"service": code}, {"case": case.number})
    return {"number": case.number}


def _subject(step: CaseStep, wanted: ServiceWanted) -> openings.Subject:
    kind, code, name = (str(wanted.inputs.get(each) or "") for each in case_open.SUBJECT)
    if not code:
        return openings.Subject(step.case.owner)
    return openings.Subject(None, kind or "person", code, name or code)
