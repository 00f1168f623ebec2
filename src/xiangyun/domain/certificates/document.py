"""The certificate as a file: signed data inside a page, one file without anything outside it.

What it says is the `content`:

    identifier   GB/T 36904; number: the number it is known by, such as a unified code
    type         {code, id, name {zh, en}}
    holder       {name, code, code_kind}; authority: {name, code}; division: 12 digits
    issued_on, valid_from, valid_until   ISO dates or null (no end)
    fields       [{key, label {zh, en}, value {zh, en}, place, wide}] in order; place is
                 top, body or foot of the page
    note         {zh, en}; case: its number or null; replaces: an identifier or null
    verify_at    the address that its QR code holds
    use, status  of a copy alone: {purpose, until} and its place in a status list {uri, idx}

The signed document is {format, content, page (SHA-256 in hex), signature}. The signature covers the
content and the hash of the page with the data taken out, so a change of what the eye sees is found
just like a change of the data. A file has exactly one spelling: every byte of it is determined by
the page and the document, and nothing can be hidden in either.
"""

from __future__ import annotations

import hashlib
from typing import NotRequired, TypedDict

from xiangyun.domain.journal import signatures
from xiangyun.domain.journal.verdict import read_json
from xiangyun.kernel.ledger import canonical

FORMAT = "xiangyun-certificate/1"
OPENING = '<script type="application/json" id="xiangyun-certificate">'
CLOSING = "</script>"


class Words(TypedDict):
    """The same words in Chinese and English."""

    zh: str
    en: str


class Kind(TypedDict):
    """A kind of certificate: its code (GB/T 36903), its id in the pack, its name."""

    code: str
    id: str
    name: Words


class Holder(TypedDict):
    """Whose it is; `code_kind` is uscc, resident-id or other (持证主体代码类型)."""

    name: str
    code: str
    code_kind: str


class Authority(TypedDict):
    """Who issued it (颁发机构)."""

    name: str
    code: str


class Field(TypedDict):
    """One line as printed; `place` is top, body or foot."""

    key: str
    label: Words
    value: Words
    place: str
    wide: bool


class Use(TypedDict):
    """What a copy is made out for, and until which day (加注件)."""

    purpose: str
    until: str


class Content(TypedDict):
    """All that a certificate says; see the module."""

    identifier: str
    type: Kind
    number: str
    holder: Holder
    authority: Authority
    division: str
    issued_on: str
    valid_from: str | None
    valid_until: str | None
    fields: list[Field]
    note: Words
    case: str | None
    replaces: str | None
    verify_at: str
    use: NotRequired[Use]
    status: NotRequired[dict[str, object]]


class Document(TypedDict):
    """A signed certificate; see the module."""

    format: str
    content: Content
    page: str
    signature: dict[str, str]


def signed(content: Content, blank_page: str, signer: signatures.Signer) -> Document:
    """Sign what a certificate says together with its page, whose data block is still empty."""
    page = page_hash(blank_page)
    return {
        "format": FORMAT,
        "content": content,
        "page": page,
        "signature": signatures.sign(signer, FORMAT, signed_value(content, page)),
    }


def signed_value(content: object, page: str) -> dict[str, object]:
    """What the signature covers."""
    return {"content": content, "page": page}


def page_hash(blank_page: str) -> str:
    """SHA-256 in hex of the page without its data."""
    return hashlib.sha256(blank_page.encode()).hexdigest()


def with_data(blank_page: str, document: Document) -> str:
    """The page that carries its signed document."""
    before, opening, after = blank_page.partition(OPENING)
    if not opening or not after.startswith(CLOSING) or OPENING in after:
        raise ValueError("a page needs exactly one empty block for its data")
    return before + opening + _in_script(document) + after


def take_apart(file: str) -> tuple[str, object]:
    """The blank page of a file and the document in it, which may be any JSON value.

    Line ends count as LF, since a mailer may have changed them.

    Raises LookupError when the file has no data block: it is no certificate. Raises ValueError
    when it has one, but not as we write it: the file was changed.
    """
    text = file.removeprefix("\ufeff").replace("\r\n", "\n")
    before, opening, rest = text.partition(OPENING)
    if not opening:
        raise LookupError("no certificate data in the file")
    data, closing, after = rest.partition(CLOSING)
    if not closing or OPENING in after:
        raise ValueError("the data block is not closed, or there are two of them")
    document = read_json(data)
    if _in_script(document) != data:
        raise ValueError("the data are not spelt as they were signed")
    return before + opening + closing + after, document


def _in_script(document: object) -> str:
    """Canonical JSON that no HTML parser can take for an end or a comment."""
    text = canonical(document).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
