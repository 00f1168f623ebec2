"""Open a case about somebody or something; its pages are those of the portal."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import officialopening
from xiangyun.domain.cases.openings import Subject
from xiangyun.faces.look.fields import Choice, Field, errors
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.kernel.codes import division, resident, uscc
from xiangyun.kernel.findings import Finding, Text

_KINDS = {
    "person": Text("个人", "a person"),
    "organisation": Text("单位", "an organisation"),
    "place": Text("地方", "a place"),
    "thing": Text("物", "a thing"),
}
_PROBLEM = {
    "person": resident.problem,
    "organisation": uscc.problem,
    "place": division.problem,
}


@require_http_methods(["GET", "POST"])
@officials_only
def open_case(request: ActorRequest) -> HttpResponse:
    """Choose the service and say whom or what it is about."""
    packs = officialopening.openable(request.actor)
    typed = {key: request.POST.get(key, "").strip() for key in ("service", "kind", "code", "name")}
    faults: dict[str, Finding] = {}
    if request.method == "POST":
        faults = _faults(typed, {pack.code for pack in packs})
        if not faults:
            subject = Subject(None, typed["kind"], typed["code"], typed["name"])
            draft = officialopening.start_opening(
                typed["service"], subject, actor=request.actor, at=timezone.now()
            )
            return HttpResponseRedirect(reverse("portal:resume", args=[draft.pk]))
    fields = [
        Field(
            "service",
            "radio",
            Text("立哪一项", "Which service"),
            choices=[
                Choice(pack.code, pack.service.name, pack.code == typed["service"])
                for pack in packs
            ],
            error=faults.get("service"),
        ),
        Field(
            "kind",
            "radio",
            Text("关于谁", "About whom"),
            choices=[
                Choice(kind, words, kind == (typed["kind"] or "person"))
                for kind, words in _KINDS.items()
            ],
            error=faults.get("kind"),
        ),
        Field(
            "code",
            "text",
            Text("代码", "Code"),
            hint=Text(
                "公民身份号码、统一社会信用代码，或 12 位区划代码。",
                "Identity number, unified credit code, or a division’s code of 12 digits.",
            ),
            typed=typed["code"],
            error=faults.get("code"),
            width="medium",
        ),
        Field(
            "name",
            "text",
            Text("姓名或名称", "Name"),
            typed=typed["name"],
            error=faults.get("name"),
            width="medium",
        ),
    ]
    context = {"fields": fields if packs else [], "errors": errors(fields), "packs": packs}
    status = 422 if faults else 200
    return office_page(request, "workbench/open.html", context, status=status)


def _faults(typed: dict[str, str], services: set[str]) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    if typed["service"] not in services:
        found["service"] = _missing(Text("请选择事项。", "Choose a service."))
    if typed["kind"] not in _KINDS:
        found["kind"] = _missing(Text("请选择关于谁。", "Choose whom it is about."))
    if not typed["name"]:
        found["name"] = _missing(Text("请填写姓名或名称。", "Enter the name."))
    if not typed["code"]:
        found["code"] = _missing(Text("请填写代码。", "Enter the code."))
    elif (check := _PROBLEM.get(typed["kind"])) and (wrong := check(typed["code"])) is not None:
        found["code"] = wrong
    return found


def _missing(text: Text) -> Finding:
    return Finding("workbench.E020", "error", text)
