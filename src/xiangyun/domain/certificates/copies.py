"""Copies of a certificate: in one of five forms, for a wallet, or for one use until a day (加注件).

Every copy says the same facts and has a place of its own in a status list.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import ANONYMOUS, Actor
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as journal_queries
from xiangyun.domain.vault.sealing import is_masking
from xiangyun.kernel.credential.encodings import to_base64url
from xiangyun.kernel.credential.jws import Jwk
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.ledger import spelled
from xiangyun.kernel.service.secrecy import SEALED
from xiangyun.kernel.service.tasks.certificate_issue import ENDED
from xiangyun.manifest import verbs

from . import access, statuses
from .checking import OF_YEAR, purpose_words
from .document import signed, with_data
from .forms import FORMS, ofdpage, sdjwtvc, w3c
from .models import Certificate, Status, StatusEntry
from .page import blank_page
from .ports import certificate_pdf, keyring, signer
from .queries import standing_of
from .reasons import REASONS, REPLACED

_LONGEST = 366
"""Days for which a copy may be made out."""
FOR_USE, ANNUAL = "copy", "annual"


class File(NamedTuple):
    """A copy as a file."""

    name: str
    media_type: str
    content: bytes


class Used(NamedTuple):
    """Something that was done with a certificate: when, what, at which desk, for what or why."""

    at: datetime
    what: Text
    desk: str
    purpose: Text | None


def file_of(certificate: Certificate, form: str, *, at: datetime) -> File:
    """A certificate in one of its forms (`forms.FORMS`), as its holder keeps it.

    The page is the one that was issued; the others are signed anew, with the same facts, number
    and place in the status list. Raises Refused `certificates.E011` for a form that is none, E005
    for one of a sealed case that the asker does not read, E010 and `keys.E010` where a form cannot
    be made here.
    """
    if form not in FORMS:
        raise NotFound([_NO_FORM])
    _check_readable(certificate)
    if form == "html":
        content = certificate.page.encode()
    else:
        content = _made(certificate.content, form, entry_of(certificate, at), at)
    of = FORMS[form]
    return File(f"{certificate.identifier}{of.suffix}", of.media_type, content)


def entry_of(certificate: Certificate, at: datetime) -> StatusEntry:
    """A certificate's own place; one that was issued before there were lists draws it now."""
    found = certificate.entries.filter(kind="certificate").first()
    return found or statuses.draw(certificate, "certificate", at, typed=True)


def for_wallet(certificate: Certificate, holder_key: Jwk, *, at: datetime) -> str:
    """An SD-JWT VC bound to a wallet's key, with a place of its own in a status list."""
    _check_readable(certificate)
    check_stands(certificate, at)
    entry = statuses.draw(certificate, "wallet", at)
    return _sd_jwt(certificate.content, entry, holder_key)


def for_use(
    identifier: str,
    *,
    purpose: str,
    until: date,
    actor: Actor,
    at: datetime,
    kind: str = FOR_USE,
) -> tuple[StatusEntry, File]:
    """A copy for one purpose until a day, as a page; its holder makes it out and may withdraw it.

    Raises `Certificate.DoesNotExist` for one that is not the actor's, Refused `certificates.E006`
    without a purpose, `E007` for a day that has passed or lies too far, `E003` when it has ended.
    """
    purpose = " ".join(purpose.split())[:200]
    if not purpose:
        raise Refused([_NO_PURPOSE])
    today = timezone.localdate(at)
    if not 0 <= (until - today).days <= _LONGEST:
        raise Refused([_NO_DAY])
    with transaction.atomic():
        certificate = own(identifier, actor)
        check_stands(certificate, at)
        if certificate.valid_until and until > certificate.valid_until:
            until = certificate.valid_until
        entry = statuses.draw(certificate, kind, at, purpose=purpose, until=until, typed=True)
        _record("certificate.copied", certificate, entry.purpose, actor, at)
    use = {"purpose": purpose, "until": until.isoformat()}
    content = {**certificate.content, "use": use, "status": _status(entry)}
    key = signer()
    page = blank_page(content, key.key_id)  # type: ignore[arg-type]
    document = signed(content, page, key)  # type: ignore[arg-type]
    of = FORMS["html"]
    name = f"{certificate.identifier}-{entry.short_code}{of.suffix}"
    return entry, File(name, of.media_type, with_data(page, document).encode())


