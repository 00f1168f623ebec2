"""Cases of the test service “inspection”: a site visit that calls a laboratory, two opinions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts, inbound
from xiangyun.domain.cases.models import Case, ServiceCall, Timer, WorkItem
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder

from .situations import MORNING, actor
from .waiting import case_now

PACK = Path(__file__).parents[5] / "tests" / "packs" / "calls" / "inspection"
CODE = "calls/inspection"
ROLES = {
    "reviewer:market_supervision": "shencha",
    "approver:market_supervision": "jueding",
    "supervisor": "duban",
    "applicant": "wang",
}


def publish(*changes: tuple[str, str, str]) -> int:
    """A version of the service with words of its files replaced: (path begins, old, new)."""
    files = read_folder(PACK)
    for begin, old, new in changes:
        held = [path for path in files if path.startswith(begin) and old in files[path]]
        assert held, f"{begin} does not hold {old!r}"
        files |= {path: files[path].replace(old, new) for path in held}
    with acting_as(SYSTEM) as system:
        return catalogue.publish(CODE, files, actor=system, at=MORNING).service.number


def filed(word: str = "厂", at: datetime = MORNING) -> Case:
    """A case that waits for its reviewer."""
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(CODE, actor=wang, at=at)
        answers = {"word": word, "place": "222404001001"}
        drafts.keep_answers(draft.id, answers, actor=wang, at=at)
        return actions.submit_case(draft.id, actor=wang, at=at)


def visited(word: str = "厂") -> Case:
    """A case whose site visit is under way: its inspector is waited for."""
    return do(filed(word), "review", "agree")


def do(case: Case, element: str, action: str, at: datetime = MORNING, token: str = "") -> Case:
    """The one whose task it is presses a button of the oldest task of this element."""
    item = next(i for i in items(case, element) if not token or i.token == token)
    official: Actor = actor(ROLES[item.groups[0]])
    with acting_as(official):
        found = access.case_for(official, case.id)
    return actions.complete_task(found.id, item.token, action=action, actor=official, at=at)


def items(case: Case, element: str = "") -> list[WorkItem]:
    """The tasks that wait, oldest first; of one element where it is given."""
    with acting_as(SYSTEM):
        found = WorkItem.objects.filter(case=case, closed_at=None).order_by("pk")
        return list(found.filter(element=element) if element else found)


def tokens(case: Case) -> list[str]:
    """The ids of the tasks that wait."""
    return [item.token for item in items(case)]


def open_timers(case: Case) -> dict[str, str]:
    """The ids of the timers that have not rung, by element."""
    with acting_as(SYSTEM):
        found = Timer.objects.filter(case=case, closed_at=None).order_by("due")
        return {timer.element: timer.token for timer in found}


def ring(case: Case, element: str) -> Case:
    """Let the moment come for which an element waits."""
    with acting_as(SYSTEM):
        timer = Timer.objects.get(case=case, element=element, closed_at=None)
    inbound.ring(case.pk, timer.token, at=timer.due)
    return case_now(case.pk)


def report(case: Case, note: str = "合格", at: datetime = MORNING, number: str = "") -> Case:
    """The report for which the site visit waits comes."""
    payload = {"note": note, "by": "检验员"}
    inbound.deliver("message", "report", case.number, payload, at=at, message=number)
    return case_now(case.pk)


def answered(case: Case, at: datetime = MORNING, reference: str = "LAB-1") -> Case:
    """The laboratory answers."""
    with acting_as(SYSTEM):
        call = ServiceCall.objects.get(case=case, answered_at=None)
    answer = {"reference": reference, "completed_on": "2026-04-09"}
    inbound.complete_service_call(call.pk, answer, at=at)
    return case_now(case.pk)


def with_opinions(case: Case, at: datetime = MORNING) -> Case:
    """Both departments give theirs."""
    do(case, "opine", "agree", at)
    do(case, "opine", "object", at)
    return case_now(case.pk)


def worked() -> Case:
    """A case from end to end, with what it called and a message from outside."""
    minutes = [MORNING + timedelta(minutes=n) for n in range(8)]
    case = filed(at=minutes[0])
    do(case, "review", "agree", minutes[1])
    do(case, "inspect", "pass", minutes[2])
    report(case, at=minutes[3], number="m-1")
    answered(case, minutes[4])
    do(case, "opine", "object", minutes[5], token="3/opine~1")
    do(case, "opine", "agree", minutes[6], token="2/opine~1")
    return do(case, "decide", "approve", minutes[7])
