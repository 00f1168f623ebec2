"""Services over the interface: found, and read with the questions of their forms."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.look import limits
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.admission import closed
from xiangyun.kernel.service.model import Material

from .words import DepartmentOut, Words, department_out, words

router = Router(tags=["services"])


class Service(Schema):
    """A service in a line. `days`: the promised time, the most that any kind of case takes.

    It is in `unit`: working, natural, working_hour or hour.


    `open`: whether it takes applications today; `applicants`: of whom; `department`: whose matter
    it is, null for nobody's.
    """

    code: str
    version: int
    name: Words
    summary: Words
    days: int
    unit: str
    fee: float
    visits: int
    open: bool
    applicants: list[str]
    department: DepartmentOut | None


class QuestionOut(Schema):
    """One question of a form; `kind` as in form-js; `known`: a register answers it."""

    key: str
    kind: str
    label: Words
    required: bool
    known: bool
    options: list[str]


class KindOut(Schema):
    """A kind of case with a promised time of its own."""

    name: Words
    days: int


class MaterialOut(Schema):
    """A paper of the application. `necessity`: required or conditional; `origin`: generated,
    register, government or applicant; `question`: what takes it.

    `sample` and `blank`: addresses of a page that shows it filled in, or blank to print.
    """

    key: str
    name: Words
    necessity: str
    origin: str
    question: str | None
    sample: str | None
    blank: str | None


class ServiceGuide(Service):
    """A service with its questions and the laws it rests on, in Chinese and in both languages.

    `result_sample`: the address of a page that shows what one gets, marked as a sample.
    """

    days_by_kind: list[KindOut]
    questions: list[QuestionOut]
    materials: list[MaterialOut]
    result_sample: str | None
    legal_basis: list[str]
    laws: list[Words]


@router.get("/services", auth=None, response=list[Service])
def list_services(
    request: HttpRequest,
    response: HttpResponse,
    words: Annotated[str, Query(max_length=200)] = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> list[Service]:
    """Published services: all by their codes, or those that answer everyday words, best first.

    The header `Next` holds the `after` of the next page.
    """
    if words:
        found = catalogue.search(words, most=None)
        at = next((n for n, each in enumerate(found) if each.code == after), len(found))
        behind = found[at + 1 :] if after else found
    else:
        found = sorted(catalogue.current_services(), key=lambda each: each.code)
        behind = [each for each in found if each.code > after]
    if len(behind) > limit:
        response.headers["Next"] = behind[limit - 1].code
    return [service_out(version, catalogue.pack(version.id)) for version in behind[:limit]]


@router.get("/services/{path:code}", auth=None, response=ServiceGuide)
def read_service(request: HttpRequest, code: str) -> ServiceGuide:
    """One service: its guide and the questions of its form."""
    version = catalogue.current_version(code)
    return guide_out(version, catalogue.pack(version.id))


def service_out(version: catalogue.ServiceVersion, pack: Pack) -> Service:
    """A published version in a line."""
    item = pack.service
    return Service(
        code=version.code,
        version=version.number,
        name=words(item.name),
        summary=words(item.summary),
        days=limits.span_on(pack, item.promised, timezone.localdate()).most,
        unit=item.promised.counts,
        fee=float(item.fee.amount),
        visits=item.visits,
        open=not any(closed(item, timezone.localdate())),
        applicants=list(item.applicants),
        department=department_out(item.department),
    )


def guide_out(version: catalogue.ServiceVersion, pack: Pack) -> ServiceGuide:
    """A published version with its questions."""
    questions = [
        QuestionOut(
            key=question.key,
            kind=question.kind,
            label=words(question.label),
            required=question.required,
            known=question.source is not None,
            options=[option.value for option in question.options],
        )
        for question in pack.form.questions
    ]
    laws = [each.words for each in pack.service.legal_basis]
    span = limits.span_on(pack, pack.service.promised, timezone.localdate())
    kinds = [KindOut(name=words(name), days=days) for name, days in span.kinds]
    return ServiceGuide(
        **service_out(version, pack).model_dump(),
        days_by_kind=kinds,
        questions=questions,
        materials=[_material(version.code, each) for each in pack.service.materials],
        result_sample=_page("portal:sample", version.code) if pack.service.result.sample else None,
        legal_basis=[law.zh for law in laws],
        laws=[words(law) for law in laws],
    )


def _material(code: str, material: Material) -> MaterialOut:
    return MaterialOut(
        key=material.key,
        name=words(material.name),
        necessity=material.necessity,
        origin=material.origin,
        question=material.question,
        sample=_page("portal:paper-sample", code, material.sample) if material.sample else None,
        blank=_page("portal:paper-blank", code, material.blank) if material.blank else None,
    )


def _page(name: str, *arguments: str) -> str:
    return settings.PUBLIC_URL + reverse(name, args=arguments)