def annual(identifier: str, *, actor: Actor, at: datetime) -> tuple[StatusEntry, File]:
    """The copy for this year, until its last day (年度副本); an earlier one of the year ends.

    Raises as `for_use`.
    """
    last = timezone.localdate(at).replace(month=12, day=31)
    with transaction.atomic():
        of_year = StatusEntry.objects.filter(
            certificate=own(identifier, actor),
            kind=ANNUAL,
            ended_at=None,
            created_at__year=last.year,
        )
        for earlier in of_year:
            withdraw(earlier.pk, actor=actor, at=at)
        purpose = OF_YEAR.format(year=last.year)
        return for_use(identifier, purpose=purpose, until=last, actor=actor, at=at, kind=ANNUAL)


def withdraw(entry_id: int, *, actor: Actor, at: datetime) -> StatusEntry:
    """End a copy: its place in the status list says so within a minute.

    Raises `StatusEntry.DoesNotExist` for one of somebody else, and for a certificate's own.
    """
    with transaction.atomic():
        entry = (
            StatusEntry.objects.select_for_update(of=("self",))
            .select_related("certificate")
            .exclude(kind="certificate")
            .get(pk=entry_id)
        )
        own(entry.certificate_id, actor)
        if entry.ended_at is None:
            entry.ended_at = at
            entry.save(update_fields=["ended_at"])
            _record("certificate.copy_withdrawn", entry.certificate, entry.purpose, actor, at)
    return entry


def note_offer(certificate: Certificate, *, actor: Actor, at: datetime) -> None:
    """Write down that its holder offered a certificate to a wallet."""
    _record("certificate.offered", certificate, "", actor, at)


def note_collecting(certificate: Certificate, *, at: datetime) -> None:
    """Write down that a wallet took an offered certificate; whose it is, nobody was told."""
    _record("certificate.collected", certificate, "", ANONYMOUS, at)


def note_showing(certificate: Certificate, *, actor: Actor, at: datetime) -> None:
    """Write down that its holder showed a certificate on a screen."""
    _record("certificate.shown", certificate, "", actor, at)


def copies_of(identifier: str, actor: Actor) -> list[StatusEntry]:
    """The copies in wallets and for uses, the newest first; its holder's alone."""
    found = StatusEntry.objects.filter(certificate=own(identifier, actor))
    return list(found.exclude(kind="certificate").order_by("-created_at", "-pk"))


def history_of(certificate: Certificate) -> list[Used]:
    """What was done with a certificate, the latest first: issued, looked at, shown, copied, ended.

    Where another case ended it, or issued the next, the entry stands in that case's history; here
    its record says so.
    """
    known, found, ended = verbs(), [], False
    for entry in journal_queries.history(certificate.case_number or certificate.identifier):
        verb = known.get(entry.verb)
        if verb and entry.data.get("certificate") == certificate.identifier:
            ended = ended or (verb.id == ENDED.id and entry.at == certificate.status_since)
            what, note = verb.say(entry.data), purpose_words(str(entry.private.get("purpose", "")))
            if verb.id == ENDED.id:
                note = _why(str(entry.data.get("reason", "")), str(entry.private.get("reason", "")))
            elif verb.id == "certificate.reinstated" and entry.private.get("reason"):
                note = _given(str(entry.private["reason"]))
            elif verb.id == "certificate.copied" and entry.private.get("purpose") == "OpenID4VCI":
                # As offers were written down before they had a verb of their own.
                what, note = known["certificate.offered"].words, None
            found.append(Used(entry.at, what, entry.desk, note))
    if certificate.status != Status.VALID and not ended:
        what = ENDED.say({"status": certificate.status})
        why = _why(certificate.reason_code, "")
        found.append(Used(certificate.status_since, what, "", why))
    found.sort(key=lambda each: each.at)
    return found[::-1]


