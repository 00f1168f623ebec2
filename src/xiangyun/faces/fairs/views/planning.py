"""The page where a fair is planned, by who may write its plan."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from procrastinate.contrib.django import app

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.faces.fairs import known as fairs
from xiangyun.faces.fairs import planning as plans
from xiangyun.faces.fairs.known import Known
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.kernel.findings import Refused, Text

QUEUE, TASK = "fairs", "fairs.plan"


@require_safe
@officials_only
def planning(request: ActorRequest, code: str) -> HttpResponse:
    """Who takes part, what is planned already, and the button."""
    return _page(request, _known(request, code), begun=request.GET.get("begun") == "yes")


@officials_only
@action("fairdesk:plan-fair", "code")
def begin(request: ActorRequest, code: str) -> HttpResponse:
    """Have a job plan the fair; what comes of it is a message."""
    found = _known(request, code)
    try:
        plans.refuse(request.actor, found)
    except Refused as refused:
        return _page(request, found, refused)
    task = app.configure_task(TASK, queue=QUEUE, lock=f"{TASK}:{code}")
    task.defer(code=code, account=str(request.actor.account))
    return HttpResponseRedirect(reverse("fairdesk:plan-fair", args=[code]) + "?begun=yes")


def _known(request: ActorRequest, code: str) -> Known:
    found = fairs.known(code)
    if not plans.may_plan(request.actor, found):
        raise Http404
    return found


def _page(
    request: ActorRequest, found: Known, refused: Refused | None = None, *, begun: bool = False
) -> HttpResponse:
    kept = found.fair.kept
    counted = (
        (Text("参会单位", "Exhibitors"), found.exhibitors),
        (Text("岗位等供给", "Offers"), found.offers),
        (Text("学生等来访者", "Visitors"), found.demands),
        (Text("已排的展位", "Booths in the plan"), kept["booths"]),
        (Text("已排的宣讲", "Talks in the plan"), kept["talks"]),
        (Text("已排的面试", "Interviews in the plan"), kept["interviews"]),
        (Text("已签到", "Arrived"), kept["arrivals"]),
    )
    with acting_as(SYSTEM):  # how many there are is no secret to who plans
        counts = [(words, sum(1 for _ in fairs.all_of(register))) for words, register in counted]
    context = {
        "fair": found.fair,
        "counts": counts,
        "begun": begun,
        "errors": [("", each) for each in refused.findings] if refused else [],
    }
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, "fairs/planning.html", context, status=status)
