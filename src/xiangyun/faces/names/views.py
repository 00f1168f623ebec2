"""Look whether a name is free, in several spellings, and reserve one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import drafts
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.names import actions, queries
from xiangyun.faces.look.asking import Asking
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.tones import SEVERITY_TONES
from xiangyun.kernel.feel import Value, from_stored
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.formspec import Page, Question, Reading
from xiangyun.kernel.pack import Pack

OTHERS = ("other1", "other2")
"""The fields for further spellings of the part that varies."""
_TITLE = Text("查名称", "Look for a name")


@require_safe
def check(request: ActorRequest, code: str) -> HttpResponse:
    """The questions a name is made of, and what is to be said of each spelling."""
    raw = {name: request.GET.getlist(name) for name in request.GET}
    return _page(request, code, raw)


@logged_in
@action("names:check", "code")
def reserve(request: ActorRequest, code: str) -> HttpResponse:
    """Reserve one of the spellings."""
    pack, at = _pack(code), timezone.now()
    raw = {name: request.POST.getlist(name) for name in request.POST}
    reading = _read(pack, raw)
    try:
        if reading.errors:
            raise Refused(list(reading.errors.values()))
        actions.reserve(
            code, reading.answers, actor=request.actor, division=region_of(request), at=at
        )
    except Refused as refusal:
        return _page(request, code, raw, refusal)
    return HttpResponseRedirect(f"{reverse('names:check', args=[code])}#reserved")


@logged_in
@action("names:check", "code")
def release(request: ActorRequest, code: str) -> HttpResponse:
    """Give a reserved name up."""
    found = _reserved(request, code)
    actions.release(found.pk, actor=request.actor, division=region_of(request), at=timezone.now())
    return HttpResponseRedirect(reverse("names:check", args=[code]))


@logged_in
@action("names:check", "code")
def apply(request: ActorRequest, code: str) -> HttpResponse:
    """Begin an application with a reserved name."""
    found, now = _reserved(request, code), timezone.now()
    draft = drafts.empty_draft(code, actor=request.actor, at=now)
    answers = {key: from_stored(value) for key, value in found.answers.items()}
    drafts.keep_answers(draft.pk, answers, actor=request.actor, at=now)
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.pk]))


def _reserved(request: ActorRequest, code: str) -> queries.Reservation:
    """The reservation that the form names, if it is the party's own and stands."""
    try:
        wanted = UUID(request.POST.get("name", ""))
    except ValueError:
        raise Http404 from None
    own = queries.of_owner(request.actor, code, on=timezone.localdate())
    found = next((each for each in own if each.pk == wanted), None)
    if found is None:
        raise Http404
    return found


def _pack(code: str) -> Pack:
    pack = catalogue.pack(catalogue.current_version(code).pk)
    if pack.service.name_check is None:
        raise Http404
    return pack


def _questions(pack: Pack) -> tuple[Question, ...]:
    rule = pack.service.name_check
    of = {each.key: each for each in pack.form.questions}
    return tuple(of[key] for key in rule.questions if key in of) if rule else ()


def _read(pack: Pack, raw: Mapping[str, list[str]]) -> Reading:
    page = Page("name", _TITLE, _questions(pack))
    return pack.form.read(page, dict(raw), {}, on=timezone.localdate())


def _page(
    request: ActorRequest,
    code: str,
    raw: Mapping[str, list[str]],
    refusal: Refused | None = None,
) -> HttpResponse:
    pack = _pack(code)
    rule = pack.service.name_check
    assert rule is not None
    reading = _read(pack, raw) if raw else None
    typed = raw if reading and reading.errors else {}
    asking = Asking(_questions(pack), {}, reading, raw=typed)
    checked = _checked(request, pack, reading, raw) if reading and not reading.errors else []
    context = {
        "service": pack.service.name,
        "code": code,
        "fields": asking.fields,
        "errors": asking.errors if reading else [],
        "variant": pack.form.question(rule.variant).label,
        "others": [(name, raw.get(name, [""])[0]) for name in OTHERS],
        "checked": checked,
        "days": rule.days,
        "basis": pack.law(rule.basis),
        "verified": rule.verified,
        "placed": divisions.at_level(region_of(request), int(pack.service.level)) is not None,
        "own": queries.of_owner(request.actor, code, on=timezone.localdate()),
        "again": f"{reverse('names:check', args=[code])}?{urlencode(raw, doseq=True)}",
        "guide_url": reverse("portal:guide", args=[code]),
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 422 if reading and reading.errors else 200
    return public_page(request, "names/check.html", context, status=status)


def _checked(
    request: ActorRequest, pack: Pack, reading: Reading, raw: Mapping[str, list[str]]
) -> Sequence[dict[str, Any]]:
    """Each spelling with what is to be said of it, and the fields that reserve it."""
    rule = pack.service.name_check
    assert rule is not None
    first = str(reading.answers.get(rule.variant) or "")
    spellings = [first, *(raw.get(name, [""])[0].strip()[:50] for name in OTHERS)]
    made = []
    for spelling in dict.fromkeys(each for each in spellings if each):
        answers: dict[str, Value] = {**reading.answers, rule.variant: spelling}
        found = queries.check(
            pack,
            answers,
            actor=request.actor,
            division=region_of(request),
            at=timezone.now(),
        )
        hidden = [
            (key, spelling if key == rule.variant else value)
            for key in rule.questions
            for value in raw.get(key, [])
        ]
        said = [
            (each.text, pack.law(each.basis), SEVERITY_TONES.get(each.severity, "soft"))
            for each in found.findings
        ]
        made.append({"found": found, "hidden": hidden, "said": said})
    return made
