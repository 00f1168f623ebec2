"""A work item says in a column what it is, also one that the code of before an upgrade opened."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import extension, store
from xiangyun.domain.cases.models import Case, Kind, WorkItem
from xiangyun.domain.cases.prepared import Prepared

from .situations import actor, submitted
from .test_extension import answer, ask
from .test_time import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

BEFORE = Prepared(
    "xiangyun_step_before_kinds",
    "SELECT xiangyun_case_step_3(which, seen, told[1], told[2], told[3], a, b, c, d, e, f)::text"
    " FROM (VALUES (%s::uuid, %s::int, %s::text[], %s::text, %s::jsonb, %s::json, %s::json,"
    " %s::json, %s::jsonb)) AS given (which, seen, told, a, b, c, d, e, f)",
)


def kinds(case: Case) -> dict[str, str]:
    """The kinds of the work that is open, by element."""
    with acting_as(SYSTEM):
        return dict(
            WorkItem.objects.filter(case=case, closed_at=None).values_list("element", "kind")
        )


def test_a_task_and_a_request_beside_it_are_told_apart_by_their_kind() -> None:
    case = submitted(actor("wang"))
    ask("shencha", case, "review")
    assert kinds(case) == {"review": Kind.TASK, extension.ELEMENT: Kind.EXTENSION}


def test_what_the_code_of_before_opens_has_its_kind_and_is_answered_by_that_of_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = submitted(actor("wang"))
    with monkeypatch.context() as before:
        before.setattr(store, "_STEP", BEFORE)
        ask("shencha", case, "review")
    assert kinds(case) == {"review": Kind.TASK, extension.ELEMENT: Kind.EXTENSION}
    answer("jueding", case, "grant", "同意")
    assert kinds(case) == {"review": Kind.TASK}
    assert now(case).due_on > case.due_on


def test_the_code_of_before_goes_on_with_what_that_of_today_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = submitted(actor("wang"))
    ask("shencha", case, "review")
    monkeypatch.setattr(store, "_STEP", BEFORE)
    answer("jueding", case, "deny", "理由不足")
    assert kinds(case) == {"review": Kind.TASK}
