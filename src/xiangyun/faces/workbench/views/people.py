"""The people of an office and of those below it, for its administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.accounts.queries import Mandate
from xiangyun.domain.accounts.roles import department_of, full_words, role_words
from xiangyun.domain.authentication import queries as authentication
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.staff import checks, mandates, people, queries, sheets
from xiangyun.domain.staff.access import administers, may_give, reaches
from xiangyun.domain.staff.queries import Person
from xiangyun.domain.staff.roles import known_roles, offered
from xiangyun.faces.look import downloads
from xiangyun.faces.look.fields import errors
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, P, View, action, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.workbench import personform as forms
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.pack.kinds.role import DeclaredRole
from xiangyun.manifest import verbs

_LARGEST = 1024 * 1024  # bytes of a file of people or mandates
_DONE = Text("已办好。", "Done.")


def administrators_only(view: View[P]) -> View[P]:
    """Let in administrators; for others the page does not exist, nor do people of others."""

    @wraps(view)
    def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not administers(request.actor):
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            raise Http404 from None

    return officials_only(guarded)


@administrators_only
@require_safe
def everybody(request: ActorRequest) -> HttpResponse:
    """The people, narrowed by the words of a search."""
    sought = request.GET.get("q", "")
    today = timezone.localdate()
    known = known_roles()
    if downloads.wanted(request):
        rows = queries.people(request.actor, sought)
        return downloads.answer(request, _table(today, known), downloads.whole(rows))
    found = [(one, _roles(one, today, known)) for one in queries.people(request.actor, sought)]
    return office_page(request, "workbench/people.html", {"found": found, "q": sought})


@administrators_only
@require_http_methods(["GET", "POST"])
def add(request: ActorRequest) -> HttpResponse:
    """Open an account; its password is shown once."""
    wrong: Finding | None = None
    if request.method == "POST":
        typed = request.POST
        try:
            opened = people.open_account(
                request.actor,
                login=typed.get("login", ""),
                name=typed.get("name", ""),
                division=typed.get("division", ""),
                office=typed.get("office", ""),
                department=typed.get("department", ""),
                mobile=typed.get("mobile", ""),
                at=timezone.now(),
            )
            return _secrets(request, [opened])
        except Refused as refused:
            wrong = refused.findings[0]
    fields = forms.of_new_person(request.actor, request.POST, wrong)
    context = {"fields": fields, "errors": errors(fields) or ([("", wrong)] if wrong else [])}
    return office_page(request, "workbench/person_new.html", context, status=422 if wrong else 200)


@administrators_only
@require_http_methods(["GET", "POST"])
def sheet(request: ActorRequest) -> HttpResponse:
    """Take a CSV file of people or of mandates; each wrong line is named, and nothing is done."""
    wrong: list[Finding] = []
    if request.method == "POST":
        given = request.FILES.get("file")
        text = _text_of(given.read(_LARGEST + 1)) if given is not None else None
        name = given.name or "" if given is not None else ""
        try:
            if text is None:
                raise Refused([_NO_FILE])
            if request.POST.get("kind") == "mandates":
                done = sheets.give_mandates(request.actor, text, at=timezone.now(), name=name)
            else:
                done = sheets.open_accounts(request.actor, text, at=timezone.now(), name=name)
            if done.opened:
                return _secrets(request, done.opened)
            said = Text("已办好 {n} 行。", "{n} {n|line|lines} done.", n=done.lines)
            messages.success(request, words(said))
            return HttpResponseRedirect(reverse("workbench:people"))
        except Refused as refused:
            wrong = refused.findings
    context = {"wrong": wrong, "people": sheets.PEOPLE, "mandates": sheets.MANDATES}
    return office_page(request, "workbench/people_file.html", context, status=422 if wrong else 200)


@administrators_only
@require_safe
def people_out(request: ActorRequest) -> HttpResponse:
    """The people as CSV."""
    return _csv("people.csv", sheets.people_out(request.actor))


@administrators_only
@require_safe
def mandates_out(request: ActorRequest) -> HttpResponse:
    """Their mandates as CSV."""
    return _csv("mandates.csv", sheets.mandates_out(request.actor))


@administrators_only
@require_safe
def person(request: ActorRequest, account: UUID) -> HttpResponse:
    """One official: mandates, deputies, the account and its history."""
    return _person(request, account)


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate in words; `mine`: whether it may be ended from here."""

    mandate: Mandate
    role: Text
    department: Text | None
    place: Text
    days: Text
    ended: bool
    mine: bool


