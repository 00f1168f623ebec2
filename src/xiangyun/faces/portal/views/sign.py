"""An application is signed by passkey: everything once more, and then it is sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.cases import actions, signing
from xiangyun.faces.look import signing as pages
from xiangyun.faces.look.answers import summary
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.faces.portal.writing import Writing, writing
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack.variables import opening_of
from xiangyun.kernel.service.openings import start_of
from xiangyun.kernel.service.signing import SignatureRule, start_in

_SEND = Text("提交申请", "Send the application")


@require_http_methods(["GET", "POST"])
@logged_in
def sign(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """What is signed; by POST with a browser's answer it is sent, twice to the same case."""
    at = writing(request, draft_id)
    check = reverse("portal:check", args=[draft_id])
    if at.draft.sent:
        return HttpResponseRedirect(reverse("portal:case", args=[draft_id]))
    if (rule := rule_of(at)) is None:
        return HttpResponseRedirect(check)

    def act(given: signing.Signing) -> object:
        return actions.submit_case(
            draft_id, actor=request.actor, at=timezone.now(), signature=given
        )

    refused = None
    if request.method == "POST":
        try:
            act(pages.answered(request))
        except Refused as refusal:
            refused = refusal
        else:
            return HttpResponseRedirect(reverse("portal:sent", args=[draft_id]))
    context = {
        "title": _SEND,
        "over": at.pack.service.name,
        "groups": summary(at.pages, at.answers, known=at.known),
        "paper": at.form.question(rule.paper).label if rule.paper else None,
        "back": check,
        "address": request.path,
    }
    return pages.page(request, act, context, refused)


def rule_of(at: Writing) -> SignatureRule | None:
    """What signature is asked of whoever sends the application."""
    openings = at.pack.service.openings
    start = start_of(at.pack.process, openings, opening_of(at.draft.opened))
    return signing.asks(start_in(at.pack.process, start))


def must_sign(at: Writing) -> bool:
    """Whether it is not sent without a passkey's signature: no signed paper is attached."""
    rule = rule_of(at)
    return rule is not None and rule.required and not (rule.paper and at.answers.get(rule.paper))
