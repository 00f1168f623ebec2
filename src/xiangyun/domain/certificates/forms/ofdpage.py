"""A certificate as OFD (GB/T 33190): a page that prints, with its facts beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from xiangyun.domain.journal.algorithms import from_der, to_der
from xiangyun.domain.journal.signatures import Signer
from xiangyun.kernel.credential import ofd
from xiangyun.kernel.credential.encodings import read_json
from xiangyun.kernel.credential.faults import refused
from xiangyun.kernel.credential.ofd import Line
from xiangyun.kernel.ledger import spelled

_FACTS, _KEY, _STATUS = "xiangyun-certificate", "xiangyun-key", "xiangyun-status"
_LEFT, _TOP, _BOTTOM, _WIDTH = 25.0, 35.0, 280.0, 160.0


def issued(
    content: Mapping[str, Any], *, status: tuple[str, int], signer: Signer, at: datetime
) -> bytes:
    """The signed document."""
    data = {
        _FACTS: spelled(dict(content)),
        _KEY: signer.key_id,
        _STATUS: spelled({"uri": status[0], "idx": status[1]}),
    }
    return ofd.written(
        _pages(content),
        id_=hashlib.sha256(str(content["identifier"]).encode()).hexdigest()[:32],
        title=content["type"]["name"]["zh"],
        made_on=content["issued_on"],
        data=data,
        sign=lambda message: to_der(signer.sign(message)),
        signed_at=at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ"),
    )


def read(document: ofd.Ofd) -> tuple[dict[str, Any], str, dict[str, Any]]:
    """The content that a document carries, the id of its key, and where its status stands.

    Raises Refused `credential.E024` where it is no certificate of ours.
    """
    try:
        content, status = (read_json(document.data[name]) for name in (_FACTS, _STATUS))
        key = document.data[_KEY]
    except KeyError:
        raise refused("credential.E024", "CustomDatas") from None
    if not isinstance(content, dict) or not isinstance(status, dict):
        raise refused("credential.E024", "CustomDatas")
    return content, key, status


def check(document: ofd.Ofd, holds: Callable[[bytes, bytes], bool]) -> None:
    """That it is signed, and that the page says what the facts beside it say.

    `holds`: whether the key signed, with the signature as two numbers side by side. Raises Refused
    `credential.E006` and `E040`.
    """
    content, _, _ = read(document)

    def checks(message: bytes, signature: bytes) -> bool:
        try:
            plain = from_der(signature)
        except (ValueError, OverflowError):
            return False
        return to_der(plain) == signature and holds(message, plain)

    ofd.check_signature(document, checks)
    try:
        printed = "\n".join(line.text for page in _pages(content) for line in page)
    except (KeyError, TypeError):
        raise refused("credential.E024", "CustomDatas") from None
    if printed != document.text:
        raise refused("credential.E006", "Content.xml")


def _pages(content: Mapping[str, Any]) -> list[list[Line]]:
    """The lines of the paper, as many pages as they take."""
    name = content["type"]["name"]
    lines: list[tuple[float, str]] = [(7.0, name["zh"]), (4.0, name["en"]), (2.0, "")]
    rows = [
        (line["label"]["zh"], line["label"]["en"], line["value"]["zh"])
        for line in content["fields"]
    ]
    rows += [
        ("持证主体", "Holder", content["holder"]["name"]),
        ("证照编号", "Number", content["number"]),
        ("颁发机构", "Authority", content["authority"]["name"]),
        ("颁发日期", "Issued on", content["issued_on"]),
        ("有效期至", "Valid until", content["valid_until"] or "长期 No end"),
        ("证照标识", "Identifier", content["identifier"]),
    ]
    if use := content.get("use"):
        rows.append(("仅限用途", "Only for", f"{use['purpose']}（{use['until']}）"))
    for zh, en, value in rows:
        lines.append((3.0, f"{zh} {en}"))
        lines += [(4.5, part) for part in _wrapped(str(value), 4.5)]
        lines.append((1.5, ""))
    for text in (content["note"]["zh"], content["note"]["en"], content["verify_at"]):
        lines += [(3.0, part) for part in _wrapped(text, 3.0)]
    pages: list[list[Line]] = [[]]
    y = _TOP
    for size, text in lines:
        y += size * 1.5
        if y > _BOTTOM:
            pages.append([])
            y = _TOP
        if text:
            pages[-1].append(Line(_LEFT, y, size, text))
    return pages


def _wrapped(text: str, size: float) -> list[str]:
    """Words in lines no wider than the paper's."""
    lines, width = [""], 0.0
    for letter in text.replace("\n", " "):
        step = size if ord(letter) > 0x2E7F else size / 2
        if width + step > _WIDTH:
            lines.append("")
            width = 0.0
        lines[-1] += letter
        width += step
    return [line for line in lines if line.strip()]
