"""A receipt and its checking: pure, so that anyone proves an entry without us.

A receipt is JSON:

    format    "xiangyun-receipt/1"
    subject   what the entries are about, such as a case number
    head      {size, root (hex), at, signature {algorithm, key_id, value (base64)}}
    entries   [{leaf, opened, index, proof}] in the order of recording
        leaf    the exact text whose UTF-8 bytes are the leaf (RFC 9162 section 2.1.1)
        opened  {name: {value, salt (hex)}}: personal details and the salts of their digests; who
                passes the receipt on may remove any of them, and it stays valid
        index   the place in the tree, null while the entry waits for the next tree head
        proof   [hash (hex)] from the leaf upwards (RFC 9162 section 2.1.3)
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import TypedDict, TypeGuard

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger import verify_inclusion

from . import leaf, passkeysigned, signatures
from .signatures import TrustedKeys
from .verdict import Answer, Step, Verdict, read_json

FORMAT = "xiangyun-receipt/1"
HEAD_PURPOSE = "xiangyun-tree-head/1"


class Head(TypedDict):
    """A signed tree head: so many leaves, this root (hex), at this moment (ISO 8601, UTC)."""

    size: int
    root: str
    at: str
    signature: dict[str, str]


class ReceiptEntry(TypedDict):
    """One entry of a receipt; see the module."""

    leaf: str
    opened: dict[str, dict[str, object]]
    index: int | None
    proof: list[str]


class Receipt(TypedDict):
    """A whole receipt; see the module."""

    format: str
    subject: str
    head: Head | None
    entries: list[ReceiptEntry]


def head_value(size: int, root: str, at: str) -> dict[str, object]:
    """What the signature of a tree head covers."""
    return {"size": size, "root": root, "at": at}


def check_receipt(document: object, trusted: TrustedKeys) -> Verdict:
    """Check a receipt, parsed by `verdict.read_json`, against trusted public keys (PEM by key id).

    valid: every proven entry stands in a tree whose head a trusted key signed. Entries that still
    wait for a tree head are said to be not yet proven. That no entry was left out is not proven.
    """
    if not _is_receipt(document):
        return _verdict("altered", _BROKEN, [Step(_SHAPE, False)])
    steps = [Step(_SHAPE, True)]
    head, entries = document["head"], document["entries"]
    proven = [entry for entry in entries if entry["index"] is not None]
    if head is None or not proven:
        steps.append(_waiting(entries))
        return _verdict("unknown", _NOT_YET, steps, document)
    key = head["signature"]["key_id"]
    if key not in trusted:
        steps.append(Step(_about_key(key), False))
        return _verdict("unknown", _UNTRUSTED, steps, document)
    steps.append(Step(_about_key(key), True))
    value = head_value(head["size"], head["root"], head["at"])
    signed = signatures.holds(head["signature"], trusted, HEAD_PURPOSE, value)
    included = [_is_in_tree(entry, head) for entry in proven]
    same_subject = all(_says(entry, document["subject"]) for entry in entries)
    true_details = all(_details_are_true(entry) for entry in entries)
    steps += [
        Step(_about_head(head), signed),
        Step(_about_included(sum(included), len(proven)), all(included)),
        Step(_about_subject(document["subject"]), same_subject),
        Step(_DETAILS, true_details),
    ]
    steps += filter(None, map(_signed, entries))
    if any(step.passed is False for step in steps):
        return _verdict("altered", _ALTERED, steps, document)
    if len(proven) == len(entries):
        return _verdict("valid", _VALID, steps, document)
    steps.append(_waiting([entry for entry in entries if entry["index"] is None]))
    return _verdict("valid", _PARTLY, steps, document)


def _is_in_tree(entry: ReceiptEntry, head: Head) -> bool:
    index = entry["index"]
    return index is not None and verify_inclusion(
        leaf.hash_of(entry["leaf"]),
        index,
        head["size"],
        [bytes.fromhex(hashed) for hashed in entry["proof"]],
        bytes.fromhex(head["root"]),
    )


def _says(entry: ReceiptEntry, subject: str) -> bool:
    content = _leaf_content(entry)
    return content is not None and content.get("subject") == subject


def _signed(entry: ReceiptEntry) -> Step | None:
    """What a signature by passkey proves; where its document is left out, not of what."""
    content = _leaf_content(entry) or {}
    data = content.get("data")
    if content.get("verb") != passkeysigned.VERB or not isinstance(data, dict):
        return None
    if not passkeysigned.is_one(data):
        return None
    opened = entry["opened"].get(f"private.{passkeysigned.DOCUMENT}")
    document = str(opened["value"]) if opened else None
    words = _SIGNED if document is not None else _SIGNED_UNSEEN
    return Step(
        words.filled({"at": _beijing(str(content.get("at")))}), passkeysigned.holds(data, document)
    )


def _details_are_true(entry: ReceiptEntry) -> bool:
    content = _leaf_content(entry)
    sealed = content.get("sealed") if content else None
    if not isinstance(sealed, dict):
        return False
    return all(
        hmac.compare_digest(
            str(sealed.get(name, "")).encode(),
            leaf.digest(bytes.fromhex(str(detail["salt"])), detail["value"]).encode(),
        )
        for name, detail in entry["opened"].items()
    )


def _leaf_content(entry: ReceiptEntry) -> Mapping[str, object] | None:
    try:
        content = read_json(entry["leaf"])
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _waiting(entries: Sequence[ReceiptEntry]) -> Step:
    return Step(
        Text(
            "{count} 条记录等待下一次封存，尚无证明；请稍后重新下载回执",
            "{count} {count|entry waits|entries wait} for the next tree head, without a proof yet; "
            "download the receipt again later",
            count=len(entries),
        ),
        None,
    )


def _verdict(
    answer: Answer, headline: Text, steps: list[Step], content: Receipt | None = None
) -> Verdict:
    return Verdict(answer, headline, tuple(steps), "receipt", dict(content) if content else {})


# The shape is checked by hand, strictly: a key that we do not know could be read by a person as
# if it were proven.


def _is_receipt(document: object) -> TypeGuard[Receipt]:
    return (
        _has(document, format=str, subject=str, head=(dict, type(None)), entries=list)
        and document["format"] == FORMAT
        and (document["head"] is None or _is_head(document["head"]))
        and all(_is_entry(entry) for entry in document["entries"])
        and len(document["entries"]) > 0
    )


def _is_head(head: object) -> bool:
    return (
        _has(head, size=int, root=str, at=str, signature=dict)
        and _is_hex(head["root"])
        and _has(head["signature"], algorithm=str, key_id=str, value=str)
    )


def _is_entry(entry: object) -> bool:
    return (
        _has(entry, leaf=str, opened=dict, index=(int, type(None)), proof=list)
        and all(_is_hex(hashed) for hashed in entry["proof"])
        and all(
            _has(detail, value=object, salt=str) and _is_hex(detail["salt"])
            for detail in entry["opened"].values()
        )
    )


def _has(value: object, /, **kinds: type | tuple[type, ...]) -> TypeGuard[dict]:  # type: ignore[type-arg]
    """Whether it is a JSON object with exactly these keys, of these kinds."""
    return (
        isinstance(value, dict)
        and value.keys() == kinds.keys()
        and all(isinstance(value[key], kind) for key, kind in kinds.items())
    )


def _is_hex(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


_SHAPE = Text("文件是一份完整的回执", "The file is a complete receipt")
_DETAILS = Text(
    "展开的姓名等个人信息与记录中的摘要一致",
    "Names and details shown in the open match their digests in the entries",
)
_SIGNED = Text(
    "北京时间{at}的签名由通行密钥作出，签的就是所附内容",
    "The signature of {at} Beijing time was made by the passkey, of the document shown",
)
_SIGNED_UNSEEN = Text(
    "北京时间{at}的签名由通行密钥作出；所签内容没有附上",
    "The signature of {at} Beijing time was made by the passkey; what was signed is left out",
)
_VALID = Text(
    "回执有效：所列记录确在日志之中，未被改动。",
    "Valid: the entries stand in the journal as they are shown here.",
)
_PARTLY = Text(
    "回执中已封存的记录有效；最近的记录尚待封存。",
    "Valid for the entries with a proof; the latest ones still wait for theirs.",
)
_ALTERED = Text(
    "回执与日志不符，内容被改动过。请从平台重新下载。",
    "Altered: the receipt does not match the journal. Download it again from the platform.",
)
_BROKEN = Text(
    "回执不完整或被改动过。请从平台重新下载。",
    "Altered: the receipt is incomplete or was changed. Download it again from the platform.",
)
_UNTRUSTED = Text(
    "无法确认：回执由一把不受信任的密钥签名。",
    "Unknown: the receipt is signed by a key that is not trusted.",
)
_NOT_YET = Text(
    "尚不能证明：记录还在等待封存。请稍后重新下载回执。",
    "Not proven yet: the entries wait for the next tree head. Download the receipt again later.",
)


def _about_key(key: str) -> Text:
    return Text("签名密钥 {key} 受信任", "The signing key {key} is trusted", key=key)


def _about_head(head: Head) -> Text:
    return Text(
        "树根由该密钥签名：{size} 条记录，北京时间{at}",
        "The tree head is signed with it: {size} {size|entry|entries}, {at} Beijing time",
        size=head["size"],
        at=_beijing(head["at"]),
    )


def _beijing(at: str) -> datetime | str:
    """The moment of a head for people, to the minute; as it is written where it is none."""
    try:
        return datetime.fromisoformat(at).astimezone(timezone(timedelta(hours=8)))
    except ValueError:
        return at


def _about_included(count: int, total: int) -> Text:
    return Text(
        "{total} 条记录中有 {count} 条可证明在日志树中",
        "{count} of {total} {total|entry|entries} {count|is|are} proven to stand in the tree",
        total=total,
        count=count,
    )


def _about_subject(subject: str) -> Text:
    return Text("所有记录都关于 {subject}", "All entries are about {subject}", subject=subject)
