"""Read certificates, and answer whether a file or an identifier is genuine and stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.editions import remembered
from xiangyun.domain.journal.verdict import Step, Verdict
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.codes import normal
from xiangyun.kernel.codes.mod37 import check_character
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.certificate import FILE as CERTIFICATE
from xiangyun.kernel.service.nationaltables import Values

from . import access
from .checking import USE_OVER, Asked, check_file, claimed_by, use_words
from .document import FORMAT
from .models import Certificate, PublishedList, Status, StatusEntry
from .ports import keyring, other_platforms, others, signer
from .reasons import REASONS
from .statuses import uri_of
from .trust import Organisation, Trust
from .verification import Standing, verify_document

_MOST_FOUND = 50

__all__ = [
    "Certificate",
    "State",
    "Status",
    "Verdict",
    "bare_document",
    "certificate",
    "certificates_for_case",
    "certificates_of",
    "found_by_office",
    "held_by",
    "identifier_of",
    "identifier_of_holder",
    "kinds",
    "own_trust",
    "published_list",
    "replaced_by",
    "standing",
    "standing_of",
    "state_of",
    "verdict",
    "verdict_of_code",
    "verdict_of_identifier",
]


def certificate(identifier: str) -> Certificate:
    """A certificate; `Certificate.DoesNotExist` for none and for one the asker may not read."""
    return access.readable().get(pk=normal(identifier))


def certificates_of(owner: UUID) -> list[Certificate]:
    """A person's or company's certificates, the newest first, as far as the asker may read them."""
    return list(access.readable().filter(owner=owner).order_by("-issued_on", "identifier"))


def found_by_office(typed: str) -> list[Certificate]:
    """What an official may read with this identifier, short code, number, or number of its case."""
    wanted = normal(typed)
    if not wanted:
        return []
    fits = Q(pk=identifier_of(typed) or wanted) | Q(case_number=wanted)
    fits |= Q(kind__in=list(kinds()), number=wanted)
    return list(access.readable().filter(fits).order_by("-issued_on", "-pk")[:_MOST_FOUND])


@remembered("catalogue", 1)
def kinds() -> Mapping[str, Text]:
    """The kinds of certificates that the services of this platform issue, with their names."""
    found = (pack.certificate for pack in catalogue.packs_with(CERTIFICATE))
    return {each.id: each.name for each in found if each is not None}


def neighbour(identifier: str | None) -> str | None:
    """An identifier of an earlier or later version, if the asker may read that one."""
    if identifier is None or not access.readable().filter(pk=identifier).exists():
        return None
    return identifier


def replaced_by(found: Certificate) -> str | None:
    """The identifier of the one that took its place, if the asker may read that one."""
    return neighbour(found.reason_text) if found.status == Status.REPLACED else None


def held_by(owner: UUID | None, *, on: date) -> list[dict[str, Value]]:
    """What somebody holds, the newest first, as a process sees it (`certificate.look_up`).

    As the platform: the case that asks is the holder's own. Nothing of nobody.
    """
    if owner is None:
        return []
    with acting_as(SYSTEM):
        found = list(Certificate.objects.filter(owner=owner).order_by("-issued_on", "-identifier"))
    return [
        {
            "identifier": each.identifier,
            "kind": each.kind,
            "number": each.number,
            "holder": each.holder_name,
            "holder_code": each.holder_code,
            "issued_on": each.issued_on,
            "valid_until": each.valid_until,
            "status": str(each.status),
            "stands": standing_of(each, on).in_force,
            "fields": {line["key"]: line["value"]["zh"] for line in each.content["fields"]},
        }
        for each in found
    ]


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """The certificates of the party acted for, each as the file that anybody verifies."""
    for found in certificates_of(actor.subject) if actor.subject else ():
        yield f"certificates/{found.identifier}.html", found.page.encode()


def certificates_for_case(case_number: str) -> list[Certificate]:
    """What a case led to, as far as the asker may read it."""
    return list(access.readable().filter(case_number=case_number).order_by("identifier"))


def issued_for(case_number: str) -> list[Certificate]:
    """What a case led to, for the platform itself."""
    with acting_as(SYSTEM):
        return list(Certificate.objects.filter(case_number=case_number).order_by("identifier"))


def bare_document(certificate: Certificate) -> str:
    """The signed data alone, as a JSON file."""
    document = {
        "format": FORMAT,
        "content": certificate.content,
        "page": certificate.page_hash,
        "signature": certificate.signature,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def verdict(document: str | bytes, on: date | None = None) -> Verdict:
    """Whether a file (a certificate in any form, or a receipt) is genuine and stands.

    Looks the certificate up as its presenter, whoever asks; the platform that has issued it is
    asked where its certificates are valid here. `on` is today unless given. Never raises for what
    stands in the file; see `checking.check_file`.
    """
    data = document.encode() if isinstance(document, str) else document
    at = timezone.now()
    if on is not None:
        at = datetime.combine(on, time(12), timezone.get_default_timezone())
    other, of = other_platforms(), claimed_by(data)
    foreign = other.pems() if of is None or of.key_id not in signer().trusted else {}

    def stands(identifier: str) -> Standing | None:
        if of is not None and of.key_id in foreign:
            return other.standing(of.key_id, identifier)
        if of is not None and of.key_id not in signer().trusted and of.key_id in listed_keys:
            return None  # of an organisation of the trust list, which nobody can ask from here
        return standing(identifier, on)

    def listed(uri: str) -> str | None:
        return published_list(uri) or other.published_list(uri)

    trust = own_trust()
    trust = replace(
        trust,
        organisations=(*trust.organisations, *other.organisations()),
        pems={**foreign, **trust.pems},
    )
    listed_keys = trust.for_pages()
    return check_file(data, Asked(trust, at, listed, stands))


def own_trust() -> Trust:
    """This instance itself, and the organisations of its trust list."""
    chain = keyring().chain()
    return others().with_instance(signer().trusted, settings.PUBLIC_URL, chain[-1:])


def trusted_organisations() -> list[Organisation]:
    """All by whose keys certificates are believed here: this instance first, then those of its
    trust list and of the partners whose certificates are valid here."""
    trust = own_trust()
    own = trust.organisation_of(settings.PUBLIC_URL)
    others = (*trust.organisations, *other_platforms().organisations())
    return [*([own] if own else []), *(each for each in others if each is not own)]


def published_list(uri: str) -> str | None:
    """The signed status list at an address of this platform; None for one that is not its own."""
    before, _, number = uri.rpartition("/")
    if before != uri_of(0).rpartition("/")[0] or not number.isdecimal() or len(number) > 9:
        return None
    found = PublishedList.objects.filter(number=int(number)).first()
    return found.token if found else None


def identifier_of(typed: str) -> str | None:
    """The identifier that a short code leads to; None for a code that is none or was withdrawn."""
    code = _code(typed)
    if len(code) != 10 or not code.isascii() or not code.isalnum():
        return None
    if check_character(code[:9]) != code[9]:
        return None
    return _asked("SELECT xiangyun_certificate_of_code(%s)", code)


def identifier_of_holder(holder_code: str, number: str) -> str | None:
    """The certificate with a number that its holder's code fits; None for any other pair."""
    wanted = (normal(holder_code), number.strip())
    return _asked("SELECT xiangyun_certificate_of_holder(%s, %s)", *wanted) if all(wanted) else None


