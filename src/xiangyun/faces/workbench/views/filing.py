"""File for a citizen at the desk of a village or town."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.accounts.access import files_for_others
from xiangyun.domain.accounts.actions import find_person
from xiangyun.domain.cases import admission, drafts
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.codes import resident
from xiangyun.kernel.findings import Finding, Refused, Text

from .choosing import is_many, services

_UNKNOWN = Finding(
    "workbench.E001",
    "error",
    Text("没有找到这个号码的人。", "Nobody with this number was found."),
    hint=Text(
        "请核对身份证。演示系统里只有虚构人物。",
        "Check the card. The demonstration knows fictitious persons only.",
    ),
)


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """The citizen whose number was shown at the desk; `about` is where the person lives."""

    name: str
    about: str
    id_number: str


@dataclass(frozen=True, slots=True)
class ServiceToFile:
    """A service, and where its application begins for the person; or why it cannot here."""

    name: Text
    url: str
    why_not: Text | None


@require_http_methods(["GET", "POST"])
@officials_only
def file_for(request: ActorRequest) -> HttpResponse:
    """Find the person by identity number, then choose the service."""
    _desk_only(request)
    typed, fault, person = "", None, None
    if request.method == "POST":
        typed = request.POST.get("id_number", "").strip()
        fault = resident.problem(typed)
        try:
            person = None if fault else find_person(request.actor, typed, timezone.now())
        except Refused as refused:
            (fault,) = refused.findings
        if person is None and fault is None:
            fault = _UNKNOWN
    fields = [
        Field(
            "id_number",
            "text",
            Text("公民身份号码", "Identity number"),
            hint=Text(
                "18 位，最后一位可能是 X。每次查询都会记录，本人可以看到。",
                "18 characters; the last may be an X. Each search is recorded for the person.",
            ),
            typed=typed,
            error=fault,
            width="medium",
        )
    ]
    words = request.POST.get("of", "").strip()[:100]
    if person and is_many():
        fields.append(
            Field(
                "of",
                "text",
                Text("要办的事", "What it is about"),
                hint=Text(
                    "事项名称中的词，例如“公路”。", "Words of the service's name, as “road”."
                ),
                typed=words,
            )
        )
    context = {
        "fields": fields,
        "errors": errors(fields),
        "person": person
        and FoundPerson(person.name, person.division.name if person.division else "", typed),
        "services": [_to_file(request, version, person.id) for version in services(words)]
        if person
        else [],
    }
    return office_page(request, "workbench/file.html", context, status=422 if fault else 200)


def _to_file(
    request: ActorRequest, version: catalogue.ServiceVersion, owner: UUID
) -> ServiceToFile:
    item = catalogue.pack(version.pk).service
    try:
        admission.desk_that_files(item, request.actor, owner, timezone.now())
    except Refused as refusal:
        return ServiceToFile(item.name, "", refusal.findings[0].message)
    return ServiceToFile(item.name, reverse("workbench:file-start", args=[version.code]), None)


@officials_only
@action("workbench:file")
def start(request: ActorRequest, code: str) -> HttpResponse:
    """Begin the application in the citizen's name; its pages are those of the portal."""
    _desk_only(request)
    try:
        person = find_person(request.actor, request.POST.get("id_number", ""), timezone.now())
    except Refused:
        return HttpResponseRedirect(reverse("workbench:file"))
    if person is None:
        raise Http404
    draft = drafts.start_draft(code, actor=request.actor, at=timezone.now(), owner=person.id)
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.id]))


def _desk_only(request: ActorRequest) -> None:
    if not files_for_others(request.actor):
        raise Http404
