"""The office's page of a certificate: suspend it, let it stand again, end it, each for a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.certificates import access, actions, copies, queries
from xiangyun.domain.certificates.queries import Certificate, Status
from xiangyun.domain.certificates.reasons import REASONS, REPLACED
from xiangyun.domain.messaging import actions as inbox
from xiangyun.faces.look.fields import Choice, Field, errors
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.service.model import APPLICANT

_BECOMES = {
    "revoked": Text("撤销：{reason}", "Revoke: {reason}"),
    "withdrawn": Text("吊销：{reason}", "Withdraw: {reason}"),
    "cancelled": Text("注销：{reason}", "Cancel: {reason}"),
    "suspended": Text("暂停：{reason}", "Suspend: {reason}"),
}
_SUSPENDS = "06"
_ABOUT = ("certificates.E002",)
"""What is wrong in the description rather than in the reason."""


@require_safe
@officials_only
def find(request: ActorRequest) -> HttpResponse:
    """Certificates by what stands on them; the page is for whoever may end some."""
    if not access.ends_some(request.actor):
        raise Http404
    typed = request.GET.get("text", "").strip()[:200]
    found = queries.found_by_office(typed)
    lines = [
        (each, queries.state_of(each), reverse("credentials:office", args=[each.identifier]))
        for each in found
    ]
    context = {"typed": typed, "lines": lines}
    return office_page(request, "credentials/office_find.html", context)


@require_safe
@officials_only
def certificate(request: ActorRequest, identifier: str) -> HttpResponse:
    """Whether it stands, what was done with it, and what its office may do; the look is noted."""
    found = queries.certificate(identifier)
    actions.note_reading(found, actor=request.actor, at=timezone.now())
    return _page(request, found)


def _page(
    request: ActorRequest, found: Certificate, fault: Finding | None = None, status: int = 200
) -> HttpResponse:
    fields = _fields(request, found, fault)
    context = {
        "certificate": found,
        "state": queries.state_of(found),
        "history": copies.history_of(found),
        "replaced_by": queries.replaced_by(found),
        "may_end": access.may_end(request.actor, found),
        "stands": found.status in (Status.VALID, Status.SUSPENDED),
        "suspended": found.status == Status.SUSPENDED,
        "again": fields[0],
        "fields": fields[1:],
        "errors": errors(fields),
    }
    return office_page(request, "credentials/office.html", context, status=status)


def _fields(request: ActorRequest, found: Certificate, fault: Finding | None) -> list[Field]:
    """Why it stands again; why it does not, and in words: the latter two are one form."""
    chosen, typed = request.POST.get("reason", ""), request.POST.get("description", "")[:500]
    again = bool(fault) and fault is not _NO_REASON and "reason" not in request.POST
    of_text = fault if fault and fault.id in _ABOUT else None
    offered = [
        code
        for code in REASONS
        if code != REPLACED and not (code == _SUSPENDS and found.status == Status.SUSPENDED)
    ]
    return [
        Field(
            "description",
            "textarea",
            Text("为什么恢复", "Why it stands again"),
            anchor="again",
            typed=typed if again else "",
            error=fault if again else None,
        ),
        Field(
            "reason",
            "radio",
            Text("怎样处理，依据什么原因", "What becomes of it, and why"),
            choices=[
                Choice(
                    code,
                    _BECOMES[REASONS[code].status].filled({"reason": REASONS[code].text}),
                    chosen=code == chosen,
                    note=_given(REASONS[code].basis),
                )
                for code in offered
            ],
            error=fault if fault and not again and not of_text else None,
        ),
        Field(
            "description",
            "textarea",
            Text("写给持证人的说明", "A word to its holder"),
            hint=Text("选“其他”时必填。", "Needed with “Other”."),
            required=False,
            typed="" if again else typed,
            error=None if again else of_text,
        ),
    ]


def _given(said: str) -> Text | None:
    return Text.given(said, said) if said else None


@officials_only
@action("credentials:office", "identifier")
def end(request: ActorRequest, identifier: str) -> HttpResponse:
    """Suspend or end it, for a reason of the list."""
    reason, text = request.POST.get("reason", ""), request.POST.get("description", "")[:500]
    if not reason:
        return _page(request, queries.certificate(identifier), _NO_REASON, 422)
    return _changed(
        request,
        identifier,
        lambda: actions.revoke(
            identifier, reason=reason, description=text, actor=request.actor, at=timezone.now()
        ),
    )


@officials_only
@action("credentials:office", "identifier")
def reinstate(request: ActorRequest, identifier: str) -> HttpResponse:
    """Let a suspended one stand again."""
    text = request.POST.get("description", "")[:500]
    return _changed(
        request,
        identifier,
        lambda: actions.reinstate(
            identifier, description=text, actor=request.actor, at=timezone.now()
        ),
    )


def _changed(
    request: ActorRequest, identifier: str, change: Callable[[], Certificate]
) -> HttpResponse:
    now = timezone.now()
    try:
        with transaction.atomic():
            _tell_its_holder(change(), now)
    except Refused as refusal:
        found = queries.certificate(identifier)
        return _page(request, found, refusal.findings[0], STATUS[refusal.kind])
    messages.success(request, words(_DONE))
    return HttpResponseRedirect(reverse("credentials:office", args=[identifier]))


def _tell_its_holder(changed: Certificate, at: datetime) -> None:
    """Put into the inbox of whoever holds it what became of it; why stands in the wallet."""
    if changed.owner is None:
        return
    said = Text(
        "“{name}”（{number}）：{state}。原因写在证照包里；有疑问请联系{office}。",
        "“{name}” ({number}): {state}. The wallet says why; {office} answers questions.",
        name=changed.name,
        number=changed.number,
        state=queries.state_of(changed).word,
        office=changed.authority_name,
    )
    notice = inbox.Notice(
        key=f"certificate:{changed.pk}:{at.isoformat()}",
        kind="notice",
        name="certificate",
        role=APPLICANT,
        title=inbox.words_of(Text("您的证照状态有变化", "A certificate of yours has changed")),
        body=inbox.words_of(said),
        about=inbox.About(),
    )
    inbox.put(notice, [changed.owner], at=at)


_NO_REASON = Finding(
    "credentials.E002", "error", Text("请选择一个原因。", "Choose one of the reasons.")
)
_DONE = Text(
    "已记入日志；状态列表一分钟内更新，任何人核验都会看到。",
    "Entered in the journal. The status list says so within a minute, to whoever verifies it.",
)
