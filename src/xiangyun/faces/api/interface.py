"""The interface for programs: the verbs of the pages, as OpenAPI 3.1, with tokens.

Every answer comes after the commit. What is absent and what is forbidden answer 404 alike; what a
person did wrong answers 422 with every finding in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, NinjaAPI, UploadedFile
from ninja.security import HttpBearer

from xiangyun import __version__
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import queries as certificates
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Place, Refused
from xiangyun.kernel.formspec import Form, from_json

from . import schemas


class Token(HttpBearer):
    """A token in the header `Authorization: Bearer xy_…`; the session of a browser never counts."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_of(request)
        return actor if actor.account is not None else None


api = NinjaAPI(
    title="祥云 Xiangyun",
    version=__version__,
    description=(
        "演示系统：人物、企业均为虚构，不是任何政府的官方网站。"
        " A demonstration: all persons and companies are fictitious."
    ),
    auth=Token(),
    urls_namespace="api",
    docs_url=None,  # its page would fetch scripts from elsewhere; openapi.json is what counts
    servers=[{"url": settings.PUBLIC_URL}],
)


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the middleware found for the request's token."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def answers_of(form: Form, given: Mapping[str, Any]) -> dict[str, Value]:
    """The answers that were sent, typed; raises `Refused` for those that break a rule."""
    reading = from_json(form, given)
    wrong = {key: found for key, found in reading.errors.items() if key.split(".")[0] in given}
    if wrong:
        raise Refused([replace(found, place=Place(key)) for key, found in wrong.items()])
    return {key: value for key, value in reading.answers.items() if key in given}


@api.exception_handler(Refused)
def refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    """Every finding, in both languages."""
    request.failed = True  # type: ignore[attr-defined]
    findings = [schemas.finding(found) for found in problem.findings]
    return api.create_response(request, {"findings": findings}, status=422)


@api.exception_handler(ObjectDoesNotExist)
def absent(request: HttpRequest, problem: ObjectDoesNotExist) -> HttpResponse:
    """Absent or forbidden: the answer is the same."""
    request.failed = True  # type: ignore[attr-defined]
    return api.create_response(request, {"findings": [schemas.ABSENT]}, status=404)


@api.exception_handler(PermissionError)
def not_allowed(request: HttpRequest, problem: PermissionError) -> HttpResponse:
    """A verb that this account cannot use at all."""
    request.failed = True  # type: ignore[attr-defined]
    return api.create_response(request, {"findings": [schemas.NOT_ALLOWED]}, status=403)


@api.get("/services", auth=None, response=list[schemas.Service], tags=["services"])
def list_services(request: HttpRequest, words: str = "") -> list[schemas.Service]:
    """Published services, all or those that hold every word."""
    found = catalogue.search(words) if words else catalogue.current_services()
    return [schemas.service(version, catalogue.pack(version.id)) for version in found]


@api.get("/services/{path:code}", auth=None, response=schemas.ServiceGuide, tags=["services"])
def read_service(request: HttpRequest, code: str) -> schemas.ServiceGuide:
    """One service: its guide and the questions of its form."""
    version = catalogue.current_version(code)
    return schemas.service_guide(version, catalogue.pack(version.id))


@api.put("/applications/{key}", response=schemas.Application, tags=["applications"])
def keep_application(
    request: HttpRequest, key: UUID, payload: schemas.ApplicationIn
) -> schemas.Application:
    """Begin an application under a key of your choice, or keep more answers for it.

    The key becomes the id of the case: however often the same is sent, one case is made.
    """
    actor, now = actor_of(request), timezone.now()
    drafts.start_draft(payload.service, actor=actor, at=now, key=key)
    draft = access.draft_for(actor, key)
    form = catalogue.pack(draft.version_id).form
    draft = drafts.keep_answers(key, answers_of(form, payload.answers), actor=actor, at=now)
    return schemas.application(draft)


@api.post("/applications/{key}/files/{question}", response=schemas.FileOut, tags=["applications"])
def add_file(
    request: HttpRequest, key: UUID, question: str, file: File[UploadedFile]
) -> schemas.FileOut:
    """Add a file in answer to a question of the form."""
    actor = actor_of(request)
    form = catalogue.pack(access.draft_for(actor, key).version_id).form
    material = drafts.add_material(
        key,
        form.question(question),
        name=file.name or question,
        media_type=file.content_type or "application/octet-stream",
        content=file.read(),
        actor=actor,
        at=timezone.now(),
    )
    return schemas.FileOut(name=material.name, size=material.size, sha256=material.digest)


