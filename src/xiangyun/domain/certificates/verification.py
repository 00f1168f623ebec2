"""Verify a certificate or a receipt without Django, without a database, without us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeGuard

from xiangyun.domain.journal import signatures
from xiangyun.domain.journal.proof import check_receipt
from xiangyun.domain.journal.signatures import TrustedKeys
from xiangyun.domain.journal.verdict import Answer, Step, Verdict, read_json
from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.findings import Text

from .document import FORMAT, Document, page_hash, signed_value, take_apart

__all__ = ["Claimed", "Standing", "Step", "Verdict", "claimed", "verify_document"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the issuing platform says about a certificate today.

    `known` is whether it has issued it at all, `in_force` whether it stands; `text` says it in
    words, with the reason and since when.
    """

    known: bool
    in_force: bool
    text: Text


class Claimed(NamedTuple):
    """The identifier and the signing key that a certificate file names."""

    identifier: str
    key_id: str


def verify_document(
    text: str,
    trusted: TrustedKeys,
    looked_up: Standing | None,
    on: date | None = None,
) -> Verdict:
    """Check a certificate (page or bare JSON) or a journal receipt.

    `trusted` are public keys in PEM by key id; `looked_up` is what the issuer's records say about
    the certificate, None when nobody was asked; `on` is the day for which its term counts, None
    leaves the term unchecked. Never raises: a file that is none of ours is `unknown`, with no
    `kind`.
    """
    try:
        page, document = _read(text)
    except LookupError:
        return Verdict("unknown", _NOT_OURS, (Step(_IS_OURS, False),))
    except ValueError:
        return _certificate("altered", _BROKEN, [Step(_SHAPE, False)])
    if isinstance(document, dict) and str(document.get("format")).startswith("xiangyun-receipt/"):
        return check_receipt(document, trusted)
    if not _is_document(document):
        return _certificate("altered", _BROKEN, [Step(_SHAPE, False)])
    return _check(document, page, trusted, looked_up, on)


def claimed(text: str) -> Claimed | None:
    """What a certificate file says of itself, to know whom to ask; nothing is checked yet."""
    try:
        _, document = _read(text)
    except (LookupError, ValueError):
        return None
    if not _is_document(document):
        return None
    return Claimed(document["content"]["identifier"], document["signature"]["key_id"])