def _asked(statement: str, *values: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: str | None = cursor.fetchone()[0]
    return found


def verdict_of_code(typed: str, on: date | None = None) -> Verdict | None:
    """Whether what a short code leads to stands; None for a code that leads nowhere.

    The code of a copy leads to the certificate, and says what the copy is for and until when.
    """
    identifier = identifier_of(typed)
    if identifier is None:
        return None
    found, day = verdict_of_identifier(identifier, on), on or timezone.localdate()
    with acting_as(ANONYMOUS.presenting(identifier)):
        entry = StatusEntry.objects.filter(short_code=_code(typed)).first()
    if entry is None or entry.kind == "certificate" or entry.until is None:
        return found
    within = day <= entry.until
    step = Step(use_words(entry.purpose, entry.until.isoformat()), within)
    found = replace(found, steps=(*found.steps, step))
    if within or found.answer != "valid":
        return found
    return replace(found, answer="revoked", headline=USE_OVER)


def _code(typed: str) -> str:
    return typed.upper().replace("-", "").replace(" ", "")


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
        if status == Status.REPLACED and found.reason_text:
            text = Text(
                "自{day}起换发，新证照标识为 {next}。",
                "Replaced since {day} by {next}.",
                day=day,
                next=found.reason_text,
            )
            return Standing(True, False, text)
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


class State(NamedTuple):
    """Whether a certificate stands in a word; and since when and why where it does not."""

    stands: bool
    word: Text
    since: date | None = None
    why: Text | None = None


def state_of(found: Certificate) -> State:
    """For a list of them; `standing_of` says it in a sentence, with the one that replaced it."""
    if found.status != Status.VALID:
        status, since = Status(found.status), timezone.localdate(found.status_since)
        reason = REASONS.get(found.reason_code)
        return State(False, _ENDED[status], since, reason.text if reason else None)
    if found.valid_until and found.valid_until < timezone.localdate():
        return State(False, _EXPIRED, found.valid_until)
    return State(True, _STANDS)


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
_STANDS, _EXPIRED = Text("有效", "Valid"), Text("已过期", "Expired")
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
_NO_CODE = Text(
    "没有这个短码：请核对十个字母和数字；加注副本的短码在撤回后失效。"
    "您输入的是证照编号的，请同时填写持证主体代码。",
    "Unknown: there is no such short code. Look at its ten letters and digits again; that of a "
    "copy ends when the copy is withdrawn. A number needs its holder's code as well.",
)
NO_CODE = Verdict("unknown", _NO_CODE, (Step(_NO_CODE, False),), "certificate")
"""The answer where what was typed is neither an identifier nor a short code."""
NO_RECORD = Verdict("unknown", _NO_RECORD, (Step(_NO_RECORD, False),), "certificate")
"""The answer where nothing fits what was typed."""


def national_rows(since: datetime, most: int = 10_000) -> list[Values]:
    """Certificates in the order they were issued, as rows of the exchange table `up_lic_data`."""
    found = Certificate.objects.filter(issued_on__gte=since.date(), need=0).defer("page")
    return [
        {
            "identifier": each.identifier,
            "name": _name_of(each),
            "type_code": each.type_code,
            "number": each.number or each.identifier,
            "holder": each.holder_name,
            "holder_code": each.holder_code,
            "authority": each.authority_name,
            "authority_code": each.authority_code,
            "issued_on": each.issued_on,
            "valid_until": each.valid_until,
            "division": f"{each.division:012}",
            "status": each.status,
        }
        for each in found.order_by("issued_on", "identifier")[:most]
    ]


def _name_of(each: Certificate) -> str:
    """The Chinese name of its kind, as its content has it."""
    said = each.content.get("type", {}).get("name", {})
    return str(said.get("zh-Hans") or said.get("zh") or each.kind)