@api.post("/applications/{key}/submit", response=schemas.Case, tags=["applications"])
def submit(request: HttpRequest, key: UUID) -> schemas.Case:
    """Send the application. Sent again, the answer is the same case."""
    actor = actor_of(request)
    return schemas.case(actor, actions.submit_case(key, actor=actor, at=timezone.now()))


@api.get("/cases", response=list[schemas.CaseLine], tags=["cases"])
def list_cases(request: HttpRequest) -> list[schemas.CaseLine]:
    """Your own cases, newest first."""
    return [schemas.case_line(case) for case in cases.my_cases(actor_of(request))]


@api.get("/cases/{case_id}", response=schemas.Case, tags=["cases"])
def read_case(request: HttpRequest, case_id: UUID) -> schemas.Case:
    """One case: where it stands, its findings, and what you may do now."""
    actor = actor_of(request)
    case = access.case_for(actor, case_id)
    actions.note_reading(case, actor=actor, at=timezone.now())
    return schemas.case(actor, case)


# Before the task itself, whose id may hold a slash and would take the last word for its own.
@api.post("/cases/{case_id}/tasks/{path:task}/extension", response=schemas.Case, tags=["cases"])
def ask_extension(
    request: HttpRequest, case_id: UUID, task: str, payload: schemas.NoteIn
) -> schemas.Case:
    """Ask, beside an open task of yours, that the time limit be extended; another role decides."""
    actor = actor_of(request)
    case = actions.ask_extension(case_id, task, reason=payload.note, actor=actor, at=timezone.now())
    return schemas.case(actor, case)


@api.post("/cases/{case_id}/tasks/{path:task}", response=schemas.Case, tags=["cases"])
def do_task(
    request: HttpRequest, case_id: UUID, task: str, payload: schemas.TaskIn
) -> schemas.Case:
    """Do a task: one of the actions that the case lists for you now."""
    actor, now = actor_of(request), timezone.now()
    if payload.answers is not None:
        form = cases.pack_of(access.case_for(actor, case_id)).form
        answers = answers_of(form, payload.answers)
        case = actions.correct_answers(case_id, task, answers, actor=actor, at=now)
    else:
        case = actions.complete_task(
            case_id, task, action=payload.action, note=payload.note, actor=actor, at=now
        )
    return schemas.case(actor, case)


@api.post("/cases/{case_id}/withdraw", response=schemas.Case, tags=["cases"])
def withdraw(request: HttpRequest, case_id: UUID, payload: schemas.NoteIn) -> schemas.Case:
    """Take the application back."""
    actor = actor_of(request)
    case = actions.withdraw_case(case_id, actor=actor, at=timezone.now(), note=payload.note)
    return schemas.case(actor, case)


@api.post("/cases/{case_id}/rating", response=schemas.Case, tags=["cases"])
def rate(request: HttpRequest, case_id: UUID, payload: schemas.RatingIn) -> schemas.Case:
    """Rate an ended case, once."""
    actor = actor_of(request)
    actions.rate_case(case_id, payload.stars, payload.words, actor=actor, at=timezone.now())
    return schemas.case(actor, access.case_for(actor, case_id))


@api.get("/cases/{case_id}/receipt", response=dict, tags=["evidence"])
def receipt(request: HttpRequest, case_id: UUID) -> object:
    """The receipt: every entry of the case with its proof; `xiangyun verify` checks it alone."""
    return actions.receipt(case_id, actor=actor_of(request), at=timezone.now())


@api.get("/queue", response=schemas.QueueOut, tags=["office"])
def queue(request: HttpRequest, after: str = "", service: str = "") -> schemas.QueueOut:
    """The open work of your mandates, by deadline; `next` asks for the next page."""
    found = cases.queue(actor_of(request), today=timezone.localdate(), after=after, service=service)
    return schemas.queue(found)


@api.get("/overdue", response=schemas.OverdueOut, tags=["office"])
def overdue(request: HttpRequest, after: str = "") -> schemas.OverdueOut:
    """The overdue work that you were told of as overseer; `next` asks for the next page."""
    found = cases.overdue_work(actor_of(request), today=timezone.localdate(), after=after)
    return schemas.overdue(found)


@api.post("/verify", auth=None, response=schemas.VerdictOut, tags=["evidence"])
def verify(request: HttpRequest, payload: schemas.DocumentIn) -> schemas.VerdictOut:
    """Verify a certificate or a receipt by its full text."""
    return schemas.verdict(certificates.verdict(payload.document))
