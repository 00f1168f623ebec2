"""A plan, beside another if asked; its map, its table, and the way to its approval."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import drafts, officialopening
from xiangyun.domain.cases.openings import Subject
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.divisions.names import name_of
from xiangyun.faces.look.fields import Choice, Field, errors
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.siting import planning
from xiangyun.faces.siting.planning import Asked
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.pack.kind import Declaration

if TYPE_CHECKING:
    from xiangyun.kernel.siting.ground import Spot
    from xiangyun.kernel.siting.plan import Plan

_OBJECTIVE = {
    "coverage": Text("步行可到的人最多", "most people within a walk"),
    "distance": Text("所有人走的路最短", "the shortest ways in all"),
}
BEARERS = {
    "province": Text("省级", "province"),
    "prefecture": Text("市级", "prefecture"),
    "county": Text("县级", "county"),
    "town": Text("乡镇级", "town"),
}
_BORNE = {
    "province": Text("其中省级（元）", "Of it the province (yuan)"),
    "prefecture": Text("其中市级（元）", "Of it prefectures (yuan)"),
    "county": Text("其中县级（元）", "Of it counties (yuan)"),
    "town": Text("其中乡镇级（元）", "Of it towns (yuan)"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A division by its words, with figures beside it."""

    words: Text
    url: str
    of: dict[str, Any]


@require_safe
@officials_only
def declared(request: ActorRequest) -> HttpResponse:
    """What may be planned; where there is but one, its plan."""
    found = planning.declared()
    if len(found) == 1:
        return HttpResponseRedirect(reverse("siting:one", args=[found[0].code]))
    return office_page(request, "siting/declared.html", {"declared": found})


@require_safe
@officials_only
def plan(request: ActorRequest, code: str) -> HttpResponse:
    """One plan, and with `b_choose` and the like another beside it."""
    declaration = _declared(code)
    faults: dict[str, Finding] = {}
    asked, other = planning.usual(declaration.value), None
    first = second = None
    try:
        asked = planning.asked_by(request.GET, asked)
        first = planning.plan_for(code, asked)
        if any(key.startswith("b_") and value for key, value in request.GET.items()):
            other = planning.asked_by(request.GET, asked, "b_")
            second = planning.plan_for(code, other)
    except Refused as refused:
        faults = {(one.place.question if one.place else "") or "choose": one
                  for one in refused.findings}  # fmt: skip
    fields = _fields(request, asked, faults)
    context: dict[str, Any] = {
        "code": code,
        "name": declaration.name,
        "about": declaration.value.about,
        "basis": declaration.value.basis,
        "verified": declaration.value.verified,
        "fields": fields,
        "errors": errors(fields),
    }
    if first is not None:
        context |= _told(request, code, first, asked)
    if first is not None and second is not None and other is not None:
        context |= {"beside": _beside(first, second), "other": other.query}
    return office_page(request, "siting/plan.html", context, status=422 if faults else 200)


@require_safe
@officials_only
def drawn(request: ActorRequest, code: str) -> HttpResponse:
    """The map alone, to keep or print."""
    found, _ = _asked_for(request, code)
    answer = HttpResponse(_map(found, _within(request)), content_type="image/svg+xml")
    answer["Content-Disposition"] = 'attachment; filename="plan.svg"'
    return answer


