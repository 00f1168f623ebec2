"""The inbox, and one message."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.messaging import actions, paper, queries
from xiangyun.faces.inbox.framed import framed
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.findings import Conflict

_PAGE = 30
_DIGITS = 18  # of the id of a message at most


@require_safe
@logged_in
def inbox(request: ActorRequest) -> HttpResponse:
    """The messages of the party acted for, the newest first, a page at a time."""
    before, only = request.GET.get("before", ""), request.GET.get("unread") == "1"
    if before and not _is_id(before):
        raise Http404  # no page has given it out
    found = queries.inbox(
        request.actor,
        before=int(before) if before else None,
        unread_only=only,
        limit=_PAGE + 1,
    )
    shown, here = found[:_PAGE], reverse("inbox:inbox")
    kept = "unread=1&" if only else ""
    context = {
        "messages_shown": shown,
        "unread": queries.unread(request.actor),
        "unread_only": only,
        "newest": shown[0].pk if shown else 0,
        "next_url": f"{here}?{kept}before={shown[-1].pk}" if len(found) > _PAGE else None,
        "first_url": (f"{here}?unread=1" if only else here) if before else None,
    }
    return framed(request, "inbox/inbox.html", context)


@require_safe
@logged_in
def message(request: ActorRequest, message_id: int) -> HttpResponse:
    """One message; whoever opens it first is written down with it."""
    try:
        found = actions.open_message(request.actor, message_id, at=timezone.now())
        body = queries.body_of(found)
    except ObjectDoesNotExist:
        raise Http404 from None
    context = {
        "message": found,
        "body": body,
        "ways": queries.ways_of(found),
        "case_url": _case_url(request, found),
    }
    return framed(request, "inbox/message.html", context)


def _case_url(request: ActorRequest, found: queries.Message) -> str:
    """The page of the case, for whoever has one: a party in another role may see none."""
    if found.case_id is None:
        return ""
    if request.actor.is_official:
        return reverse("workbench:case", args=[found.case_id])
    owns = queries.owns_case(request.actor, found)
    return reverse("portal:case", args=[found.case_id]) if owns else ""


@require_safe
@logged_in
def letter(request: ActorRequest, letter_id: int) -> HttpResponse:
    """A letter as PDF, in the reader's language."""
    if letter_id > 2**63 - 1:
        raise Http404
    try:
        made = paper.letter_as_pdf(request.actor, letter_id, reader(), at=timezone.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    except Conflict as refused:
        fault = refused.findings[0]
        context = {"title": fault.message, "about": fault.hint}
        return framed(request, "inbox/not_set.html", context, status=409)
    answer = HttpResponse(made.content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@logged_in
@action("inbox:inbox")
def read_all(request: ActorRequest) -> HttpResponse:
    """Take what the page has shown, and all before it, for read."""
    upto = request.POST.get("upto", "")
    if _is_id(upto):
        actions.open_all(request.actor, int(upto), at=timezone.now())
    return HttpResponseRedirect(reverse("inbox:inbox"))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS
