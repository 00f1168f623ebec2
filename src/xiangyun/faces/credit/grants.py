"""Pages of grants: given and held, one with who looked; giving, amending, revoking, looking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun import manifest
from xiangyun.domain.grants import actions, asking, queries, using
from xiangyun.domain.grants.queries import Grant, Shown
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.look.fields import Choice, Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.inquiry import Answered, Inquiry

from .views import sections

Happened = tuple[datetime, Text, str]
"""When something happened, what, and who did it."""
_DIGITS = 9
_MOST = 50
_FIELD_OF = {
    "grant.E002": "granted_to",
    "grant.E004": "registers",
    "grant.E005": "registers",
    "grant.E006": "until",
    "grant.E007": "purpose",
    "grant.E011": "granted_to",
}
"""At which field of the form a fault stands; others stand on top of it."""


@require_safe
@logged_in
def grants(request: ActorRequest) -> HttpResponse:
    """What the party acted for has granted, what was granted to it, and a form for another."""
    return _overview(request)


@logged_in
@action("credit:grants")
def give(request: ActorRequest) -> HttpResponse:
    """Give a grant in the name of the company; what was refused stands on the form again."""
    try:
        made = actions.give(
            request.actor,
            bank=request.POST.get("granted_to", "").strip().upper()[:18],
            purpose=request.POST.get("purpose", "")[:200],
            codes=request.POST.getlist("registers")[:_MOST],
            until=_day(request.POST.get("until", "")),
            at=timezone.now(),
            answers_only=request.POST.get("answers_only") == "true",
        )
    except Refused as refused:
        return _overview(request, refused)
    return HttpResponseRedirect(reverse("credit:grant", args=[made.pk]))


@require_safe
@logged_in
def grant(request: ActorRequest, ident: UUID) -> HttpResponse:
    """One grant, for its two parties: what it says, who looked, and what may be done."""
    return _one(request, ident)


@logged_in
@action("credit:grant", "ident")
def amend(request: ActorRequest, ident: UUID) -> HttpResponse:
    """Leave a grant with these registers alone, or add them: a new version."""
    return _done(
        request,
        ident,
        lambda: actions.amend(
            request.actor,
            ident,
            how="merge" if request.POST.get("how") == "merge" else "replace",
            seen=_version(request),
            codes=request.POST.getlist("registers")[:_MOST],
            until=_day(request.POST.get("until", "")),
            purpose=request.POST.get("purpose", "")[:200],
            at=timezone.now(),
        ),
    )


@logged_in
@action("credit:grant", "ident")
def revoke(request: ActorRequest, ident: UUID) -> HttpResponse:
    """End a grant at once."""
    return _done(request, ident, lambda: actions.revoke(request.actor, ident, at=timezone.now()))


@logged_in
@action("credit:grant", "ident")
def look(request: ActorRequest, ident: UUID) -> HttpResponse:
    """What the granted registers say of the company; the company sees that it was looked at."""
    try:
        seen = using.look(request.actor, ident, version=_version(request), at=timezone.now())
    except Refused as refused:
        return _one(request, ident, refused)
    (shown,) = queries.shown([seen.grant], timezone.now())
    context = {"shown": shown, "sections": sections(seen.states)}
    return public_page(request, "credit/look.html", context)


@logged_in
@action("credit:grant", "ident")
def ask(request: ActorRequest, ident: UUID) -> HttpResponse:
    """Ask one of the declared questions: the answer with its reason, and no figure."""
    code = request.POST.get("inquiry", "")[:100]
    asked = next((each for each in asking.inquiries() if each.code == code), None)
    chosen = (
        {one.name: request.POST.get(one.name, "")[:100] for one in asked.chosen} if asked else {}
    )
    try:
        told = asking.ask(
            request.actor,
            ident,
            version=_version(request),
            inquiry=code,
            chosen=chosen,
            at=timezone.now(),
        )
    except Refused as refused:
        return _one(request, ident, refused)
    return _one(request, ident, told=(asked, told) if asked else None)


def _done(request: ActorRequest, ident: UUID, verb: Callable[[], Grant]) -> HttpResponse:
    try:
        verb()
    except Refused as refused:
        return _one(request, ident, refused)
    return HttpResponseRedirect(reverse("credit:grant", args=[ident]))


def _overview(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    context = {
        "given": queries.shown(queries.given_by(request.actor), now),
        "received": queries.shown(queries.held_by(request.actor), now),
        "fields": _fields(request, refused),
        "may_give": queries.signs_for(request.actor) is not None,
        "errors": _faults(request, refused),
    }
    status = STATUS[refused.kind] if refused else 200
    return public_page(request, "credit/grants.html", context, status=status)


def _one(
    request: ActorRequest,
    ident: UUID,
    refused: Refused | None = None,
    told: tuple[Inquiry, Answered] | None = None,
) -> HttpResponse:
    actor = request.actor
    try:
        found = queries.find(ident, actor)
    except Refused:
        raise Http404 from None
    (shown,) = queries.shown([found], timezone.now())
    own = actor.speaks_for(found.company)
    verbs = manifest.verbs()
    looks: list[Happened] = []
    changes: list[Happened] = []
    asked = {each.code: each.name for each in asking.inquiries()}
    for each in queries.uses_of(found, actor):
        kind = looks if each.verb in queries.LOOKS else changes
        said = verbs[each.verb].say(each.data)
        if code := str(each.data.get("inquiry", "")):
            name = asked.get(code, Text.given(code, code))
            said = Text("{said}：{asked}", "{said}: {asked}", said=said, asked=name)
        kind.append((each.at, said, each.actor_name))
    context = {
        "shown": shown,
        "own": own,
        "looks": looks,
        "changes": changes,
        "told": told,
        "questions": [] if own or not shown.stands else _questions(shown),
        "fields": _fields(request, refused, shown) if own and found.ended_at is None else [],
        "errors": [("", each) for each in refused.findings] if refused else [],
    }
    status = STATUS[refused.kind] if refused else 200
    return public_page(request, "credit/grant.html", context, status=status)


def _fields(
    request: ActorRequest, refused: Refused | None, shown: Shown | None = None
) -> list[Field]:
    """The form of a grant: as it was typed, else as the grant stands."""
    faults = {_FIELD_OF.get(each.id, ""): each for each in refused.findings} if refused else {}
    typed = request.POST if refused else {}
    chosen = set(request.POST.getlist("registers")) if refused else set()
    if shown is not None and not refused:
        chosen = {one.code for one in shown.registers}
    until = shown.grant.until if shown else None
    found = [
        Field(
            "purpose",
            "text",
            Text("用途", "Purpose"),
            hint=Text("例如流动资金贷款。", "Such as a loan for working capital."),
            typed=typed.get("purpose", shown.grant.purpose if shown else ""),
            error=faults.get("purpose"),
        ),
        Field(
            "registers",
            "checklist",
            Text("可以查看的库", "Registers that may be seen"),
            choices=_choices(request, chosen),
            error=faults.get("registers"),
            multiple=True,
        ),
        Field(
            "until",
            "date",
            Text("最后一天", "Last day"),
            hint=Text(
                "不填则只能查看一次，一天之内。", "Without one it is for one look within a day."
            ),
            required=False,
            typed=typed.get("until", until.isoformat() if until else ""),
            error=faults.get("until"),
        ),
    ]
    if shown is None:
        bank = Field(
            "granted_to",
            "text",
            Text("授权给哪个机构", "To which organisation"),
            hint=Text("它的统一社会信用代码。", "Its unified social credit code."),
            typed=typed.get("granted_to", ""),
            error=faults.get("granted_to"),
        )
        found.insert(0, bank)
        found.append(
            Field(
                "answers_only",
                "checkbox",
                Text("只回答问题，不给看记录", "Answer its questions only, and show no record"),
                required=False,
                typed=typed.get("answers_only", ""),
            )
        )
    return found


def _choices(request: ActorRequest, chosen: Collection[str]) -> list[Choice]:
    """Every register that a company can open: first those that know something about this one."""
    subject = request.actor.subject
    about = registers.records_about(subject) if subject else []
    known = Counter(each.register for each in about)
    return sorted(
        (
            Choice(one.code, one.name, one.code in chosen, _records(known[one.code]))
            for one in queries.grantable()
        ),
        key=lambda choice: not known[choice.value],
    )


def _records(number: int) -> Text:
    if not number:
        return Text("还没有您的记录", "no record of yours yet")
    return Text("{n} 条记录", "{n} {n|record|records}", n=number)


def _questions(shown: Shown) -> list[tuple[Inquiry, list[Field]]]:
    """The questions whose registers the grant names, each with what may be chosen."""
    named = {one.code for one in shown.registers}
    return [
        (
            each,
            [
                Field(
                    one.name,
                    "select",
                    one.words,
                    choices=[Choice(value, words) for value, words in one.options.items()],
                    anchor=f"{each.code}-{one.name}",
                )
                for one in each.chosen
            ],
        )
        for each in asking.inquiries()
        if named.issuperset(each.reads.values())
    ]


def _faults(request: ActorRequest, refused: Refused | None) -> list[tuple[str, Finding]]:
    if refused is None:
        return []
    placed = errors(_fields(request, refused))
    told = {id(finding) for _, finding in placed}
    return [*placed, *(("", each) for each in refused.findings if id(each) not in told)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return date.min  # a day that is none has passed


def _version(request: ActorRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= _DIGITS else 0
