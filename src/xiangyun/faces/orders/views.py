"""What a clerk of draws sees: the plan of the year, orders to give, to reveal, and recusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.draws import access, actions, freezing, queries
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.faces.look.offices import department_in
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.pack.kind import Declaration

_PAGE = 100
_AT_ONCE = 20
"""So many cases open with the reveal itself; somebody waits for the page."""
_DIGITS = 18
JOURNAL, DRAND, PUBLIC = "journal", "drand", "public"
_BEACONS = (
    (JOURNAL, Text("本平台日志以后的根哈希", "A later head of the journal")),
    (PUBLIC, Text("事先指定的公开事件，如某期彩票号码", "A public event, such as a lottery")),
    (DRAND, Text("drand 的一轮", "A round of drand")),
)


@require_safe
@officials_only
def orders(request: ActorRequest) -> HttpResponse:
    """The draws that the official orders: what is planned, and what was ordered."""
    return _orders(request)


@officials_only
@action("orders:orders")
def plan(request: ActorRequest) -> HttpResponse:
    """Put a draw into a year's plan."""
    given, now = request.POST, timezone.now()
    code, month, year = given.get("draw", ""), given.get("month", ""), given.get("year", "")
    if not (_is_number(month) and _is_number(year)):
        raise Http404

    def do() -> str:
        note = given.get("note", "")[:200]
        actions.plan(code, int(year), int(month), actor=request.actor, at=now, note=note)
        return reverse("orders:orders")

    return _done(request, do, _orders)


@officials_only
@action("orders:orders")
def order(request: ActorRequest) -> HttpResponse:
    """Freeze the lists, commit, and publish the order."""
    kind, what = request.POST.get("beacon", ""), request.POST.get("what", "")[:4_000]

    def do() -> str:
        made = actions.order(
            request.POST.get("draw", ""),
            timezone.localdate(),
            _beacon(kind, what),
            actor=request.actor,
            at=timezone.now(),
        )
        return reverse("orders:order", args=[made.number])

    return _done(request, do, _orders)


@require_safe
@officials_only
def one(request: ActorRequest, lot: str) -> HttpResponse:
    """One order of the official's place: to reveal, or with what came out."""
    return _one(request, lot)


@officials_only
@action("orders:order", "lot")
def reveal(request: ActorRequest, lot: str) -> HttpResponse:
    """Reveal secret and beacon; some cases open at once, the others by themselves soon after."""
    given, (found, _) = request.POST.get("value", "")[:4_000].strip(), _mine(request, lot)
    kind = found.order["beacon"].get("kind")

    def do() -> str:
        beacon = None if kind == JOURNAL else {"value": given} if kind == PUBLIC else _read(given)
        actions.reveal(lot, beacon, actor=request.actor, at=timezone.now())
        with suppress(Refused):  # it is revealed; the job opens what is left, and says why not
            actions.open_cases(lot, at=timezone.now(), at_most=_AT_ONCE)
        return reverse("orders:order", args=[lot])

    return _done(request, do, lambda request, refused: _one(request, lot, refused))


@officials_only
@action("orders:order", "lot")
def recuse(request: ActorRequest, lot: str) -> HttpResponse:
    """Strike an inspector from a visit; another one is drawn."""
    key, _, inspector = request.POST.get("who", "").partition(" ")
    why = request.POST.get("why", "")[:500]
    _mine(request, lot)

    def do() -> str:
        actions.recuse(lot, key, inspector, why, actor=request.actor, at=timezone.now())
        return reverse("orders:order", args=[lot])

    return _done(request, do, lambda request, refused: _one(request, lot, refused))


@require_safe
@officials_only
def mine(request: ActorRequest) -> HttpResponse:
    """The visits for which the official was drawn this year, each with a way to be recused."""
    return _own_visits(request)


@officials_only
@action("orders:mine")
def decline(request: ActorRequest) -> HttpResponse:
    """Be recused from an own visit; another inspector is drawn at once."""
    lot, _, rest = request.POST.get("which", "").partition(" ")
    key, _, inspector = rest.partition(" ")
    why = request.POST.get("why", "")[:500]
    if "\0" in request.POST.get("which", ""):
        raise Http404

    def do() -> str:
        actions.recuse(lot, key, inspector, why, actor=request.actor, at=timezone.now())
        return reverse("orders:mine")

    return _done(request, do, _own_visits)