def _read(text: str) -> tuple[str | None, object]:
    """The blank page (None for bare JSON) and the document of a file."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        try:
            document = read_json(text.removeprefix("\ufeff"))
        except ValueError:
            raise LookupError("broken JSON may be anything") from None
        if isinstance(document, dict) and str(document.get("format")).startswith("xiangyun-"):
            return None, document
        raise LookupError("JSON of somebody else")
    return take_apart(text)


def _check(
    document: Document,
    page: str | None,
    trusted: TrustedKeys,
    looked_up: Standing | None,
    on: date | None,
) -> Verdict:
    content, signature = document["content"], document["signature"]
    key = signature["key_id"]
    steps = [Step(_SHAPE, True), Step(_key(key), key in trusted)]
    if key not in trusted:
        steps += [Step(_SIGNATURE, None), Step(_PAGE, None), Step(_STANDING, None)]
        return _certificate("unknown", _UNTRUSTED, steps, document)

    value = signed_value(content, document["page"])
    steps += [
        Step(_SIGNATURE, signatures.holds(signature, trusted, FORMAT, value)),
        Step(_NO_PAGE, None) if page is None else Step(_PAGE, page_hash(page) == document["page"]),
        Step(_IDENTIFIER, identifiers.problem(content["identifier"]) is None),
    ]
    if _failed(steps):
        steps += [Step(_TERM, None), Step(_STANDING, None)]
        return _certificate("altered", _ALTERED, steps, document)

    until = content["valid_until"]
    if on is None:
        steps.append(Step(_TERM, None))
    else:
        steps.append(Step(_term(until), _covers(content["valid_from"], until, on)))
    expired = steps[-1].passed is False
    if looked_up is None:
        steps.append(Step(_STANDING, None))
    else:
        steps.append(Step(looked_up.text, looked_up.known and looked_up.in_force))
        if not looked_up.known:
            return _certificate("unknown", _NEVER_ISSUED, steps, document)
        if not looked_up.in_force:
            return _certificate("revoked", looked_up.text, steps, document)
    if expired:
        return _certificate("revoked", _EXPIRED, steps, document)
    return _certificate("valid", _VALID if looked_up else _GENUINE, steps, document)


def _failed(steps: Sequence[Step]) -> bool:
    return any(step.passed is False for step in steps)


def _covers(first: str | None, last: str | None, on: date) -> bool:
    """Whether a day lies in a term; ISO dates compare as text."""
    return (first is None or first <= on.isoformat()) and (last is None or on.isoformat() <= last)


def _is_document(document: object) -> TypeGuard[Document]:
    """Only the parts that the check itself reads; for all the rest the signature answers."""
    if not isinstance(document, dict) or document.keys() != {
        "format",
        "content",
        "page",
        "signature",
    }:
        return False
    content, signature = document["content"], document["signature"]
    return (
        document["format"] == FORMAT
        and isinstance(document["page"], str)
        and isinstance(content, dict)
        and isinstance(content.get("identifier"), str)
        and all(isinstance(content.get(key), str | None) for key in ("valid_from", "valid_until"))
        and isinstance(signature, dict)
        and signature.keys() == {"algorithm", "key_id", "value"}
        and all(isinstance(part, str) for part in signature.values())
    )


def _certificate(
    answer: Answer, headline: Text, steps: list[Step], document: Document | None = None
) -> Verdict:
    content = dict(document["content"]) if document else {}
    return Verdict(answer, headline, tuple(steps), "certificate", content)


def _key(key: str) -> Text:
    return Text("签名密钥 {key} 受信任", "The signing key {key} is trusted", key=key)


def _term(until: str | None) -> Text:
    if until is None:
        return Text("在有效期内：长期有效", "Within its term: no end")
    return Text("在有效期内：至 {until}", "Within its term: until {until}", until=until)


_IS_OURS = Text(
    "文件中有祥云证照或回执的数据", "The file carries the data of a certificate or a receipt"
)
_SHAPE = Text("文件完整，数据可读", "The file is whole and its data can be read")
_SIGNATURE = Text("数据与签名一致", "The data match their signature")
_PAGE = Text("页面与签名时一字不差", "The page is word for word as it was signed")
_NO_PAGE = Text(
    "文件只有数据，没有页面可核对", "The file holds data only; there is no page to check"
)
_IDENTIFIER = Text(
    "证照标识符合 GB/T 36904，校验位正确",
    "The identifier follows GB/T 36904 and its check character fits",
)
_TERM = Text("在有效期内", "Within its term")
_STANDING = Text("签发机关记录中现行有效", "In force by the records of its issuer")

_VALID = Text("证照真实、有效。", "Valid: genuine and in force.")
_GENUINE = Text(
    "证照真实，未被改动；是否仍然有效，未向签发机关查询。",
    "Genuine and unaltered; whether it is still in force was not asked of its issuer.",
)
_ALTERED = Text(
    "内容被改动过，不可采信。请持证人从平台重新下载。",
    "Altered: do not rely on it. Ask its holder for a fresh copy from the platform.",
)
_BROKEN = Text(
    "文件不完整或被改动过，不可采信。请持证人从平台重新下载。",
    "Altered: the file is incomplete or was changed. Ask its holder for a fresh copy.",
)
_UNTRUSTED = Text(
    "无法确认：由一把不受信任的密钥签名。",
    "Unknown: it is signed by a key that is not trusted.",
)
_NEVER_ISSUED = Text(
    "签发机关没有这张证照的记录。", "Unknown: its issuer has no record of this certificate."
)
_EXPIRED = Text("证照真实，但不在有效期内。", "Genuine, but not within its term.")
_NOT_OURS = Text(
    "文件中没有祥云证照或回执。请选择从平台下载的原始文件，而不是截图或照片。",
    "Unknown: the file holds no certificate and no receipt. "
    "Choose the file as downloaded, not a picture of it.",
)
