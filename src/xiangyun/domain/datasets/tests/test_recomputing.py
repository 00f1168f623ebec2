"""The risk class of every object, decided anew by one statement and recorded where it changed."""

from __future__ import annotations

from datetime import date

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.datasets import recomputing
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.registers import actions, exporting, proofs, queries
from xiangyun.kernel.findings import Conflict
from xiangyun.kernel.pack import Pack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
OBJECT, RESULT, PENALTY = "inspected_object", "inspection_result", "penalty_decision"
BEFORE, DAY = date(2026, 3, 9), date(2026, 4, 9)
HUNCHUN = "222404000000"
# Fictitious.
FIRST, SECOND = "91222404MA0XY0029L", "91220101MA0XYBNK16"


def enter(register: str, key: str, since: date = BEFORE, **data: object) -> None:
    with acting_as(SYSTEM):
        actions.record(
            register,
            key,
            data,
            valid_from=since,
            holder=None,
            division=int(HUNCHUN),
            source="test",
            at=MORNING,
        )


def company(code: str, **data: object) -> None:
    usual = {"code": code, "name": "样祥仓储", "kind": "company", "division": HUNCHUN}
    enter(OBJECT, code, **{**usual, "risk": "B", "complaints": 0, "state": "open", **data})


def inspected(number: int, code: str, result: str, on: date) -> None:
    data = {"number": f"JC-{number}", "object": code, "object_name": "样祥", "division": HUNCHUN}
    enter(RESULT, f"JC-{number}", **data, result=result, **{"on": on.isoformat()})


def pack() -> Pack:
    with acting_as(SYSTEM):
        return next(p for p in catalogue.current_packs() if p.code == "enforcement/inspection")


def class_of(code: str, day: date = DAY) -> tuple[object, object]:
    with acting_as(SYSTEM):
        found = queries.state(OBJECT, code, as_of=day)
    assert found is not None
    assert found.data is not None
    return found.data["risk"], found.data.get("problems")


def test_classes_follow_results_penalties_and_complaints_and_the_rest_stays() -> None:
    company(FIRST)
    company(SECOND, risk="A", problems=0)
    inspected(1, FIRST, "pending", date(2026, 2, 1))
    inspected(2, FIRST, "corrected", date(2025, 2, 1))
    inspected(3, FIRST, "none", date(2026, 3, 1))
    inspected(4, FIRST, "pending", date(2020, 3, 1))  # longer ago than the two years that count
    assert recomputing.recompute(pack(), DAY, at=MORNING) == 1
    assert class_of(FIRST) == ("C", 2)
    assert class_of(FIRST, BEFORE) == ("B", None)
    assert class_of(SECOND) == ("A", 0)
    assert recomputing.recompute(pack(), DAY, at=MORNING) == 0


def test_what_was_decided_anew_is_found_by_its_class_and_proved_by_the_journal() -> None:
    company(FIRST)
    company(SECOND)
    enter(
        PENALTY,
        "一号",
        number="一号",
        object=FIRST,
        object_name="样祥",
        division=HUNCHUN,
        **{"class": "serious"},
    )
    assert recomputing.recompute(pack(), DAY, at=MORNING, at_once=1) == 2
    assert (class_of(FIRST)[0], class_of(SECOND)[0]) == ("D", "A")
    with acting_as(SYSTEM):
        found = queries.search(OBJECT, filters={"risk": "D"}).states
        assert [each.key for each in found] == [FIRST]
        verbs = list(Entry.objects.filter(subject=f"register/{OBJECT}").values_list("verb", "data"))
    told = next(data for verb, data in verbs if verb == "register.recomputed")
    assert (told["pack"], told["changed"]) == ("enforcement/inspection", 2)
    assert [verb for verb, _ in verbs].count("batch.loaded") == 2
    with acting_as(SYSTEM):
        proof = exporting.proof_of(OBJECT, FIRST)
    assert proofs.holds(proof)


def test_a_period_is_decided_once_and_the_next_one_again() -> None:
    company(FIRST)
    ran = dict(recomputing.recompute_what_is_due(DAY, at=MORNING))
    assert ran["enforcement/inspection"] == 1
    again = dict(recomputing.recompute_what_is_due(date(2026, 4, 30), at=MORNING))
    assert "enforcement/inspection" not in again
    later = dict(recomputing.recompute_what_is_due(date(2026, 5, 1), at=MORNING))
    assert later["enforcement/inspection"] == 0


def test_a_pack_that_declares_nothing_to_decide_anew_says_so() -> None:
    with acting_as(SYSTEM):
        other = next(p for p in catalogue.current_packs() if p.code == "enforcement/penalty")
    with pytest.raises(Conflict):
        recomputing.recompute(other, DAY, at=MORNING)
