"""Webhooks over the interface: for a party that wants to be told instead of asking."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from xiangyun.domain.webhooks import actions, queries

from .asking import actor_of

router = Router(tags=["webhooks"])


class WebhookIn(Schema):
    """Where to post, and which events; none: all that are told. See the guide for their names."""

    address: str = Field(max_length=500)
    events: list[str] = Field(default_factory=list, max_length=50)


class WebhookOut(Schema):
    """A webhook; `key` is the public key (PEM) that signs what is posted, `key_id` its name."""

    id: UUID
    address: str
    events: list[str]
    made_at: datetime
    key_id: str
    key: str


class CallOut(Schema):
    """What was posted, or is to be: how often it was tried, and what was answered last."""

    id: UUID
    event: str
    at: datetime
    state: str
    attempts: int
    status: int | None
    next_at: datetime | None


@router.post("/webhooks", response={201: WebhookOut})
def make_webhook(request: HttpRequest, given: WebhookIn) -> Status[WebhookOut]:
    """Have what happens to the cases of the party that you act for posted, signed."""
    made = actions.make(given.address, given.events, actor=actor_of(request), at=timezone.now())
    return Status(201, _out(made))


@router.get("/webhooks", response=list[WebhookOut])
def webhooks(request: HttpRequest) -> list[WebhookOut]:
    """The webhooks of the party that you act for."""
    return [_out(each) for each in queries.mine(actor_of(request))]


@router.delete("/webhooks/{uuid:webhook}", response={204: None})
def end_webhook(request: HttpRequest, webhook: UUID) -> Status[None]:
    """Have nothing more posted there; done twice, it is ended once."""
    try:
        actions.end(webhook, actor=actor_of(request), at=timezone.now())
    except queries.Webhook.DoesNotExist:
        raise Http404 from None
    return Status(204, None)


@router.get("/webhooks/{uuid:webhook}/calls", response=list[CallOut])
def calls_of_webhook(request: HttpRequest, webhook: UUID) -> list[CallOut]:
    """The latest hundred calls, with what became of each."""
    try:
        found = queries.calls(webhook, actor_of(request))
    except queries.Webhook.DoesNotExist:
        raise Http404 from None
    return [
        CallOut(
            id=each.pk,
            event=each.verb,
            at=each.at,
            state=each.state,
            attempts=each.attempts,
            status=each.status,
            next_at=each.due_at if each.state == queries.State.WAITING else None,
        )
        for each in found
    ]


def _out(each: queries.Webhook) -> WebhookOut:
    key_id, key = queries.key()
    return WebhookOut(
        id=each.pk,
        address=each.address,
        events=each.verbs,
        made_at=each.made_at,
        key_id=key_id,
        key=key,
    )
