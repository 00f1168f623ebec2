"""Check: everything once more, with what the rules say and what is missing, before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import actions, officialopening
from xiangyun.faces.look import limits, sending
from xiangyun.faces.look.answers import summary
from xiangyun.faces.look.offices import authority
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.faces.look.rules import decision_name
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.look.tones import SEVERITY_TONES
from xiangyun.faces.portal.views import sign
from xiangyun.faces.portal.writing import Writing, behalf, writing
from xiangyun.kernel import codes
from xiangyun.kernel.findings import Conflict, Finding, Refused, Text
from xiangyun.kernel.formspec import check as problems_of
from xiangyun.kernel.formspec import submitted
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.openings import OFFICIAL


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What the rules say, with its law and where it can be changed; `grave` asks for a change."""

    text: Text
    basis: Text
    tone: str
    grave: bool
    url: str


@dataclass(frozen=True, slots=True)
class MissingLine:
    """What is required and not there yet."""

    name: Text
    url: str


@dataclass(frozen=True, slots=True)
class NotMetLine:
    """What does not apply, why, and by which law."""

    name: Text
    text: Text
    basis: Text


@require_http_methods(["GET", "POST"])
@logged_in
def check(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Everything once more before it is sent; sending it twice leads to the same case."""
    at = writing(request, draft_id)
    if request.method == "POST" and "sign" in request.POST:
        return HttpResponseRedirect(reverse("portal:sign", args=[draft_id]))
    problems: Mapping[str, Finding] = {}
    if request.method == "POST":
        try:
            if at.draft.opened == OFFICIAL:
                opened = officialopening.send_opening(
                    draft_id, actor=request.actor, at=timezone.now()
                )
                return HttpResponseRedirect(reverse("workbench:case", args=[opened.id]))
            case = actions.submit_case(draft_id, actor=request.actor, at=timezone.now())
            if request.actor.is_reporter:
                return HttpResponseRedirect(reverse("portal:report-sent"))
            return HttpResponseRedirect(reverse("portal:sent", args=[case.id]))
        except Conflict:
            raise  # the service takes no such application now: no answer is at fault
        except Refused as refusal:
            problems = sending.by_question(refusal)
    elif at.draft.sent:
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    change = {p.key: at.url(p.key, check="1") for p in at.pages}
    open_ = problems_of(at.form, submitted(at.form, at.answers), known=at.known.keys())
    open_ |= at.prefill.undecided
    found, missing = _found(at), _missing(at, open_)
    grave = (one.url for one in found if one.grave)
    context = {
        "service": at.pack.service.name,
        "of": len(at.pages) + 1,
        "back": at.url(at.pages[-1].key),
        "groups": summary(at.pages, at.answers, known=at.known, errors=problems, change=change),
        "errors": [(f"page-{_page_key(at, key)}", fault) for key, fault in problems.items()],
        "authority": words(authority(at.pack.service, _place(request, at))),
        "promise": words(promise(at.pack)),
        "behalf": behalf(at),
        "found": found,
        "missing": missing,
        "not_applying": [
            NotMetLine(decision_name(at.pack, one.decision), one.text, at.pack.law(one.basis))
            for one in at.not_applying
        ],
        "signature": sign.rule_of(at),
        "must_sign": sign.must_sign(at),
        "mend": next((url for url in [*(m.url for m in missing), *grave] if url), ""),
    }
    return public_page(request, "portal/check.html", context, status=422 if problems else 200)


def _found(at: Writing) -> list[FoundLine]:
    """What the public rules say of the whole, worst first, with where it can be changed."""
    return [
        FoundLine(
            text=found.text,
            basis=at.pack.law(found.basis),
            tone=SEVERITY_TONES.get(found.severity, "soft"),
            grave=found.severity in SEVERITY_TONES,
            url=_field_url(at, found.field),
        )
        for found in at.advice
    ] + [
        FoundLine(
            text=Text(
                "{label}：{doubt}",
                "{label}: {doubt}",
                label=at.form.question(name.split(".")[0]).label,
                doubt=found.message,
            ),
            basis=Text("", ""),
            tone="soft",
            grave=False,
            url=_field_url(at, name),
        )
        for name, found in at.doubts.items()
    ]


def _missing(at: Writing, problems: Mapping[str, Finding]) -> list[MissingLine]:
    """What the form or the guide calls required and is not there: answers, then materials."""
    keys = list(dict.fromkeys(name.split(".")[0] for name in problems))
    papers = [
        material
        for material in at.pack.service.materials
        if material.necessity == "required" and material.question
    ]
    wanted = [
        (at.form.question(key).label, key)
        for key in keys
        if key and key not in {m.question for m in papers}
    ]
    wanted += [(m.name, m.question or "") for m in papers if not at.answers.get(m.question or "")]
    visible = {q.key for page in at.pages for q in page.questions}
    return [MissingLine(name, _field_url(at, key)) for name, key in wanted if key in visible]


def _field_url(at: Writing, key: str) -> str:
    page = _page_key(at, key)
    return f"{at.url(page, check='1')}#f-{key}" if page else ""


def _place(request: ActorRequest, at: Writing) -> int:
    """The division the application is about, or the one chosen in the header."""
    answered = str(at.answers.get(at.pack.service.competent_question))
    return codes.division.typed(answered) or region_of(request)


def _page_key(at: Writing, name: str) -> str:
    key = name.split(".")[0]
    return next((p.key for p in at.pages if any(q.key == key for q in p.questions)), "")


def promise(pack: Pack) -> Text:
    """The promised time in a sentence."""
    days = limits.promised(pack, timezone.localdate())
    if days == limits.AT_ONCE:
        return Text("当场办结。", "It is done while you wait.")
    return Text("承诺 {days}内办结。", "The promise: done within {days}.", days=days)