def _person(
    request: ActorRequest, account: UUID, at: str = "", wrong: Finding | None = None
) -> HttpResponse:
    """The page of a person; `at` names the form that `wrong` is about."""
    actor, today = request.actor, timezone.localdate()
    one = queries.person(actor, account)
    typed = {name: request.POST if name == at else QueryDict() for name in ("mandate", "deputy")}
    of = {name: wrong if name == at else None for name in ("mandate", "deputy")}
    others = [
        each
        for each in queries.people(actor)
        if each.account not in (account, actor.account) and each.staffer.active
    ]
    known = known_roles()
    fields = forms.of_mandate(actor, one, offered(actor), typed["mandate"], of["mandate"])
    deputy = forms.of_deputy(others, typed["deputy"], of["deputy"])
    shown = errors([*fields, *deputy]) or ([("", wrong)] if wrong else [])
    with acting_as(SYSTEM):  # whose account it is was found out above
        factors = authentication.factors(account)
        history = journal.history(f"account/{account}")[-20:]
    context = {
        "one": one,
        "oneself": actor.account == account,
        "rows": [_row(request, each, today, known) for each in one.staffer.mandates],
        "fields": fields,
        "deputy_fields": deputy,
        "factors": factors,
        "history": [
            (entry, verbs()[entry.verb].say(_said(entry.data | entry.private, known)))
            for entry in reversed(history)
        ],
        "errors": shown,
        "open": at,
        "lock_field": forms.of_reason("lock"),
        "reset_field": forms.of_reason("reset"),
    }
    return office_page(request, "workbench/person.html", context, status=422 if wrong else 200)


def _row(
    request: ActorRequest, mandate: Mandate, today: date, known: Mapping[str, DeclaredRole]
) -> MandateRow:
    where = department(department_of(mandate.role))
    return MandateRow(
        mandate,
        role_words(mandate.role, known),
        where.name if where else None,
        divisions.path_words(mandate.division_id),
        _days(mandate),
        mandate.has_ended(today),
        may_give(reaches(request.actor), mandate.role, mandate.low, mandate.high),
    )


def _said(data: dict[str, object], known: Mapping[str, DeclaredRole]) -> dict[str, object]:
    """What an entry about an account holds, a role in words."""
    return data | ({"role": full_words(str(data["role"]), known)} if "role" in data else {})


def _days(mandate: Mandate) -> Text:
    """From when to when a mandate stands."""
    first, last = mandate.from_on, mandate.to_on
    if first and last:
        return Text("{first}至{last}", "{first} to {last}", first=first, last=last)
    if last:
        return Text("至{last}", "until {last}", last=last)
    if first:
        return Text("{first}起", "from {first}", first=first)
    return Text("长期", "until further notice")


def _roles(one: Person, today: date, known: Mapping[str, DeclaredRole]) -> Text | None:
    """What a person does today, in words."""
    held = [role_words(each.role, known) for each in one.staffer.mandates if each.stands(today)]
    return Text("{all}", "{all}", all=list(dict.fromkeys(held))) if held else None


def _table(today: date, known: Mapping[str, DeclaredRole]) -> downloads.Table[Person]:
    return downloads.Table(
        "officials",
        Text("本单位及下级的人员", "People of the office and below"),
        (
            (Text("姓名", "Name"), lambda one: one.staffer.name),
            (Text("登录名", "Login"), lambda one: one.staffer.login),
            (Text("单位", "Office"), lambda one: one.office),
            (Text("今天的职责", "Mandates today"), lambda one: _roles(one, today, known)),
            (
                Text("账户", "Account"),
                lambda one: (
                    Text("在用", "open") if one.staffer.active else Text("已停用", "locked")
                ),
            ),
        ),
    )


