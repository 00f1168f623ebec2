"""What the tests of cases share: the fictitious people of the demonstration and one application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.cli import demonstration, story
from xiangyun.kernel.feel import Value
from xiangyun.kernel.formspec import from_json

PROJECT = "construction/project-approval"
MORNING = datetime(2026, 4, 9, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai"))


@contextmanager
def as_owner() -> Iterator[None]:
    """Write what the running program has no right to, as the owner of the tables has."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SET ROLE xiangyun_runtime")


def actor(login: str) -> Actor:
    """One of the fictitious accounts."""
    found = accounts.actor_by_password(login, demonstration.PASSWORD)
    assert found is not None
    return found


def written_draft(
    founder: Actor, at: datetime = MORNING, proof: bool = True, **changed: object
) -> UUID:
    """An application that is written and not sent yet."""
    applicant = {"name": "王样云", "id_number": "222404199203150027"}
    with acting_as(founder):
        draft = drafts.start_draft(story.SERVICE, actor=founder, at=at)
        form = catalogue.pack(draft.version_id).form
        answers = {**story.example_answers(applicant), "brand": "样一", **changed}
        reading = from_json(form, answers)
        given = {key: value for key, value in reading.answers.items() if key in answers}
        drafts.keep_answers(draft.id, given, actor=founder, at=at)
        if proof:
            drafts.add_material(
                draft.id,
                form.question("premises_proof"),
                name="租赁合同.pdf",
                media_type="application/pdf",
                content=b"%PDF-1.4",
                actor=founder,
                at=at,
            )
        return draft.id


def submitted(founder: Actor, at: datetime = MORNING, **changed: object) -> Case:
    """An application that is sent."""
    draft = written_draft(founder, at, **changed)  # type: ignore[arg-type]
    with acting_as(founder):
        return actions.submit_case(draft, actor=founder, at=at)


def act(
    login: str,
    case: Case,
    action: str,
    note: str = "",
    at: datetime = MORNING,
    answers: Mapping[str, Value] | None = None,
) -> Case:
    """An official presses a button of the first task that waits for that official.

    `answers` are those of the task's form, where it has one.
    """
    official = actor(login)
    with acting_as(official):
        found = access.case_for(official, case.id)
        task = cases.open_tasks(official, found)[0]
        if answers is not None:
            return taskforms.answer_task(
                found.id, task.id, answers, action=action, note=note, actor=official, at=at
            )
        return actions.complete_task(
            found.id, task.id, action=action, note=note, actor=official, at=at
        )


def project(applicant: Actor, at: datetime = MORNING, **changed: object) -> Case:
    """A construction project that is filed: the pack's first example, 57 working days promised."""
    with acting_as(applicant):
        draft = drafts.start_draft(PROJECT, actor=applicant, at=at)
        pack = catalogue.pack(draft.version_id)
        answers = {**pack.examples[0].answers, **changed}
        del answers["land_document"]
        reading = from_json(pack.form, answers)
        given = {key: value for key, value in reading.answers.items() if key in answers}
        drafts.keep_answers(draft.id, given, actor=applicant, at=at)
        add_file(draft.id, "land_document", applicant, at)
        return actions.submit_case(draft.id, actor=applicant, at=at)


def add_file(case_id: UUID, question: str, actor: Actor, at: datetime) -> None:
    """Hand in a file for a question of the form, now or at a later stage."""
    draft = access.draft_for(actor, case_id)
    drafts.add_material(
        case_id,
        catalogue.pack(draft.version_id).form.question(question),
        name=f"{question}.pdf",
        media_type="application/pdf",
        content=b"%PDF-1.4",
        actor=actor,
        at=at,
    )
