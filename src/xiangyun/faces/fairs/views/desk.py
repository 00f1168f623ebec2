"""The desk where people arrive: a pass is scanned, its code typed in, and the arrival recorded."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from xiangyun.domain.registers import actions as writing
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.fairs import known as fairs
from xiangyun.faces.fairs import planning
from xiangyun.faces.fairs.known import Known
from xiangyun.faces.look import records
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.packfile.faults import fault

_PAGE = 60
_SOURCE = "fair:{code}"


@require_safe
@officials_only
def declared(request: ActorRequest) -> HttpResponse:
    """The fairs that there are; where there is but one, its desk."""
    found = fairs.fairs()
    if len(found) == 1:
        return HttpResponseRedirect(reverse("fairdesk:desk", args=[found[0].code]))
    return office_page(request, "fairs/desks.html", {"fairs": found})


@require_safe
@officials_only
def desk(request: ActorRequest, code: str) -> HttpResponse:
    """Whose pass it is, whether they have come, and what awaits them."""
    return _desk(request, code, request.GET.get("who", ""))


@officials_only
@action("fairdesk:desk", "code")
def arrive(request: ActorRequest, code: str) -> HttpResponse:
    """Record that somebody has come; a second time changes nothing."""
    found = fairs.known(code)
    who = request.POST.get("who", "").strip()
    try:
        side, _ = _whose(found, who)
        register = found.fair.kept["arrivals"]
        now = timezone.now()
        if registers.state(register, who) is None:
            writing.record(
                register,
                who,
                {"code": who, "side": side, "arrived": now.isoformat(timespec="seconds")},
                valid_from=timezone.localdate(now),
                source=_SOURCE.format(code=code),
                at=now,
                actor=request.actor,
                division=int(found.fair.division),
            )
    except Refused as refused:
        return _desk(request, code, who, refused.findings[0])
    return HttpResponseRedirect(
        f"{reverse('fairdesk:desk', args=[code])}?{urlencode({'who': who})}"
    )


@require_safe
@officials_only
def passes(request: ActorRequest, code: str) -> HttpResponse:
    """Passes of exhibitors to print, a page at a time."""
    found = fairs.known(code)
    after = request.GET.get("after", "")[:500] or None
    try:
        page = registers.search(found.exhibitors, after=after, limit=_PAGE)
    except Refused:
        page = registers.search(found.exhibitors, limit=_PAGE)
    used = registers.used(found.exhibitors)
    context = {
        "fair": found.fair,
        "passes": [
            (state.key, records.title_of(used, state), fairs.pass_of(code, state.key))
            for state in page.states
        ],
        "after": page.after,
    }
    return office_page(request, "fairs/passes.html", context)


def _desk(request: ActorRequest, code: str, who: str, wrong: Finding | None = None) -> HttpResponse:
    found = fairs.known(code)
    who = who.replace("\0", "")[:100].strip()
    may_plan = planning.may_plan(request.actor, found)
    context: dict[str, Any] = {"fair": found.fair, "who": who, "may_plan": may_plan}
    if who and wrong is None:
        try:
            side, state = _whose(found, who)
            used = registers.used(found.exhibitors if side == "exhibitor" else found.demands)
            arrived = registers.state(found.fair.kept["arrivals"], who)
            meetings = [
                {**each, "begins": fairs.moment(each.get("begins"))}
                for each in fairs.of_key(found.fair.kept["interviews"], side, who)
            ]
            context |= {
                "name": records.title_of(used, state),
                "arrived": fairs.moment((arrived.data or {}).get("arrived")) if arrived else None,
                "meetings": sorted(meetings, key=lambda each: str(each["begins"])),
                "interviews": found.fair.kept["interviews"],
            }
        except Refused as refused:
            wrong = refused.findings[0]
    field = Field("who", "text", Text("参会编号", "Number on the pass"), typed=who, error=wrong)
    context |= {"field": field, "errors": errors([field])}
    return office_page(request, "fairs/desk.html", context, status=422 if wrong else 200)


def _whose(found: Known, who: str) -> tuple[str, registers.State]:
    """On which side somebody takes part. Raises NotFound where nobody has this number."""
    for side, register in (("demand", found.demands), ("exhibitor", found.exhibitors)):
        state = registers.state(register, who) if who else None
        if state is not None:
            return side, state
    raise NotFound(
        [
            fault(
                "fair.E005",
                Text("没有参会编号“{who}”。", "Nobody has the number “{who}”.", who=who),
                None,
                Text("请对照通行证重新输入。", "Compare with the pass and type it again."),
            )
        ]
    )
