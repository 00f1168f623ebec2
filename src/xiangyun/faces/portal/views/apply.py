"""Apply: one small group of questions a page, a check page, and one case however often sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.look import limits
from xiangyun.faces.look.answers import known_rows, summary
from xiangyun.faces.look.fields import KeptFile
from xiangyun.faces.look.offices import authority
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.portal import places, reading
from xiangyun.faces.portal.asking import Asking
from xiangyun.kernel import codes
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import Form, Page, kept, visible_pages
from xiangyun.kernel.formspec import check as problems_of
from xiangyun.kernel.pack import Pack


@dataclass(frozen=True, slots=True)
class Writing:
    """An application being written, with all that its pages need."""

    draft: Any
    pack: Pack
    form: Form
    known: Mapping[str, drafts.Known]
    answers: Mapping[str, Value]
    pages: Sequence[Page]

    @property
    def kept(self) -> dict[str, list[KeptFile]]:
        return files_of(self.draft.id)

    def url(self, key: str) -> str:
        return reverse("portal:apply", args=[self.draft.id, key])

    def after(self, key: str) -> str:
        """Where to go on after a page: the next one, or the check page."""
        keys = [p.key for p in self.pages]
        rest = keys[keys.index(key) + 1 :] if key in keys else []
        return self.url(rest[0]) if rest else reverse("portal:check", args=[self.draft.id])

    def before(self, key: str) -> str:
        keys = [p.key for p in self.pages]
        at = keys.index(key)
        return self.url(keys[at - 1]) if at else ""


def files_of(draft_id: UUID) -> dict[str, list[KeptFile]]:
    """The files received, by question."""
    found: dict[str, list[KeptFile]] = {}
    for material in drafts.materials_of(draft_id):
        found.setdefault(material.question, []).append(KeptFile(material.name, material.size))
    return found


def writing(request: ActorRequest, draft_id: UUID) -> Writing:
    """The draft of this applicant or desk; `DoesNotExist` for anybody else."""
    draft = access.draft_for(request.actor, draft_id)
    pack = catalogue.pack(draft.version_id)
    known = drafts.known_values(draft)
    answers = {
        **drafts.answers_of(draft),
        **drafts.files_as_answers(draft),
        **{key: held.value for key, held in known.items()},
    }
    pages = visible_pages(pack.form, answers)
    return Writing(draft, pack, pack.form, known, answers, pages)


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
    version = catalogue.current_version(code)
    mine = (d for d in cases.my_drafts(request.actor) if d.version_id == version.id)
    draft = next((d for d in mine if not d.answers and d.filed_by is None), None)
    if draft is None:
        draft = drafts.start_draft(code, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.id]))


@require_safe
@logged_in
def resume(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Go to the first page that is not answered yet."""
    at = writing(request, draft_id)
    if at.draft.sent:
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    problems = problems_of(at.form, kept(at.form, at.answers), known=at.known.keys())
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
    """One page of the form: shown, or read, kept, and on to the next."""
    at = writing(request, draft_id)
    if at.draft.sent:
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    shown = next((p for p in at.pages if p.key == key), None)
    if shown is None:
        raise Http404
    asked = [q for q in shown.questions if q.key not in at.known]
    if request.method != "POST":
        return _page(request, at, shown, Asking(asked, at.answers, kept=at.kept))
    raw = {name: request.POST.getlist(name) for name in request.POST}
    if again := reading.shown_again(request, asked, raw, at.answers, at.kept):
        return _page(request, at, shown, again)
    settled = places.settle(asked, raw, within=region_of(request))
    read = at.form.read(
        shown,
        settled.typed,
        at.answers,
        files=reading.attached(request, asked),
        known={k: held.value for k, held in at.known.items()},
        on=timezone.localdate(),
    )
    read.errors.update(settled.faults)
    reading.take_files(request, draft_id, asked, read.errors)
    good = {
        q.key: read.answers.get(q.key)  # a row with a wrong cell keeps its other cells
        for q in asked
        if q.key not in read.errors and q.kind != "filepicker"
    }
    drafts.keep_answers(draft_id, good, actor=request.actor, at=timezone.now())
    if read.errors:
        asking = Asking(asked, at.answers, read, at.kept, settled.choices, raw)
        return _page(request, at, shown, asking)
    now = writing(request, draft_id)
    later = _newly_asked(now, key, {q.key for q in shown.questions})
    if later:
        return HttpResponseRedirect(f"{now.url(key)}?more=1#f-{later}")
    return HttpResponseRedirect(now.after(key))


def _newly_asked(now: Writing, key: str, shown: set[str]) -> str:
    """The first question of the page that only these answers brought up, or nothing."""
    keys = next(([q.key for q in p.questions] for p in now.pages if p.key == key), [])
    return next((k for k in keys if k not in shown and k not in now.known), "")


def _page(request: ActorRequest, at: Writing, shown: Page, asking: Asking) -> HttpResponse:
    keys = [p.key for p in at.pages]
    context = {
        "service": at.pack.service.name,
        "page": shown,
        "at": keys.index(shown.key) + 1,
        "of": len(keys) + 1,
        "back": at.before(shown.key),
        "fields": asking.fields,
        "errors": asking.errors,
        "known": known_rows(shown.questions, at.known),
        "behalf": behalf(at),
        "more": "more" in request.GET,
        "suggests": asking.suggests,
    }
    return public_page(
        request,
        "portal/apply.html",
        context,
        status=422 if asking.reading and asking.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@logged_in
def check(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Everything once more before it is sent; sending it twice leads to the same case."""
    at = writing(request, draft_id)
    problems: Mapping[str, Finding] = {}
    if request.method == "POST":
        try:
            case = actions.submit_case(draft_id, actor=request.actor, at=timezone.now())
            return HttpResponseRedirect(reverse("portal:sent", args=[case.id]))
        except Refused as refusal:
            problems = reading.by_question(refusal)
    elif at.draft.sent:
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    change = {p.key: at.url(p.key) for p in at.pages}
    context = {
        "service": at.pack.service.name,
        "of": len(at.pages) + 1,
        "back": at.url(at.pages[-1].key),
        "groups": summary(at.pages, at.answers, known=at.known, errors=problems, change=change),
        "errors": [(f"page-{_page_key(at, key)}", fault) for key, fault in problems.items()],
        "authority": words(authority(at.pack.service, _place(request, at))),
        "promise": words(promise(at.pack)),
        "behalf": behalf(at),
    }
    return public_page(request, "portal/check.html", context, status=422 if problems else 200)


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
    return Text(f"承诺 {days.zh}内办结。", f"The promise: done within {days.en}.")


def behalf(at: Writing) -> str:
    """For whom a desk is filing; nothing when people file for themselves."""
    if at.draft.filed_by is None:
        return ""
    return next((str(held.value) for held in at.known.values()), "申请人")
