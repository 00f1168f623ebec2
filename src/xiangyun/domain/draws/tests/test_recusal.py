"""Whoever is inspected asks for a recusal; the head decides, and another inspector is drawn."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases.models import Case, Letter
from xiangyun.domain.cases.tests.situations import MORNING, act, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.draws import queries
from xiangyun.kernel.findings import NotFound
from xiangyun.kernel.formspec import from_json

from .test_enforcement import CODES, HUNCHUN, _register, codes_of, login_of, opened, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(_register.__name__)]


def asked(lot: str, inspector: str) -> Case:
    """The company asks for it, on its own account."""
    company = actor("cangchu")
    sheet = {"object": CODES[0], "object_name": "样祥仓储", "division": str(HUNCHUN)}
    sheet |= {"draw": lot} if lot else {}
    sheet |= {"inspector": inspector, "ground": "kin", "reason": "他是股东的弟弟（虚构）。"}
    with acting_as(company):
        draft = drafts.start_draft("enforcement/recusal", actor=company, at=MORNING)
        read = from_json(catalogue.pack(draft.version_id).form, sheet)
        given = {key: value for key, value in read.answers.items() if key in sheet}
        drafts.keep_answers(draft.id, given, actor=company, at=MORNING)
        return actions.submit_case(draft.id, actor=company, at=MORNING)


def test_a_recusal_that_is_granted_draws_another_one_and_the_inspection_follows() -> None:
    inspection, visit = opened()
    leader = codes_of(visit)[0]
    case = act("pizhun", asked("", leader), "grant_recusal")  # without notice no number is known
    with acting_as(SYSTEM):
        visit.refresh_from_db()
        letter = Letter.objects.get(case=case.pk)
    (drawn,) = set(queries.codes_of(visit)) - {"JLFI0"} - {leader} - said_before(inspection, leader)
    assert leader not in queries.codes_of(visit)
    assert said(inspection)["leader"] == login_of(queries.codes_of(visit)[0])
    assert (case.outcome, letter.kind) == ("inspector_replaced", "granted")
    assert f"执法证号 {drawn}" in letter.body["zh"]


def said_before(inspection: Case, struck: str) -> set[str]:
    """Who was to go there before somebody was struck."""
    team = inspection.variables["application"]["team"]
    return {each["code"] for each in team} - {struck}


def test_a_recusal_that_is_refused_changes_nobody() -> None:
    _, visit = opened()
    lot, going = visit.draw.number, codes_of(visit)
    case = act("pizhun", asked(lot, going[0]), "refuse_recusal", note="以前检查过，不是理由。")
    with acting_as(SYSTEM):
        visit.refresh_from_db()
        body = Letter.objects.get(case=case.pk).body
    assert codes_of(visit) == going
    assert "不是理由" in body["zh"]


def test_of_whoever_does_not_go_there_nothing_is_granted() -> None:
    _, visit = opened()
    (free,) = {"JLMA0", "JLMA1", "JLMA2"} - set(codes_of(visit))
    with pytest.raises(NotFound) as refused:
        act("pizhun", asked(visit.draw.number, free), "grant_recusal")
    assert [each.id for each in refused.value.findings] == ["draw.E006"]