def _own_visits(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    declared = access.visited_by(request.actor)
    if not declared:
        raise Http404
    login = accounts.own_account(request.actor).login
    codes = [each.code for each in declared]
    with acting_as(SYSTEM):  # before it is public: whoever goes there has to know
        today = timezone.localdate()
        found = queries.visits_by(login, codes, today.year)
        keys = dict[str, list[str]]()
        for visit, _ in found:
            keys.setdefault(visit.register, []).append(visit.key)
        names = {each: queries.names_of(each, some, today) for each, some in keys.items()}
    context = {
        "visits": [
            (
                visit,
                names[visit.register].get(visit.key, visit.key),
                f"{visit.draw.number} {visit.key} {code}",
                Field("why", "text", Text("理由", "Reason"), anchor=f"why-{visit.pk}"),
            )
            for visit, code in found
        ]
    }
    return _page(request, "orders/mine.html", context, refused)


Again = Callable[[ActorRequest, Refused], HttpResponse]


def _done(request: ActorRequest, verb: Callable[[], str], again: Again) -> HttpResponse:
    """Do it, and go on to the page it leads to; what was refused stands on the page again."""
    try:
        return HttpResponseRedirect(verb())
    except NotFound:
        raise Http404 from None
    except Refused as refused:
        return again(request, refused)


def _orders(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    declared = access.ordered_by(request.actor)
    if not declared:
        raise Http404
    year = timezone.localdate().year
    names = {each.code: each.name for each in declared}
    mine = [each for each in queries.draws() if _declaration(request, declared, each)]
    choices = [Choice(code, name) for code, name in names.items()]
    draw = Field("draw", "select", Text("哪一种抽查", "Which draw"), choices=choices)
    months = [Choice(str(at), Text("{n} 月", "{n}", n=str(at))) for at in range(1, 13)]
    context = {
        "year": year,
        "years": [
            (planned, [(each, names[each.code]) for each in some if each.code in names])
            for planned, some in queries.plans_from(year)
        ],
        "draws": [(each, names[each.code]) for each in mine],
        "plan_fields": [
            draw,
            Field("month", "select", Text("月份", "Month"), choices=months),
            Field("note", "text", Text("说明", "Note"), required=False),
        ],
        "ordering": [
            Field("draw", "select", draw.label, choices=choices, anchor="order"),
            Field(
                "beacon",
                "select",
                Text("信标", "Beacon"),
                hint=Text(
                    "现在谁都不知道、以后谁都看得到。", "Nobody knows it now; all see it later."
                ),
                choices=[Choice(kind, words, kind == JOURNAL) for kind, words in _BEACONS],
            ),
            Field(
                "what",
                "textarea",
                Text("哪一个信标", "Which one"),
                hint=Text(
                    "公开事件写明是什么；drand 写 JSON；日志不用写。",
                    "Name the public event; of drand as JSON; nothing for the journal.",
                ),
                required=False,
            ),
        ],
    }
    return _page(request, "orders/orders.html", context, refused)


def _one(request: ActorRequest, lot: str, refused: Refused | None = None) -> HttpResponse:
    found, declaration = _mine(request, lot)
    after = request.GET.get("after", "0")
    if not _is_number(after):
        raise Http404
    with acting_as(SYSTEM):  # before it is public: this is the office that draws
        outcome = queries.outcome(found)
        visits = queries.visits_of(found, int(after), _PAGE + 1) if outcome else []
        people = freezing.people_of(declaration.value, found) if visits else {}
        left = queries.unopened_of(found)
        keys = [each.key for each in visits]
        named = queries.names_of(found.order["register"], keys, found.ordered_on)
    shown = visits[:_PAGE]
    kind = found.order["beacon"].get("kind")
    context = {
        "draw": found,
        "name": Text.from_json(found.order["name"]),
        "outcome": outcome,
        "visits": [_visited(each, people, named.get(each.key, each.key)) for each in shown],
        "left": left,
        "next_after": shown[-1].pk if len(visits) > _PAGE else None,
        "own": found.account is not None and found.account == request.actor.account,
        "beacon": found.order["beacon"],
        "beacon_name": dict(_BEACONS).get(kind),
        "value": None
        if kind == JOURNAL
        else Field("value", "textarea", Text("信标给出的值", "What the beacon gave")),
    }
    return _page(request, "orders/order.html", context, refused)


def _page(
    request: ActorRequest, template: str, context: Mapping[str, Any], refused: Refused | None
) -> HttpResponse:
    errors = [("", each) for each in refused.findings] if refused else []
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, template, {**context, "errors": errors}, status=status)


def _declaration(
    request: ActorRequest, declared: Iterable[Declaration], draw: queries.Draw
) -> Declaration | None:
    """Of the draws that the official orders, the one that this order is of; None elsewhere."""
    own = next((each for each in declared if each.code == draw.code), None)
    return own if own and access.sees(request.actor, own, draw.order) else None


def _mine(request: ActorRequest, lot: str) -> tuple[queries.Draw, Declaration]:
    found = None if "\0" in lot else queries.draw(lot)
    own = _declaration(request, access.ordered_by(request.actor), found) if found else None
    if found is None or own is None:
        raise Http404
    return found, own


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit with who makes it (name, department, code), and the fields of a recusal."""

    visit: queries.Visit
    name: str
    people: Sequence[tuple[str, Text | str, str]]
    recusing: Sequence[Field]


def _visited(visit: queries.Visit, people: Mapping[str, Mapping[str, Any]], name: str) -> Visited:
    going = [each.partition("/") for each in visit.inspectors]
    going_there = [
        (
            str(people.get(code, {}).get("name") or code),
            department_in(team, visit.division) or team,
            code,
        )
        for team, _, code in going
    ]
    choices = [
        Choice(
            f"{visit.key} {code}", Text("{name}（{code}）", "{name} ({code})", name=who, code=code)
        )
        for who, _, code in going_there
    ]
    return Visited(
        visit,
        name,
        going_there,
        [
            Field("who", "select", Text("谁", "Who"), choices=choices, anchor=f"who-{visit.pk}"),
            Field("why", "text", Text("理由", "Reason"), anchor=f"why-{visit.pk}"),
        ],
    )


def _beacon(kind: str, what: str) -> Mapping[str, Any]:
    if kind == JOURNAL:
        return {"kind": JOURNAL}
    if kind == PUBLIC and what.strip():
        return {"kind": PUBLIC, "what": what.strip()}
    return {**_read(what), "kind": DRAND}


def _read(text: str) -> Mapping[str, Any]:
    """A JSON object as it was typed. Raises Refused `draw.E015`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused([_NO_BEACON])
    return found


_NO_BEACON = Finding(
    "draw.E015",
    "error",
    Text("没有写明信标。", "The beacon is not given."),
    hint=Text(
        "公开事件请用一句话写明；drand 请写 JSON，格式见 docs/reference/draw.md。",
        "Name the public event in a sentence, or drand as JSON: docs/reference/draw.md.",
    ),
)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS
