"""What the rules say to an applicant: before the application is sent, and afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from xiangyun.domain.cases import ports
from xiangyun.domain.cases.models import Case, Draft
from xiangyun.domain.cases.opening import competent_division
from xiangyun.domain.cases.rows import decisions_of
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import submitted
from xiangyun.kernel.pack import (
    NotMet,
    Pack,
    RuleFinding,
    advice,
    host_functions,
    not_applying,
    public_rows,
    sources,
    starting_variables,
)
from xiangyun.kernel.pack.whichcase import Sorted, sorted_by
from xiangyun.kernel.service.ruling import DEMANDS

from .one import pack_of

_NOWHERE: Mapping[str, Value] = {"code": "000000000000", "name": "", "path": []}


def advice_on(
    draft: Draft, answers: Mapping[str, Value], answered: Collection[str], at: datetime
) -> tuple[RuleFinding, ...]:
    """What the public decisions say of answers that are not sent yet, worst first.

    `answered` are the keys of the questions that were asked already; a decision that asks about
    another one is silent. Nothing is kept, and nothing is looked up in a register.
    """
    asked = _asked(draft, answers, answered, at)
    return advice(*asked) if asked else ()


def not_applying_to(
    draft: Draft, answers: Mapping[str, Value], answered: Collection[str], at: datetime
) -> tuple[NotMet, ...]:
    """What the public decisions found not to apply; arguments as of `advice_on`."""
    asked = _asked(draft, answers, answered, at)
    return not_applying(*asked) if asked else ()


def _asked(
    draft: Draft, answers: Mapping[str, Value], answered: Collection[str], at: datetime
) -> tuple[Pack, Mapping[str, Value], set[str]] | None:
    """What the public decisions are asked with: None where there are none."""
    pack = catalogue.pack(draft.version_id)
    if not pack.service.public_decisions:
        return None
    application = submitted(pack.form, answers)
    asked = set(answered) | {q.key for q in pack.form.questions if q.key not in application}
    try:
        division = competent_division(pack, application)
        place: Mapping[str, Value] = {
            "code": str(division.code),
            "name": division.name,
            "name_en": division.words.en,
            "path": [step.name for step in divisions.path(division.code)],
        }
    except (ObjectDoesNotExist, KeyError, ValueError):
        place = _NOWHERE
        asked.discard(pack.service.competent_question)
    filed_on = timezone.localdate(at)
    variables = starting_variables(
        pack,
        application,
        division=place,
        filed_on=filed_on,
        case_number="",
        filed_by="",
        registers=registers.declared(sources(pack)),
    )
    functions = host_functions(ports.counting_calendar())
    return pack, {**functions, **variables}, asked


def sorting(pack: Pack, answers: Mapping[str, Value], at: datetime) -> Sorted:
    """What a few answers already decide before anything is applied for; see `whichcase`."""
    on = timezone.localdate(at)
    variables = starting_variables(
        pack,
        answers,
        division=_NOWHERE,
        filed_on=on,
        case_number="",
        filed_by="",
        registers=registers.declared(sources(pack)),
    )
    functions = host_functions(ports.counting_calendar())
    return sorted_by(pack, {**functions, **variables}, answers, on=on)


def told(case: Case) -> tuple[list[RuleFinding], list[RuleFinding]]:
    """What the last decision of a case found, as its letter says it: demands, then hints."""
    latest = next(iter(decisions_of(case)), None)
    found = [_finding(each) for each in (latest.trace.get("findings", []) if latest else [])]
    demands = [finding for finding in found if finding.severity in DEMANDS]
    return demands, [finding for finding in found if finding.severity not in DEMANDS]


def _finding(found: Mapping[str, Any]) -> RuleFinding:
    return RuleFinding(
        id=found["id"],
        severity=found["severity"],
        field=found.get("field") or "",
        text=Text.from_json(found["text"]),
        basis=found.get("basis", ""),
        verified=found.get("verified", True),
    )


def found_by_rules(case: Case) -> list[RuleFinding]:
    """What the public decisions found last in a case, worst first, for its applicant to read."""
    pack = pack_of(case)
    latest = next(iter(decisions_of(case)), None)
    if latest is None:
        return []
    public = public_rows(pack)
    return [_finding(found) for found in latest.trace.get("findings", []) if found["id"] in public]
