"""The holder's wallet page: what I hold, show it for a minute, make out copies, take them back."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import segno
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.certificates import actions, copies, queries, wallets
from xiangyun.domain.certificates.checking import purpose_words
from xiangyun.domain.certificates.forms import FORMS
from xiangyun.domain.certificates.queries import Status
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.findings import Refused


@require_safe
@logged_in
def wallet(request: ActorRequest) -> HttpResponse:
    """All that the party acted for holds."""
    party = request.actor.subject
    held = queries.certificates_of(party) if party else []
    lines = [
        (each, queries.state_of(each), reverse("credentials:held", args=[each.identifier]))
        for each in held
    ]
    lines.sort(key=lambda line: not line[1].stands)
    return public_page(request, "credentials/wallet.html", {"lines": lines})


@require_safe
@logged_in
def certificate(request: ActorRequest, identifier: str) -> HttpResponse:
    """One certificate: its forms, its copies, and what was done with it."""
    return _page(request, identifier)


def _page(
    request: ActorRequest, identifier: str, status: int = 200, **more: object
) -> HttpResponse:
    found = copies.own(identifier, request.actor)
    entry = copies.entry_of(found, timezone.now())
    context = {
        "certificate": found,
        "state": queries.state_of(found),
        "forms": [(name, form.name) for name, form in FORMS.items()],
        "short_code": _spelt(entry.short_code),
        # What its office wrote to its holder; whoever verifies it reads the reason alone.
        "described": found.reason_text if found.status != Status.REPLACED else "",
        "replaced_by": queries.replaced_by(found),
        "copies": [
            (each, purpose_words(each.purpose), _spelt(each.short_code))
            for each in copies.copies_of(identifier, request.actor)
        ],
        "history": copies.history_of(found),
        "today": timezone.localdate(),
        **more,
    }
    return public_page(request, "credentials/held.html", context, status=status)


def _spelt(code: str | None) -> str:
    """A short code as people read it out."""
    return f"{code[:5]}-{code[5:]}" if code else ""


@require_safe
@logged_in
def file(request: ActorRequest, identifier: str, form: str) -> HttpResponse:
    """The certificate as a file, in one of its five forms."""
    found = queries.certificate(identifier)
    actions.note_reading(found, actor=request.actor, at=timezone.now())
    made = copies.file_of(found, form, at=timezone.now())
    return _download(made)


def _download(made: copies.File) -> HttpResponse:
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@logged_in
@action("credentials:held", "identifier")
def show(request: ActorRequest, identifier: str) -> HttpResponse:
    """A code on the screen, good for one minute (亮证)."""
    token = wallets.show(identifier, actor=request.actor, at=timezone.now())
    address = f"{settings.PUBLIC_URL}{reverse('credentials:shown', args=[token])}"
    code = segno.make(address, error="m").svg_data_uri(border=2)
    return _page(request, identifier, code=code, seconds=wallets.SHOWN_TERM)


@require_safe
def shown(request: ActorRequest, token: str) -> HttpResponse:
    """What whoever scans a code of one minute sees: whether the certificate stands."""
    identifier = wallets.shown(token)
    if identifier is None:
        return public_page(request, "credentials/over.html", {}, status=410)
    return HttpResponseRedirect(f"{reverse('portal:verify')}?id={quote(identifier)}")


@logged_in
@action("credentials:held", "identifier")
def copy(request: ActorRequest, identifier: str) -> HttpResponse:
    """A copy for one use until a day."""
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = date.min
    try:
        _, made = copies.for_use(
            identifier,
            purpose=request.POST.get("purpose", ""),
            until=until,
            actor=request.actor,
            at=timezone.now(),
        )
    except Refused as problem:
        return _page(request, identifier, 422, problem=problem.findings[0])
    return _download(made)


@logged_in
@action("credentials:held", "identifier")
def annual(request: ActorRequest, identifier: str) -> HttpResponse:
    """The copy of this year."""
    try:
        _, made = copies.annual(identifier, actor=request.actor, at=timezone.now())
    except Refused as problem:
        return _page(request, identifier, 422, problem=problem.findings[0])
    return _download(made)


@logged_in
@action("credentials:wallet")
def withdraw(request: ActorRequest, entry: int) -> HttpResponse:
    """Take a copy back: its place in the status list says so within a minute."""
    try:
        ended = copies.withdraw(entry, actor=request.actor, at=timezone.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    return HttpResponseRedirect(reverse("credentials:held", args=[ended.certificate_id]))


@logged_in
@action("credentials:held", "identifier")
def offer(request: ActorRequest, identifier: str) -> HttpResponse:
    """Offer the certificate to a wallet of one's own, by a code on the screen."""
    try:
        made = wallets.offer(identifier, actor=request.actor, at=timezone.now())
    except Refused as problem:
        return _page(request, identifier, 409, problem=problem.findings[0])
    code = segno.make(made.link, error="l").svg_data_uri(border=2)
    return _page(request, identifier, offer_code=code, offer_link=made.link, tx_code=made.code)
