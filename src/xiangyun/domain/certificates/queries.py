"""Read certificates, and answer whether a file or an identifier is genuine and stands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts.access import ANONYMOUS, acting_as
from xiangyun.domain.journal.verdict import Step, Verdict
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.codes import normal
from xiangyun.kernel.findings import Text

from . import access
from .document import FORMAT
from .models import Certificate, Status
from .ports import signer
from .reasons import REASONS
from .verification import Standing, claimed, verify_document

__all__ = [
    "Certificate",
    "Verdict",
    "bare_document",
    "certificate",
    "certificates_for_case",
    "certificates_of",
    "standing",
    "standing_of",
    "verdict",
    "verdict_of_identifier",
]


def certificate(identifier: str) -> Certificate:
    """A certificate; `Certificate.DoesNotExist` for none and for one the asker may not read."""
    return access.readable().get(pk=normal(identifier))


def certificates_of(owner: UUID) -> list[Certificate]:
    """A person's or company's certificates, the newest first, as far as the asker may read them."""
    return list(access.readable().filter(owner=owner).order_by("-issued_on", "identifier"))


def certificates_for_case(case_number: str) -> list[Certificate]:
    """What a case led to, as far as the asker may read it."""
    return list(access.readable().filter(case_number=case_number).order_by("identifier"))


def bare_document(certificate: Certificate) -> str:
    """The signed data alone, as a JSON file."""
    document = {
        "format": FORMAT,
        "content": certificate.content,
        "page": certificate.page_hash,
        "signature": certificate.signature,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def verdict(document: str, on: date | None = None) -> Verdict:
    """Whether a file (certificate as page or JSON, or receipt) is genuine and stands.

    Looks the certificate up as its presenter, whoever asks. `on` is today unless given. Never
    raises for what stands in the file; see `verification.verify_document`.
    """
    day, of = on or timezone.localdate(), claimed(document)
    looked_up = standing(of.identifier, day) if of else None
    return verify_document(document, signer().trusted, looked_up, day)


def verdict_of_identifier(identifier: str, on: date | None = None) -> Verdict:
    """Whether the certificate with this identifier stands: what a scanned QR code asks.

    The content is the one on record, so that the asker can compare it with the paper. The page
    itself is not checked: for that, `verdict` needs the file.
    """
    wrong = identifiers.problem(identifier)
    if wrong:
        return Verdict("unknown", wrong.message, (Step(_IDENTIFIER, False),), "certificate")
    day, found = on or timezone.localdate(), _presented(identifier)
    if found is None:
        steps = (Step(_IDENTIFIER, True), Step(_NO_RECORD, False))
        return Verdict("unknown", _NO_RECORD, steps, "certificate")
    data, trusted = bare_document(found), signer().trusted
    checked = verify_document(data, trusted, standing_of(found, day), day)
    return replace(checked, steps=(*checked.steps, Step(_COMPARE, None)))


def standing(identifier: str, on: date | None = None) -> Standing:
    """What the records say about a certificate, to whoever presents its identifier."""
    found = _presented(identifier)
    return standing_of(found, on) if found else Standing(False, False, _NO_RECORD)


def standing_of(found: Certificate, on: date | None = None) -> Standing:
    """Whether a certificate stands on a day (today unless given), in words with reason and date."""
    if found.status != Status.VALID:
        status, day = Status(found.status), timezone.localdate(found.status_since)
        reason = REASONS[found.reason_code].text
        text = Text(
            "自{day}起{ended}：{reason}。",
            "{ended} since {day}: {reason}.",
            day=day,
            reason=reason,
            ended=_ENDED[status],
        )
        return Standing(True, False, text)
    until = found.valid_until
    if until and until < (on or timezone.localdate()):
        return Standing(
            True, False, Text("有效期已于{until}届满。", "Expired on {until}.", until=until)
        )
    return Standing(True, True, _IN_FORCE)


def _presented(identifier: str) -> Certificate | None:
    """Found by holding it: the database shows it to its presenter, whoever that is."""
    with acting_as(ANONYMOUS.presenting(normal(identifier))):
        return access.readable().filter(pk=normal(identifier)).first()


_ENDED = {
    Status.SUSPENDED: Text("暂停", "Suspended"),
    Status.REVOKED: Text("撤销", "Revoked"),
    Status.WITHDRAWN: Text("吊销", "Withdrawn"),
    Status.CANCELLED: Text("注销", "Cancelled"),
    Status.REPLACED: Text("换发", "Replaced"),
}
_IDENTIFIER = Text(
    "证照标识符合 GB/T 36904，校验位正确",
    "The identifier follows GB/T 36904 and its check character fits",
)
_IN_FORCE = Text("签发机关记录中现行有效", "In force by the records of its issuer")
_NO_RECORD = Text(
    "签发机关没有这张证照的记录。", "Unknown: its issuer has no record of this certificate."
)
_COMPARE = Text(
    "您手中的纸面与这里显示的内容是否相同，请自行比对；有文件时可上传核验",
    "Compare the paper in your hand with what is shown here; with the file itself we can check it",
)
