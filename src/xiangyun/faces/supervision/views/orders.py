"""Say something about a task, and answer what was said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import assignment
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.supervision import access, actions, queries
from xiangyun.faces.look import downloads
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.supervision import tables
from xiangyun.kernel.findings import Finding, Refused, Text


@require_safe
@officials_only
def say(request: ActorRequest) -> HttpResponse:
    """What has been said about a task, and the form to say something."""
    return _say(request, request.GET)


@officials_only
@action("supervision:place")
def say_it(request: ActorRequest) -> HttpResponse:
    """Urge, or order an answer by a day."""
    case, task = _task(request, request.POST)
    why, at = request.POST.get("why", "")[:4000], timezone.now()
    try:
        if request.POST.get("do") == "order":
            try:
                due_on = date.fromisoformat(request.POST.get("due", ""))
            except ValueError:
                raise Refused([_NO_DAY]) from None
            actions.order(case.pk, task.token, why=why, due_on=due_on, actor=request.actor, at=at)
        else:
            actions.urge(case.pk, task.token, why=why, actor=request.actor, at=at)
    except Refused as refusal:
        return _say(request, request.POST, refusal)
    return HttpResponseRedirect(reverse("supervision:orders"))


@officials_only
@action("supervision:place")
def reassign(request: ActorRequest) -> HttpResponse:
    """Give the task to another official."""
    case, task = _task(request, request.POST)
    why, to = request.POST.get("because", "")[:4000], _account(request.POST.get("to", ""))
    try:
        actions.reassign(case.pk, task.token, to, why=why, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        return _say(request, request.POST, refusal)
    return HttpResponseRedirect(reverse("workbench:case", args=[case.pk]))


def _account(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)  # nobody's


def _others(request: ActorRequest, case: cases.Case, task: cases.Waiting) -> list[Field]:
    """What giving the task to somebody else asks; nothing where nobody else may do it."""
    found = assignment.holdings(case, request.actor, task.token)
    people = [
        Choice(str(one.account), Text.given(f"{one.name} · {one.desk}", one.name))
        for each in found
        for one in each.others
    ]
    if not people:
        return []
    why = Field(
        "because", "text", Text("改派的理由", "Why"), typed=request.POST.get("because", "")[:500]
    )
    return [Field("to", "select", Text("改派给谁", "To whom"), choices=people), why]


def _say(request: ActorRequest, asked: QueryDict, refusal: Refused | None = None) -> HttpResponse:
    case, task = _task(request, asked)
    if not access.oversees_place(request.actor, task.place):
        raise Http404
    context = {
        "case": case,
        "task": task,
        "said": queries.about(case.pk, task.token),
        "others": _others(request, case, task),
        "typed": asked.get("why", ""),
        "due": asked.get("due", ""),
        "today": timezone.localdate().isoformat(),
        "most": actions.LONGEST,
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return office_page(request, "supervision/say.html", context, status=status)


def _task(request: ActorRequest, asked: QueryDict) -> tuple[cases.Case, cases.Waiting]:
    """The case and its open task that are asked for; Http404 for what is not there or not seen."""
    try:
        case = case_access.case_for(request.actor, UUID(asked.get("case", "")))
    except (ValueError, cases.Case.DoesNotExist):
        raise Http404 from None
    token = asked.get("task", "")
    task = next((each for each in cases.waiting_in(case) if each.token == token), None)
    if task is None:
        raise Http404
    return case, task


@require_safe
@officials_only
def orders(request: ActorRequest) -> HttpResponse:
    """Orders to answer, and what one has said oneself."""
    if downloads.wanted(request):
        both = (*queries.to_answer(request.actor), *queries.given(request.actor)[: downloads.MOST])
        return downloads.answer(request, tables.ORDERS, downloads.whole(both))
    return _orders(request)


@officials_only
@action("supervision:orders")
def answer(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Answer an order."""
    said = request.POST.get("answer", "")[:4000]
    try:
        actions.answer(order_id, said, actor=request.actor, at=timezone.now())
    except queries.Order.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _orders(request, refusal, order_id, said)
    return HttpResponseRedirect(reverse("supervision:orders"))


def _orders(
    request: ActorRequest,
    refusal: Refused | None = None,
    which: UUID | None = None,
    typed: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "waiting": [
            (each, each.due_on is not None and each.due_on < today, typed * (each.pk == which))
            for each in queries.to_answer(request.actor)[:100]
        ],
        "given": queries.given(request.actor)[:100],
        "today": today,
        "most": actions.LONGEST,
        "fault": refusal.findings[0] if refusal else None,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return office_page(request, "supervision/orders.html", context, status=status)


_NO_DAY = Finding(
    "supervision.E009",
    "error",
    Text("督办须有答复期限。", "An order names the last day for its answer."),
    hint=Text("请选日期，或者只是催办。", "Choose a day, or only urge."),
)
