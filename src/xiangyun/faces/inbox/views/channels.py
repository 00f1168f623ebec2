"""How somebody is reached besides the inbox: addresses with their codes, and when it is quiet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.messaging import channels, contacts, ports
from xiangyun.domain.messaging.queries import Channel
from xiangyun.faces.inbox.framed import framed
from xiangyun.faces.look.fields import Choice, Field, errors
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.language import CHINESE, ENGLISH

_LABELS = {
    Channel.EMAIL: Text("电子邮件地址", "E-mail address"),
    Channel.SMS: Text("手机号码", "Mobile number"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A channel as the page shows it, with what stands now and what may be typed."""

    channel: str
    words: Text
    address: str = ""
    verified: bool = False
    wanted: bool = False
    problem: Text | None = None
    fields: list[Field] = field(default_factory=list)
    code_fields: list[Field] = field(default_factory=list)


@logged_in
@require_http_methods(["GET", "POST"])
def ways(request: ActorRequest) -> HttpResponse:
    """Show how one is reached; POST enters an address and has a code sent there."""
    if request.method == "GET":
        return _page(request)
    channel = _channel(request.POST.get("channel", ""))
    typed = request.POST.get(f"address-{channel}", "")
    try:
        kept = contacts.enter_address(request.actor, channel, typed, at=timezone.now())
    except Refused as refused:
        return _page(request, {f"address-{channel}": (typed, refused.findings[0])})
    if kept.verified_at is None:
        messages.success(request, words(Text("验证码已发出。", "A code is on its way.")))
    return HttpResponseRedirect(reverse("inbox:ways"))


@logged_in
@action("inbox:ways")
def confirm(request: ActorRequest, channel: str) -> HttpResponse:
    """Type the code that was sent."""
    typed = request.POST.get(f"code-{channel}", "")
    try:
        contacts.confirm(request.actor, _channel(channel), typed, at=timezone.now())
    except Refused as refused:
        return _page(request, {f"code-{channel}": (typed, refused.findings[0])})
    messages.success(request, words(Text("已核实，今后会通知到这里。", "Verified and in use.")))
    return HttpResponseRedirect(reverse("inbox:ways"))


@logged_in
@action("inbox:ways")
def forget(request: ActorRequest, channel: str) -> HttpResponse:
    """Forget an address; pressed twice, it is gone once."""
    contacts.forget(request.actor, _channel(channel))
    return HttpResponseRedirect(reverse("inbox:ways"))


@logged_in
@action("inbox:ways")
def prefer(request: ActorRequest) -> HttpResponse:
    """Choose the channels, the quiet hours and the language."""
    sent = request.POST
    contacts.choose(request.actor, sent.getlist("wanted"))
    begins, ends = _hour(sent.get("quiet-from", "")), _hour(sent.get("quiet-to", ""))
    contacts.prefer(
        request.actor,
        quiet=(begins, ends) if begins is not None and ends is not None else None,
        for_others="for-others" in sent,
        digest="digest" in sent,
        language=ENGLISH.tag if sent.get("language") == ENGLISH.tag else CHINESE.tag,
    )
    messages.success(request, words(Text("已保存。", "Saved.")))
    return HttpResponseRedirect(reverse("inbox:ways"))


Faults = dict[str, tuple[str, Finding]]


def _page(request: ActorRequest, faults: Faults | None = None) -> HttpResponse:
    faults = faults or {}
    shown = [_way(request, channel, faults) for channel in ports.offered()]
    preference = contacts.preference(request.actor)
    chosen = preference.language if preference.pk and not preference._state.adding else reader().tag
    context = {
        "ways": shown,
        "errors": errors([one for way in shown for one in (*way.fields, *way.code_fields)]),
        "verified": [way for way in shown if way.verified],
        "preference": preference,
        "hours_from": _hours(preference.quiet_from),
        "hours_to": _hours(preference.quiet_to),
        "languages": [
            Choice(each.tag, Text.given(each.name, each.name), each.tag == chosen)
            for each in (CHINESE, ENGLISH)
        ],
    }
    return framed(request, "inbox/ways.html", context, status=422 if faults else 200)


def _way(request: ActorRequest, channel: Channel, faults: Faults) -> Way:
    kept = contacts.contacts(request.actor).get(channel)
    typed, fault = faults.get(f"address-{channel}", ("", None))
    address = Field(
        f"address-{channel}",
        "text",
        _LABELS[channel],
        typed=typed or (kept.address if kept and kept.verified_at is None else ""),
        error=fault,
        width="medium",
        inputmode="email" if channel == Channel.EMAIL else "tel",
        autocomplete="email" if channel == Channel.EMAIL else "tel",
    )
    typed, fault = faults.get(f"code-{channel}", ("", None))
    code = Field(
        f"code-{channel}",
        "text",
        Text("收到的六位验证码", "The six digits that you received"),
        typed=typed,
        error=fault,
        width="short",
        inputmode="numeric",
        autocomplete="one-time-code",
    )
    if kept is None:
        return Way(channel, channels.HEADINGS[channel], fields=[address])
    verified = kept.verified_at is not None
    return Way(
        channel,
        channels.HEADINGS[channel],
        kept.address,
        verified,
        kept.wanted,
        Text.from_json(kept.problem) if kept.problem else None,
        [] if verified else [address],
        [] if verified else [code],
    )


def _channel(named: str) -> Channel:
    """A channel that this instance offers; any other has no page."""
    if named not in ports.offered():
        raise Http404
    return Channel(named)


def _hours(chosen: time | None) -> list[Choice]:
    return [
        Choice(
            f"{hour:02}:00",
            Text.given(f"{hour:02}:00", f"{hour:02}:00"),
            chosen is not None and chosen.hour == hour,
        )
        for hour in range(24)
    ]


def _hour(text: str) -> time | None:
    """An hour of the list; none for “never”."""
    known = {choice.value for choice in _hours(None)}
    return time(int(text[:2])) if text in known else None