@require_safe
@officials_only
def table(request: ActorRequest, code: str) -> HttpResponse:
    """The new sites as CSV, with the mark by which a spreadsheet knows UTF-8."""
    from xiangyun.kernel.siting.report import plan_csv, plan_json  # noqa: PLC0415 - arrays

    found, _ = _asked_for(request, code)
    answer = HttpResponse("\ufeff" + plan_csv(plan_json(found)), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="plan.csv"'
    return answer


@require_safe
@officials_only
def machine(request: ActorRequest, code: str) -> HttpResponse:
    """The whole plan as JSON."""
    from xiangyun.kernel.siting.report import plan_json  # noqa: PLC0415 - arrays

    found, _ = _asked_for(request, code)
    text = json.dumps(plan_json(found), ensure_ascii=False)
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="plan.json"'
    return answer


@officials_only
@action("siting:one", "code")
def put_forward(request: ActorRequest, code: str) -> HttpResponse:
    """Begin the case by which a plan is approved, with its figures as answers."""
    declaration = _declared(code)
    asked = planning.asked_by(request.POST, planning.usual(declaration.value))
    found = planning.plan_for(code, asked)
    place = divisions.division(declaration.value.within)
    now = timezone.now()
    draft = officialopening.start_opening(
        declaration.value.approval,
        Subject(None, "place", declaration.value.within, place.name),
        actor=request.actor,
        at=now,
    )
    answers = {
        "plan_name": f"{declaration.name.zh} {asked.choose}",
        "place": declaration.value.within,
        "address": f"{reverse('siting:one', args=[code])}?{asked.query}",
        "new_sites": len(found.new),
        "covered": found.after,
        "more": found.more,
        "build": sum(cost.build for cost in found.costs),
    }
    drafts.keep_answers(draft.pk, answers, actor=request.actor, at=now)
    return HttpResponseRedirect(reverse("portal:resume", args=[draft.pk]))


def _declared(code: str) -> Declaration:
    for each in planning.declared():
        if each.code == code:
            return each
    raise Http404


def _asked_for(request: ActorRequest, code: str) -> tuple[Plan, Asked]:
    try:
        asked = planning.asked_by(request.GET, planning.usual(_declared(code).value))
        return planning.plan_for(code, asked), asked
    except Refused as refused:
        raise Http404 from refused


def _within(request: ActorRequest) -> int:
    written = request.GET.get("within", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) == 12 else 0


def _map(found: Plan, within: int) -> SafeString:
    from xiangyun.kernel.siting.drawing import plan_map  # noqa: PLC0415 - arrays

    if within and not any(site.county == within // 10**6 * 10**6 for site in found.ground.sites):
        raise Http404
    language = reader()

    def named(code: int, name: str) -> str:
        return name_of(code, name or _name(code)).pick(language)

    return mark_safe(plan_map(found, within, language=language, named=named))  # escaped there


def _told(request: ActorRequest, code: str, found: Plan, asked: Asked) -> dict[str, Any]:
    within = _within(request)
    county = within // 10**6 * 10**6
    sites = [one for one in found.new if not county or one.site.county == county]
    return {
        "found": found,
        "query": asked.query,
        "objective": _OBJECTIVE[asked.objective],
        "asked": asked,
        "share": _percent(found.after, found.people),
        "share_before": _percent(found.before, found.people),
        "build": sum(cost.build for cost in found.costs),
        "costs": [
            {"cost": cost, "bears": [(BEARERS[key], amount) for key, amount in cost.bears.items()]}
            for cost in found.costs
        ],
        "map": _map(found, within),
        "within": within and name_of(within, _name(within)),
        "within_code": f"{within:012}" if within else "",
        "sites": [
            _named(one.site.code, one.site.name, {"site": one, "keep": _keeping(asked, one.site)})
            for one in sites
        ],
        "counties": [_named(one.code, _name(one.code), {"county": one}) for one in found.counties],
    }


def _keeping(asked: Asked, site: Spot) -> str:
    """The query by which a town is decided; empty where it is already."""
    if site.code in asked.decided:
        return ""
    return replace(asked, decided=(*asked.decided, site.code)).query


def _name(code: int) -> str:
    return divisions.division(f"{code:012}").name


def _named(code: int, name: str, of: dict[str, Any]) -> Named:
    return Named(name_of(code, name), f"{code:012}", of)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "—"


def _beside(first: Plan, second: Plan) -> dict[str, Any]:
    """Both plans in figures, and the towns that only one of them has."""
    one = {each.site.code: each.site for each in first.new}
    other = {each.site.code: each.site for each in second.new}

    def only(here: dict[int, Any], there: dict[int, Any]) -> Sequence[Text]:
        return [name_of(site.code, site.name) for code, site in here.items() if code not in there]

    def row(words: Text, a: int, b: int) -> dict[str, Any]:
        return {"words": words, "a": a, "b": b, "difference": b - a}

    return {
        "rows": [
            row(Text("新建", "New sites"), len(first.new), len(second.new)),
            row(Text("步行可到的人", "People within a walk"), first.after, second.after),
            row(Text("平均路程（米）", "Metres on average"), first.distance[1], second.distance[1]),
            row(Text("距目标还差", "More for the target"), first.more, second.more),
            row(
                Text("建设费用（元）", "To build (yuan)"),
                sum(cost.build for cost in first.costs),
                sum(cost.build for cost in second.costs),
            ),
            *(
                row(said, _borne(first, level), _borne(second, level))
                for level, said in _BORNE.items()
            ),
        ],
        "only_first": only(one, other),
        "only_second": only(other, one),
    }


def _borne(plan: Plan, level: str) -> int:
    """What one level bears of building all that a plan asks, in yuan."""
    return sum(cost.bears.get(level, 0) for cost in plan.costs)


def _fields(request: ActorRequest, asked: Asked, faults: dict[str, Finding]) -> list[Field]:
    """What may be changed; and of a second plan what differs from the first."""
    usual = {"choose": f"{asked.choose}", "least": f"{asked.least}", "minutes": f"{asked.minutes}",
             "decided": asked.written}  # fmt: skip
    fields = [
        Field(
            key,
            "text",
            said,
            required=key in ("choose", "least", "minutes"),
            typed=request.GET.get(key, usual.get(key, "")),
            error=faults.get(key),
            width="" if key == "decided" else "short",
            inputmode="" if key == "decided" else "numeric",
        )
        for key, said in _ASKED.items()
    ]
    for key, at, said, picked in (
        ("objective", 3, Text("目标", "Objective"), asked.objective),
        ("b_objective", 8, Text("另一方案的目标", "The other plan: objective"),
         request.GET.get("b_objective", "")),
    ):  # fmt: skip
        choices = [Choice(value, words, value == picked) for value, words in _OBJECTIVE.items()]
        fields.insert(at, Field(key, "radio", said, choices=choices))
    return fields


_ASKED = {
    "choose": Text("再建多少个", "How many more"),
    "least": Text("每个县至少", "In every county at least"),
    "minutes": Text("步行分钟", "Minutes on foot"),
    "decided": Text("已定的乡镇（街道），区划代码", "Towns decided already, by their codes"),
    "b_choose": Text("另一方案再建（其余同上）", "The other plan: how many more (else as above)"),
    "b_least": Text("另一方案每个县至少", "The other plan: in every county at least"),
    "b_minutes": Text("另一方案步行分钟", "The other plan: minutes on foot"),
}
