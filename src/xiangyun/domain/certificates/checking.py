"""Check a file of any form and any issuer, without Django, without a network.

Pages and receipts are checked by `verification`; here the four other forms are told apart and
checked, and whether they stand is read from a status list that is at hand. It fails closed: what
cannot be established is never said to be valid, and the reason has a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from xiangyun.domain.journal import algorithms
from xiangyun.domain.journal.verdict import Answer, Step, Verdict
from xiangyun.kernel.credential import integrity, ofd, sdjwt, statuslist, vcdm
from xiangyun.kernel.credential.encodings import read_json
from xiangyun.kernel.credential.faults import refused
from xiangyun.kernel.credential.jws import Jwk
from xiangyun.kernel.credential.sdjwt import Binding, Term
from xiangyun.kernel.credential.statuslist import Reference
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.worktime import office_zone

from .forms import ofdpage, pdfpage, sdjwtvc, w3c
from .trust import Trust
from .verification import Claimed, Standing, claimed, verify_document

FindStanding = Callable[[str], Standing | None]
FindList = Callable[[str], str | bytes | None]
"""The signed status list at an address, JWT or CWT; None where it is not at hand."""
OF_YEAR = "{year}年度副本"
"""The purpose of a copy for a year, as it is signed."""
_IS_OF_YEAR = re.compile(r"(?P<year>\d{4})年度副本")
_SLACK = 60
"""Seconds by which two clocks may differ."""
_ANSWERS: Mapping[str, Answer] = {
    "credential.E003": "unknown",
    "credential.E007": "unknown",
    "credential.E014": "unknown",
    "credential.E018": "unknown",
    "credential.E019": "unknown",
    "credential.E021": "unknown",
    "credential.E022": "revoked",
    "credential.E023": "revoked",
    "credential.E030": "unknown",
    "credential.E031": "unknown",
    "credential.E032": "unknown",
    "credential.E033": "unknown",
    "credential.E034": "unknown",
    "credential.E036": "revoked",
    "credential.E037": "revoked",
    "credential.E038": "revoked",
    "credential.E039": "unknown",
    "credential.E041": "unknown",
    "credential.E043": "unknown",
    "certificates.E010": "unknown",
}
"""What a reason comes to; whatever is not named here means that the file was changed."""


class Asked(NamedTuple):
    """How a file is checked: whom one trusts, when, what is at hand, what must be bound to us."""

    trust: Trust
    at: datetime
    find_list: FindList
    find_standing: FindStanding = lambda identifier: None
    binding: Binding | None = None


def form_of(data: bytes) -> str:
    """Which form a file has by its first bytes: pdf, ofd, sd-jwt, w3c, or page for all others."""
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200_000]
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "ofd"
    if head.startswith(b"ey") and b"~" in head:
        return "sd-jwt"
    if head.startswith(b"{") and b'"@context"' in head:
        return "w3c"
    if head.startswith(b"{") and (b'"disclosures"' in head or b'"protected"' in head):
        return "sd-jwt"
    return "page"


def check_file(data: bytes, asked: Asked) -> Verdict:
    """The verdict on a file; never raises for what stands in it."""
    asked = asked._replace(trust=asked.trust.on(asked.at.astimezone(office_zone()).date()))
    form = form_of(data)
    if form == "page":
        return _page(data.decode("utf-8", errors="replace"), asked)
    steps: list[Step] = []
    shown: dict[str, Any] = {}
    try:
        return _CHECKS[form](data, asked, steps, shown)
    except Refused as problem:
        finding = problem.findings[0]
        answer = _ANSWERS.get(finding.id, "altered")
        steps.append(Step(Text("{said}", "{said}", said=finding.message), False))
        return Verdict(answer, finding.message, tuple(steps), "certificate", shown)


def claimed_by(data: bytes) -> Claimed | None:
    """What a page says of itself, to know whom to ask; the other forms name their lists."""
    return claimed(data.decode("utf-8", errors="replace")) if form_of(data) == "page" else None


def _page(text: str, asked: Asked) -> Verdict:
    of = claimed(text)
    day = asked.at.astimezone(office_zone()).date()
    looked_up = asked.find_standing(of.identifier) if of else None
    pems = asked.trust.for_pages()
    verdict = verify_document(text, pems, looked_up, day)
    use, status = verdict.content.get("use"), verdict.content.get("status")
    if verdict.answer != "valid" or not isinstance(use, dict) or not isinstance(status, dict):
        return verdict
    # A copy for one use has a place of its own in a list, and a day of its own.
    shown, steps = dict(verdict.content), list(verdict.steps)
    within = day.isoformat() <= str(use.get("until"))
    steps.append(Step(use_words(str(use.get("purpose")), str(use.get("until"))), within))
    if not within:
        return Verdict("revoked", USE_OVER, tuple(steps), "certificate", shown)
    try:
        own: dict[str | None, Jwk] = {}
        own.update((key, algorithms.jwk_of(pem)) for key, pem in pems.items())
        reference = statuslist.reference({"status": {"status_list": status}})
        _check_status(reference, own, asked, steps)
    except Refused as problem:
        finding = problem.findings[0]
        answer = _ANSWERS.get(finding.id, "altered")
        steps.append(Step(Text("{said}", "{said}", said=finding.message), False))
        return Verdict(answer, finding.message, tuple(steps), "certificate", shown)
    return Verdict("valid", _VALID, tuple(steps), "certificate", shown)


def use_words(purpose: str, until: str) -> Text:
    """What a copy is for, and until when."""
    if _IS_OF_YEAR.fullmatch(purpose):
        return Text(
            "{purpose}，至{until}",
            "{purpose}, until {until}",
            purpose=purpose_words(purpose),
            until=until,
        )
    return Text(
        "副本只用于“{purpose}”，至{until}",
        "The copy is for “{purpose}” alone, until {until}",
        purpose=purpose,
        until=until,
    )


def purpose_words(purpose: str) -> Text | None:
    """What a copy is for: as its holder wrote it, and of a copy for a year in both languages."""
    of_year = _IS_OF_YEAR.fullmatch(purpose)
    if of_year is None:
        return Text.given(purpose, purpose) if purpose else None
    return Text("{year}年度副本", "Copy for {year}", year=of_year["year"])


# The other forms --------------------------------------------------------------------------------


def _sd_jwt(data: bytes, asked: Asked, steps: list[Step], shown: dict[str, Any]) -> Verdict:
    credential = sdjwt.read(data.decode("ascii", errors="replace").strip())
    steps.append(Step(_SHAPE, True))
    payload = credential.jws.payload
    issuer = payload.get("iss")
    keys = asked.trust.keys_of(issuer if isinstance(issuer, str) else None)
    kid = credential.jws.header.get("kid")
    _name_issuer(asked, issuer, kid, steps)
    at = int(asked.at.timestamp())
    candidates: Any = keys if isinstance(kid, str) else list(keys.values())
    claims = sdjwt.verified(
        credential, candidates, algorithms.holds, term=None, binding=asked.binding
    )
    sdjwt.check_vc(credential, claims)
    shown.update(sdjwtvc.shown(claims))
    steps.append(Step(_SIGNED, True))
    steps.append(Step(_DISCLOSED, True))
    if credential.binding is not None:
        steps.append(Step(_BOUND, True if asked.binding is not None else None))
    sdjwt.check_term(claims, Term(at, _SLACK))
    steps.append(Step(_TERM, True))
    _check_status(statuslist.reference(claims), keys, asked, steps)
    return Verdict("valid", _VALID, tuple(steps), "certificate", shown)


def _w3c(data: bytes, asked: Asked, steps: list[Step], shown: dict[str, Any]) -> Verdict:
    document = read_json(data.decode("utf-8", errors="replace").lstrip("\ufeff"))
    if not isinstance(document, dict):
        raise refused("credential.E002")
    if "VerifiablePresentation" in _listed(document.get("type")):
        vcdm.check_presentation(document, _KNOWN)
        held = _listed(document.get("verifiableCredential"))
        if len(held) != 1 or not isinstance(held[0], dict):
            return Verdict("unknown", _ONE_ONLY, tuple(steps), "certificate", shown)
        document = held[0]
    vcdm.check_credential(document, _KNOWN)
    steps.append(Step(_SHAPE, True))
    issuer = (
        document["issuer"]["id"] if isinstance(document["issuer"], dict) else document["issuer"]
    )
    _name_issuer(asked, issuer, None, steps)
    integrity.check_proof(
        document, issuer=issuer, resolve=asked.trust.resolve, by=algorithms.holds, at=asked.at
    )
    shown.update(w3c.shown(document))
    steps.append(Step(_SIGNED, True))
    _check_validity(document, asked.at)
    steps.append(Step(_TERM, True))
    if "credentialStatus" not in document:
        # Other issuers may promise no status; nobody says then that it was revoked.
        steps.append(Step(_NO_STATUS, None))
        return Verdict("valid", _GENUINE, tuple(steps), "certificate", shown)
    reference = w3c.reference(document)
    if reference is None:
        steps.append(Step(_FOREIGN_STATUS, False))
        return Verdict("unknown", _FOREIGN_STATUS, tuple(steps), "certificate", shown)
    _check_status(reference, asked.trust.keys_of(issuer), asked, steps)
    return Verdict("valid", _VALID, tuple(steps), "certificate", shown)


def _ofd(data: bytes, asked: Asked, steps: list[Step], shown: dict[str, Any]) -> Verdict:
    document = ofd.read(data)
    content, kid, status = ofdpage.read(document)
    steps.append(Step(_SHAPE, True))
    keys = asked.trust.keys_of(None)
    _name_issuer(asked, None, kid, steps)
    key = keys[kid]
    ofdpage.check(document, lambda message, value: algorithms.holds(key, "SM2SM3", message, value))
    return _with_content(content, status, keys, asked, steps, shown)


def _pdf(data: bytes, asked: Asked, steps: list[Step], shown: dict[str, Any]) -> Verdict:
    found = pdfpage.read(data, asked.trust.roots())
    steps.append(Step(_SHAPE, True))
    keys = asked.trust.keys_of(None)
    return _with_content(found.content, found.status, keys, asked, steps, shown)


def _with_content(
    content: dict[str, Any],
    status: dict[str, Any],
    keys: Mapping[str | None, Jwk],
    asked: Asked,
    steps: list[Step],
    shown: dict[str, Any],
) -> Verdict:
    """What PDF and OFD have in common: the signed content, its term, its status."""
    steps.append(Step(_SIGNED, True))
    shown.update(content)
    day = asked.at.astimezone(office_zone()).date().isoformat()
    first, last = content.get("valid_from"), content.get("valid_until")
    if isinstance(first, str) and day < first:
        raise refused("credential.E022")
    if isinstance(last, str) and last < day:
        raise refused("credential.E023")
    steps.append(Step(_TERM, True))
    reference = statuslist.reference({"status": {"status_list": status}})
    _check_status(reference, keys, asked, steps)
    return Verdict("valid", _VALID, tuple(steps), "certificate", shown)


_CHECKS: Mapping[str, Callable[[bytes, Asked, list[Step], dict[str, Any]], Verdict]] = {
    "sd-jwt": _sd_jwt,
    "w3c": _w3c,
    "ofd": _ofd,
    "pdf": _pdf,
}


class _AnyContext(dict[str, object]):
    """Contexts at any address: what its words mean is the issuer's matter, the signature covers it.

    Only that a term of the base context is defined anew cannot be seen then; our own have none.
    """

    def __contains__(self, address: object) -> bool:
        return True

    def __missing__(self, address: str) -> None:
        return None


_KNOWN = vcdm.Known(contexts=_AnyContext())


def _name_issuer(asked: Asked, issuer: object, kid: object, steps: list[Step]) -> None:
    """Say who issued it. Raises Refused `credential.E007` where nobody whom one trusts did."""
    named = issuer if isinstance(issuer, str) else None
    found = asked.trust.organisation_of(named, kid if isinstance(kid, str) else None)
    if found is None:
        raise refused("credential.E007", named or kid or "")
    said = Text("签发者：{name}", "Issued by {name}", name=found.name)
    steps.append(Step(said, True))


def _check_status(
    reference: Reference, keys: Mapping[str | None, Jwk], asked: Asked, steps: list[Step]
) -> None:
    term = Term(int(asked.at.timestamp()), _SLACK)
    token = asked.find_list(reference.uri)
    found = statuslist.opened(token, reference.uri, keys, algorithms.holds, term)
    statuslist.check_status(found[reference.index])
    steps.append(Step(_STANDS, True))


def _check_validity(document: Mapping[str, Any], at: datetime) -> None:
    for name in ("validFrom", "validUntil"):
        if name not in document:
            continue
        moment = integrity.moment(document[name], name)
        if moment is None:
            continue
        if name == "validFrom" and at + timedelta(seconds=_SLACK) < moment:
            raise refused("credential.E022")
        if name == "validUntil" and moment < at - timedelta(seconds=_SLACK):
            raise refused("credential.E023")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


_SHAPE = Text("文件完整，写法符合标准", "The file is complete and spelt as its standard says")
_SIGNED = Text("由签发者签名，内容未被改动", "Signed by its issuer, and not changed since")
_DISCLOSED = Text("披露的每一项都属于这张证照", "Every disclosed fact is of this certificate")
_BOUND = Text("由持证人本人的密钥出示", "Presented by the key of its holder")
_TERM = Text("在有效期内", "Within its term")
_STANDS = Text("状态列表中有效", "Valid by the status list")
_NO_STATUS = Text("签发者不公布状态", "Its issuer publishes no status")
_VALID = Text("有效：签名正确，在有效期内，未被撤销。", "Valid: signed, in its term, not revoked.")
_GENUINE = Text(
    "真实且在有效期内；签发者不公布是否撤销。",
    "Genuine and in its term; its issuer does not say whether it was revoked.",
)
_FOREIGN_STATUS = Text(
    "无法确认：它的状态以另一种方式公布，这里读不了。",
    "Unknown: its status is published in a way that is not read here.",
)
_ONE_ONLY = Text("请一次出示一张证照。", "Unknown: present one certificate at a time.")
USE_OVER = Text("副本的使用期限已过。", "The copy was made out until a day that has passed.")
