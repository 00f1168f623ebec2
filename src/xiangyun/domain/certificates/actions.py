"""Issue certificates, replace them, and end them. Each is one transaction with a journal entry."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.vault.sealing import is_masking
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.pack import CertificateContent
from xiangyun.kernel.service.certificate import next_identifier, number_of
from xiangyun.kernel.service.secrecy import SEALED
from xiangyun.kernel.service.surroundings import no_certificate

from . import access, statuses
from .document import Content, Words, signed, with_data
from .models import Certificate, Status
from .page import blank_page
from .ports import Signer, address_to_verify
from .reasons import OTHER, REASONS, REPLACED

# No digits and letters that are taken for one another when a person reads them out.
_SERIAL_ALPHABET = "23456789ABCDEFGHJKLMNPQRTUWXY"


def issue(
    what: CertificateContent,
    *,
    owner: UUID | None,
    case_number: str | None,
    actor: Actor,
    at: datetime,
    signer: Signer,
    replaces: str | None = None,
    matter: int = 0,
    need: int = 0,
) -> Certificate:
    """Issue a certificate of the given content on the day of `at`, signed and with its page.

    With `replaces`, the identifier of an earlier one that stands, it continues that one: same
    serial, the next version, and the earlier one becomes `replaced`. The platform issues, so the
    actor needs no rights of its own here; the case that leads here decided. Raises Refused
    `code.E04x` for a type or authority code that is none, `certificates.E003` when the earlier
    one no longer stands, and NotFound `pack.E570` where there is none of this kind and owner.
    """
    with transaction.atomic(), acting_as(SYSTEM):
        earlier = _standing(replaces, owner, what.id) if replaces else None
        # Drawn, not counted: whoever presents an identifier may read the certificate, so knowing
        # one must not lead to the next. Twelve characters are 58 bits.
        drawn = "".join(secrets.choice(_SERIAL_ALPHABET) for _ in range(12))
        content = content_of(what, timezone.localdate(at), drawn, case_number, earlier)
        page = blank_page(content, signer.key_id)
        document = signed(content, page, signer)
        certificate = Certificate(
            identifier=content["identifier"],
            type_code=what.type_code,
            kind=what.id,
            number=content["number"],
            holder_name=what.holder,
            holder_code=what.holder_code,
            owner=owner,
            division=int(what.division),
            matter=matter,
            need=need,
            authority_name=what.issuer,
            authority_code=what.issuer_code,
            content=content,
            page=with_data(page, document),
            page_hash=document["page"],
            signature=document["signature"],
            case_number=case_number,
            replaces=earlier,
            issued_on=timezone.localdate(at),
            valid_until=what.valid_to,
            status_since=at,
        )
        if need == SEALED:
            stored = copy(certificate)
            stored.seal()
            stored.save(force_insert=True)
        else:
            certificate.save(force_insert=True)
        statuses.draw(certificate, "certificate", at, typed=True)
        _record("certificate.issued", certificate, actor, at, {"replaces": replaces})
        if earlier:
            _end(earlier, Status.REPLACED, REPLACED, content["identifier"], actor, at, case_number)
    return certificate


def revoke(
    identifier: str, *, reason: str, description: str = "", actor: Actor, at: datetime
) -> Certificate:
    """End a certificate for a reason (a code of `reasons`), which says what it becomes.

    Needs an approver or supervisor of its division, else `Certificate.DoesNotExist`. Raises
    Refused: `certificates.E001` unknown reason, `E002` no description with 99 其他, `E003` it had
    ended before.
    """
    if reason not in REASONS or reason == REPLACED:
        raise Refused(_finding("E001", _NO_REASON, _REASON_CODES))
    if reason == OTHER and not description.strip():
        raise Refused(_finding("E002", _NO_DESCRIPTION, _DESCRIBE))
    with transaction.atomic():
        certificate = access.certificate_to_end(actor, identifier)
        if certificate.status not in (Status.VALID, Status.SUSPENDED):
            raise Conflict(_finding("E003", _ENDED, _LOOK))
        _end(certificate, REASONS[reason].status, reason, description.strip(), actor, at)
    return certificate


def note_reading(certificate: Certificate, *, actor: Actor, at: datetime) -> None:
    """Write down, once a day and official, that somebody other than its holder looked.

    Raises Forbidden `certificates.E005` for one of a sealed case: its holder shows it.
    """
    own = certificate.owner is not None and actor.speaks_for(certificate.owner, certificate.matter)
    if actor.account is None or own or actor.kind == "system":
        return
    if certificate.need == SEALED and is_masking():
        raise Forbidden(_finding("E005", _MASKED, _ITS_HOLDER))
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    journal.record_once(_entry("certificate.read", certificate, actor, at, {}), since)


def reinstate(identifier: str, *, description: str, actor: Actor, at: datetime) -> Certificate:
    """Let a suspended certificate stand again. Raises as `revoke`; `E004` when not suspended."""
    if not description.strip():
        raise Refused(_finding("E002", _NO_DESCRIPTION, _DESCRIBE))
    with transaction.atomic():
        certificate = access.certificate_to_end(actor, identifier)
        if certificate.status != Status.SUSPENDED:
            raise Conflict(_finding("E004", _NOT_SUSPENDED, _LOOK))
        _change(certificate, Status.VALID, "", description.strip(), at)
        _record("certificate.reinstated", certificate, actor, at, {})
    return certificate


def end_own(
    identifier: str,
    *,
    owner: UUID | None,
    reason: str,
    case_number: str,
    actor: Actor,
    at: datetime,
) -> bool:
    """End a certificate of the applicant's, as a case decided; False where it had ended before.

    Raises NotFound `pack.E570` where `owner` has none with this identifier, Refused
    `certificates.E001` for a reason that is none or needs a description.
    """
    if reason not in REASONS or reason in (REPLACED, OTHER):
        raise Refused(_finding("E001", _NO_REASON, _REASON_CODES))
    with transaction.atomic(), acting_as(SYSTEM):
        found = _held(identifier, owner)
        if found.status not in (Status.VALID, Status.SUSPENDED):
            return False
        _end(found, REASONS[reason].status, reason, "", actor, at, case_number)
    return True


def _held(identifier: str, owner: UUID | None) -> Certificate:
    """Locked; somebody else's is as none, so that a case never ends what is not its applicant's."""
    held = Certificate.objects.select_for_update().filter(pk=identifier, owner=owner)
    found = held.first() if owner is not None else None
    if found is None:
        raise NotFound([no_certificate(identifier)])
    return found


def _standing(identifier: str, owner: UUID | None, kind: str) -> Certificate:
    found = _held(identifier, owner)
    if found.kind != kind:
        raise NotFound([no_certificate(identifier)])
    if found.status != Status.VALID:
        raise Conflict(_finding("E003", _ENDED, _LOOK))
    return found


def content_of(
    what: CertificateContent,
    on: date,
    drawn: str,
    case_number: str | None = None,
    earlier: Certificate | None = None,
) -> Content:
    """All that a certificate says which is issued on a day.

    `drawn`: what tells its identifier from others of the day. Raises Refused `code.E04x`.
    """
    replaced = identifiers.parse(earlier.identifier) if earlier else None
    identifier = next_identifier(what, on, drawn, replaced)
    return {
        "identifier": identifier,
        "type": {"code": what.type_code, "id": what.id, "name": _words(what.name)},
        "number": number_of(what, identifier),
        "holder": {
            "name": what.holder,
            "code": what.holder_code,
            "code_kind": what.holder_code_kind,
        },
        "authority": {"name": what.issuer, "code": what.issuer_code},
        "division": what.division,
        "issued_on": on.isoformat(),
        "valid_from": what.valid_from.isoformat() if what.valid_from else None,
        "valid_until": what.valid_to.isoformat() if what.valid_to else None,
        "fields": [
            {
                "key": field.key,
                "label": _words(field.label),
                "value": {"zh": field.shown, "en": field.shown_en},
                "place": field.where,
                "wide": field.wide,
            }
            for field in what.fields
        ],
        "note": _words(what.note),
        "case": case_number,
        "replaces": earlier.identifier if earlier else None,
        "verify_at": address_to_verify(identifier),
    }


def _end(
    certificate: Certificate,
    status: str,
    reason: str,
    text: str,
    actor: Actor,
    at: datetime,
    case_number: str | None = None,
) -> None:
    """`case_number`: the case that ends it, in whose history it stands; else the issuing one."""
    _change(certificate, status, reason, text, at)
    entry = _entry("certificate.revoked", certificate, actor, at, {"reason": reason}, case_number)
    journal.record(entry)


def _change(certificate: Certificate, status: str, reason: str, text: str, at: datetime) -> None:
    certificate.status, certificate.status_since = status, at
    certificate.reason_code, certificate.reason_text = reason, text
    certificate.save(update_fields=["status", "status_since", "reason_code", "reason_text"])


def _record(
    verb: str, certificate: Certificate, actor: Actor, at: datetime, data: Mapping[str, object]
) -> None:
    journal.record(_entry(verb, certificate, actor, at, data))


def _entry(
    verb: str,
    certificate: Certificate,
    actor: Actor,
    at: datetime,
    data: Mapping[str, object],
    case_number: str | None = None,
) -> journal.NewEntry:
    return journal.entry_of(
        verb=verb,
        subject=case_number or certificate.case_number or certificate.identifier,
        division=certificate.division,
        owner=certificate.owner,
        actor=actor.account,
        actor_name=actor.name,
        desk=actor.desk_in(certificate.division),
        at=at,
        data={
            "certificate": certificate.identifier,
            "kind": certificate.kind,
            "status": str(certificate.status),
            "page": certificate.page_hash,
            **data,
        },
        private={"holder": certificate.holder_name}
        | ({"reason": certificate.reason_text} if certificate.reason_text else {}),
        matter=certificate.matter,
        need=certificate.need,
    )


def _words(text: Text) -> Words:
    return {"zh": text.zh, "en": text.en}


def _finding(number: str, message: Text, hint: Text) -> list[Finding]:
    return [Finding(f"certificates.{number}", "error", message, hint=hint)]


_NO_REASON = Text("没有这个原因代码。", "There is no such reason code.")
_REASON_CODES = Text(
    "可用：{codes}。",
    "Use one of {codes}.",
    codes=[
        Text("{code} {reason}", "{code} {reason}", code=code, reason=reason.text)
        for code, reason in REASONS.items()
    ],
)
_NO_DESCRIPTION = Text("必须写明原因。", "The reason must be described.")
_DESCRIBE = Text(
    "用一两句话写给持证人看，例如“因登记系统录入错误，已重新签发”。",
    "Write a sentence or two for its holder, such as “Entered wrongly; a new one was issued”.",
)
_ENDED = Text("这张证照已经失效。", "This certificate has ended before.")
_NOT_SUSPENDED = Text("这张证照没有被暂停。", "This certificate is not suspended.")
_MASKED = Text(
    "这是密封办件的证照，只有持证人能打开。", "This is of a sealed case: its holder opens it."
)
_ITS_HOLDER = Text("请持证人出示。", "Let its holder show it.")
_LOOK = Text("请查看它现在的状态。", "Look at its present status.")
