"""Cases of the test service “patience”: they wait for moments, messages and a department."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions, drafts, inbound
from xiangyun.domain.cases.models import Case, ServiceCall, Timer, WorkItem
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder

from .situations import MORNING, act, actor

PACK = Path(__file__).parents[5] / "tests" / "packs" / "faults" / "patience"
CODE = "faults/patience"


def publish() -> None:
    with acting_as(SYSTEM) as system:
        catalogue.publish(CODE, read_folder(PACK), actor=system, at=MORNING)


def filed(founder: Actor | None = None, word: str = "等", at: datetime = MORNING) -> Case:
    """A case that waits for its reviewer."""
    founder = founder or actor("wang")
    with acting_as(founder):
        draft = drafts.start_draft(CODE, actor=founder, at=at)
        answers = {"word": word, "place": "222404001001"}
        drafts.keep_answers(draft.id, answers, actor=founder, at=at)
        return actions.submit_case(draft.id, actor=founder, at=at)


def at_the_gate(founder: Actor | None = None, word: str = "等") -> Case:
    """A case that waits for whatever comes first: a moment, a message or a signal."""
    return act("shencha", filed(founder, word), "agree")


def case_now(case_id: UUID) -> Case:
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case_id)


def timer(case: Case, element: str) -> Timer:
    """The timer of an element, open or closed."""
    with acting_as(SYSTEM):
        return Timer.objects.get(case=case, element=element)


def ring(case: Case, element: str) -> None:
    """Let the moment come."""
    found = timer(case, element)
    inbound.ring(case.pk, found.token, at=found.due)


def call(case: Case) -> ServiceCall:
    """What the department was asked in this case."""
    with acting_as(SYSTEM):
        return ServiceCall.objects.get(case=case)


def open_items(case: Case) -> list[str]:
    """The elements whose tasks wait, whoever is to do them."""
    with acting_as(SYSTEM):
        found = WorkItem.objects.filter(case=case, closed_at=None).order_by("id")
        return list(found.values_list("element", flat=True))