Verb = Callable[Concatenate[ActorRequest, UUID, P], HttpResponse | None]


def changing(form: str) -> Callable[[Verb[P]], View[P]]:
    """An address that changes something about a person and leads back to the page."""

    def decorated(verb: Verb[P]) -> View[P]:
        @wraps(verb)
        def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            account = kwargs.pop("account")
            assert isinstance(account, UUID)
            try:
                answer = verb(request, account, *args, **kwargs)
            except NotFound:
                raise
            except Refused as refused:
                return _person(request, account, form, refused.findings[0])
            if answer is not None:
                return answer
            messages.success(request, words(_DONE))
            return HttpResponseRedirect(reverse("workbench:person", args=[account]))

        return administrators_only(action("workbench:person", "account")(guarded))

    return decorated


@changing("mandate")
def give(request: ActorRequest, account: UUID) -> None:
    """Give a mandate."""
    typed = request.POST
    mandates.give(
        request.actor,
        account,
        role=typed.get("role", ""),
        department=typed.get("department", ""),
        division=typed.get("division", ""),
        from_on=forms.day_of(typed.get("from", "")),
        to_on=forms.day_of(typed.get("to", "")),
        at=timezone.now(),
    )


@changing("end")
def end(request: ActorRequest, account: UUID, mandate: int) -> None:
    """End a mandate, today or with a last day."""
    on = forms.day_of(request.POST.get("on", ""))
    mandates.end(request.actor, mandate, on=on, at=timezone.now())


@changing("deputy")
def name_deputy(request: ActorRequest, account: UUID) -> None:
    """Let somebody stand in for a time."""
    typed = request.POST
    first, last = forms.day_of(typed.get("from", "")), forms.day_of(typed.get("to", ""))
    if last is None:
        raise Refused([checks.DAYS])
    mandates.name_deputy(
        request.actor,
        account,
        queries.by_login(request.actor, typed.get("deputy", "")).account,
        from_on=first or timezone.localdate(),
        to_on=last,
        reason=typed.get("reason", ""),
        at=timezone.now(),
    )


@changing("deputy")
def end_deputy(request: ActorRequest, account: UUID, deputy: int) -> None:
    """A deputy no longer stands in."""
    mandates.end_deputy(request.actor, deputy, at=timezone.now())


@changing("account")
def lock(request: ActorRequest, account: UUID) -> None:
    """Lock the account."""
    people.lock(request.actor, account, reason=request.POST.get("reason", ""), at=timezone.now())


@changing("account")
def unlock(request: ActorRequest, account: UUID) -> None:
    """Let it be used again."""
    people.unlock(request.actor, account, reason=request.POST.get("reason", ""), at=timezone.now())


@changing("account")
def new_password(request: ActorRequest, account: UUID) -> HttpResponse:
    """A new password, shown once."""
    password = people.set_password(request.actor, account, at=timezone.now())
    login = queries.person(request.actor, account).staffer.login
    return _secrets(request, [people.Opened(account, login, password)])


@changing("account")
def reset_factor(request: ActorRequest, account: UUID) -> None:
    """Take second factors away that were lost."""
    people.reset_second_factor(
        request.actor, account, reason=request.POST.get("reason", ""), at=timezone.now()
    )


def _secrets(request: ActorRequest, opened: object) -> HttpResponse:
    """Passwords that were made, shown this once."""
    return office_page(request, "workbench/passwords.html", {"opened": opened})


def _csv(name: str, text: str) -> HttpResponse:
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _text_of(content: bytes) -> str | None:
    """A file as text; None for one that is too large or no UTF-8."""
    try:
        return content.decode("utf-8-sig") if 0 < len(content) <= _LARGEST else None
    except UnicodeDecodeError:
        return None


_NO_FILE = Finding(
    "workbench.E005",
    "error",
    Text("请选择一个不超过 1 MB 的 UTF-8 文件。", "Choose a file of UTF-8 of at most 1 MB."),
    hint=Text("在表格软件中另存为“CSV UTF-8”。", "Save it as “CSV UTF-8” in the spreadsheet."),
)