def _why(code: str, described: str) -> Text | None:
    reason = REASONS.get(code)
    if reason is None:
        return _given(described) if described else None
    if not described or code == REPLACED:
        return reason.text
    return Text("{reason}：{said}", "{reason}: {said}", reason=reason.text, said=described)


def _given(said: str) -> Text:
    return Text.given(said, said)


def _made(content: Any, form: str, entry: StatusEntry, at: datetime) -> bytes:
    key, place = signer(FORMS[form].algorithm), (statuses.uri_of(entry.list), entry.index)
    if form == "sd-jwt":
        return _sd_jwt(content, entry, None).encode()
    if form == "w3c":
        vocabulary = f"{settings.PUBLIC_URL}/ns/certificates#"
        made = w3c.issued(content, vocabulary=vocabulary, status=place, signer=key, at=at)
        return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()
    if form == "ofd":
        return ofdpage.issued(content, status=place, signer=key, at=at)
    attached = spelled({"content": content, "status": _status(entry)})
    return certificate_pdf()(content, attached, key, keyring().chain())


def _sd_jwt(content: Any, entry: StatusEntry, holder_key: Jwk | None) -> str:
    return sdjwtvc.issued(
        content,
        issuer=settings.PUBLIC_URL,
        vct=vct_of(content["type"]["id"]),
        status=(statuses.uri_of(entry.list), entry.index),
        salts=_salts(),
        signer=signer("ES256"),
        chain=keyring().chain(),
        holder_key=holder_key,
    )


def vct_of(kind: str) -> str:
    """The address that names a kind of certificate as a type of credential."""
    return f"{settings.PUBLIC_URL}/credentials/{kind}"


def _salts() -> Iterator[str]:
    while True:
        yield to_base64url(secrets.token_bytes(16))


def _status(entry: StatusEntry) -> dict[str, object]:
    return {"uri": statuses.uri_of(entry.list), "idx": entry.index}


def own(identifier: str, actor: Actor) -> Certificate:
    """A certificate of the party acted for; `Certificate.DoesNotExist` for every other."""
    found = access.readable().get(pk=identifier)
    if found.owner is None or not actor.speaks_for(found.owner, found.matter):
        raise Certificate.DoesNotExist
    return found


def _check_readable(certificate: Certificate) -> None:
    if certificate.need == SEALED and is_masking():
        raise Forbidden([_MASKED])


def check_stands(certificate: Certificate, at: datetime) -> None:
    """Raises Refused `certificates.E008` for one that is suspended, has ended or has expired."""
    if not standing_of(certificate, timezone.localdate(at)).in_force:
        raise Conflict([_ENDED])


def _record(verb: str, certificate: Certificate, purpose: str, actor: Actor, at: datetime) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=certificate.case_number or certificate.identifier,
            division=certificate.division,
            owner=certificate.owner,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"certificate": certificate.identifier},
            private={"purpose": purpose} if purpose else {},
            matter=certificate.matter,
            need=certificate.need,
        )
    )


_NO_FORM = Finding(
    "certificates.E011",
    "error",
    Text("没有这种格式的证照。", "A certificate has no such form."),
    hint=Text("可用：html、sd-jwt、w3c、pdf、ofd。", "Use one of html, sd-jwt, w3c, pdf, ofd."),
)
_NO_PURPOSE = Finding(
    "certificates.E006",
    "error",
    Text("请写明用途。", "Say what the copy is for."),
    hint=Text("例如“仅供某银行开户”。", "Such as “to open an account at a bank, only”."),
)
_NO_DAY = Finding(
    "certificates.E007",
    "error",
    Text("期限须在今天起的一年之内。", "The last day lies within a year from today."),
    hint=Text("请选择一个日期。", "Choose a day."),
)
_ENDED = Finding(
    "certificates.E008",
    "error",
    Text("这张证照现在无效，不能出具副本。", "This certificate does not stand: no copy is made."),
    hint=Text("请查看它现在的状态。", "Look at its present status."),
)
_MASKED = Finding(
    "certificates.E009",
    "error",
    Text(
        "这是密封办件的证照，只有持证人能取得副本。",
        "This is of a sealed case: its holder alone has copies of it.",
    ),
    hint=Text("请持证人办理。", "Let its holder do it."),
)
