"""Apply: one small group of questions a page, a check page, and one case however often sent."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.cases import drafts
from xiangyun.domain.materials import queries as materials
from xiangyun.faces.look import places, sending
from xiangyun.faces.look.answers import known_rows
from xiangyun.faces.look.asking import Asking
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.tones import SEVERITY_TONES
from xiangyun.faces.portal import reading, records
from xiangyun.faces.portal.writing import (
    Writing,
    behalf,
    doubt_marks,
    said_by_field,
    writing,
)
from xiangyun.kernel.formspec import Page, Question, submitted
from xiangyun.kernel.formspec import check as problems_of


@action("portal:guide", "code")
@logged_in
def start(request: ActorRequest, code: str) -> HttpResponse:
    """Begin an application; whoever has to log in first begins it with the login."""
    return begun(request, code)


def service_to_start(address: str) -> str:
    """The service that an address would start an application of, by POST; else nothing."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    return str(match.kwargs["code"]) if match.view_name == "portal:start" else ""


def begun(request: ActorRequest, code: str) -> HttpResponse:
    """Into a new application, or into one of this service that is still empty."""
    draft = drafts.empty_draft(code, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.id]))


@require_safe
@logged_in
def resume(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Go to the first page that is not answered yet."""
    at = writing(request, draft_id)
    if at.draft.sent:
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    problems = problems_of(at.form, submitted(at.form, at.answers), known=at.known.keys())
    open_ = {key.split(".")[0] for key in problems}
    begun = at.draft.answers or len(at.pages) == 1
    first = next((p for p in at.pages if {q.key for q in p.questions} & open_), None)
    if not begun:
        first = at.pages[0]
    return HttpResponseRedirect(
        at.url(first.key) if first else reverse("portal:check", args=[draft_id])
    )


@require_http_methods(["GET", "POST"])
@logged_in
def page_of_form(request: ActorRequest, draft_id: UUID, key: str) -> HttpResponse:
    """One page of the form: shown, or read, received, and on to the next."""
    at = writing(request, draft_id)
    if at.draft.sent:
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    shown = next((p for p in at.pages if p.key == key), None)
    if shown is None:
        raise Http404
    waiting = at.prefill.undecided
    # Also what is not asked with the answers so far: it may be while somebody types.
    whole = at.form.page(key).questions
    asked = [q for q in whole if q.key not in at.known and q.key not in waiting]
    choosing = records.choices_on(shown, at.prefill)
    if request.method != "POST":
        seen = at.is_seen(shown)
        heard = said_by_field(at.pack, at.advice, at.doubts) if seen else {}
        asking = Asking(asked, at.answers, received=at.files, said=heard)
        return _page(request, at, shown, asking, records.fields(choosing))
    raw = sending.typed(request, asked)
    seen_here = {q.key for q in shown.questions} | set(request.POST.get("asked", "").split())
    reading.remove_file(request, draft_id)
    if again := sending.shown_again(request, asked, raw, at.answers, at.files):
        return _page(request, at, shown, again, records.fields(choosing, raw))
    settled = places.settle(asked, raw, within=region_of(request))
    read = at.form.read(
        at.form.page(key),
        settled.typed,
        at.answers,
        files=sending.attached(request, asked),
        known={k: held.value for k, held in at.known.items()},
        on=timezone.localdate(),
    )
    for name in waiting:  # asked by the choice of a record, not by its own field
        read.errors.pop(name, None)
    read.errors.update(settled.faults)
    for name in [*read.errors]:
        if name.split(".")[0] not in seen_here:  # brought up by these answers: asked next
            del read.errors[name]
    open_ = submitted(at.form, read.answers).keys()
    reading.take_files(request, draft_id, [q for q in asked if q.key in open_], read.errors)
    good = {
        q.key: read.answers.get(q.key)  # a row with a wrong cell keeps its other cells
        for q in asked
        if q.key in open_ and q.key not in read.errors and q.kind != "filepicker"
    }
    drafts.keep_answers(draft_id, good, actor=request.actor, at=timezone.now())
    if (other := request.POST.get("instead", "")) in {q.key for q in asked}:
        return HttpResponseRedirect(reverse("materials:choose", args=[draft_id, other]))
    unchosen = records.take(choosing, raw, draft_id, request.actor)
    if read.errors or unchosen:
        asking = Asking(asked, at.answers, read, at.files, settled.choices, raw)
        return _page(request, at, shown, asking, records.fields(choosing, raw, unchosen))
    now = writing(request, draft_id)
    later = _newly_asked(now, key, seen_here)
    if later:
        return HttpResponseRedirect(f"{now.url(key, more='1')}#f-{later}")
    if _unheard(now, asked, request.POST.get("heard", "")):
        return HttpResponseRedirect(f"{now.url(key, heard='1')}#found")
    return HttpResponseRedirect(now.after(key))


@logged_in
@action("portal:apply", "draft_id", "key")
def live(request: ActorRequest, draft_id: UUID, key: str) -> HttpResponse:
    """What a page asks, and what follows, for what is typed just now; keeps nothing."""
    at = writing(request, draft_id)
    shown = next((page for page in at.pages if page.key == key), None)
    if at.draft.sent or shown is None:
        raise Http404
    raw = {name: request.POST.getlist(name) for name in request.POST}
    known = {name: held.value for name, held in at.known.items()}
    whole = at.form.page(key)
    read = at.form.read(whole, raw, at.answers, known=known, on=timezone.localdate())
    asking = Asking(whole.questions, read.answers, read, raw=raw)
    return JsonResponse({"computed": asking.computed, "asked": asking.open_in(at.form)})


def _unheard(now: Writing, asked: Sequence[Question], heard: str) -> bool:
    """Whether there is something to be said of the answers of a page that was not said before."""
    keys = {question.key for question in asked}
    told = {f.id for f in now.advice if f.field in keys and f.severity in SEVERITY_TONES}
    doubted = {name: f for name, f in now.doubts.items() if name.split(".")[0] in keys}
    return not told | set(doubt_marks(doubted)) <= set(heard.split())


def _newly_asked(now: Writing, key: str, shown: set[str]) -> str:
    """The first question of the page that only these answers brought up, or nothing."""
    keys = next(([q.key for q in p.questions] for p in now.pages if p.key == key), [])
    return next((k for k in keys if k not in shown and k not in now.known), "")


def _other_ways(request: ActorRequest, at: Writing, shown: Page) -> set[str]:
    """The questions of a page for whose file something else may stand."""
    files = [q.key for q in shown.questions if q.kind == "filepicker" and q.key not in at.known]
    today = timezone.localdate()
    return {key for key in files if materials.offer(request.actor, at.draft.id, key, on=today)}


def _page(
    request: ActorRequest, at: Writing, shown: Page, asking: Asking, choosing: Sequence[Field]
) -> HttpResponse:
    keys = [p.key for p in at.pages]
    context = {
        "service": at.pack.service.name,
        "page": shown,
        "at": keys.index(shown.key) + 1,
        "of": len(keys) + 1,
        "back": at.before(shown.key),
        "choosing": choosing,
        "asked": asking.as_asked(at.form, folded=False),
        "errors": [*errors(choosing), *asking.errors],
        "known": known_rows(shown.questions, at.known),
        "behalf": behalf(at),
        "more": "more" in request.GET,
        "suggests": asking.suggests,
        "live": asking.is_live and reverse("portal:live", args=[at.draft.id, shown.key]),
        "found": asking.found,
        "heard": at.heard if asking.said else "",
        "other_ways": _other_ways(request, at, shown),
    }
    return public_page(
        request,
        "portal/apply.html",
        context,
        status=422 if asking.reading and asking.errors else 200,
    )
