"""OFD (GB/T 33190): a page of text written by hand, read back, its parts digested and signed.

The document is a ZIP of XML. A signature (section 18) lists every other part with its SM3 digest;
its value is a plain SM2 signature of that list. An electronic seal (GM/T 0031) is not attempted.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from .faults import refused
from .jws import Sign

NAMESPACE = "http://www.ofdspec.org/2016"
_EARLIER = ("http://www.ofdspec.org",)  # of documents made before the standard's last text
SM3, SM2_SM3 = "1.2.156.10197.1.401", "1.2.156.10197.1.501"
_HASHES = {SM3: "sm3", "SM3": "sm3", "1.3.14.3.2.26": "sha1", "MD5": "md5", "SHA1": "sha1"}
_SIGNS = "Doc_0/Signs/"
_SIGNATURES, _SIGNATURE = f"{_SIGNS}Signatures.xml", f"{_SIGNS}Sign_0/Signature.xml"
_VALUE = f"{_SIGNS}Sign_0/SignedValue.dat"
_MOST_BYTES, _MOST_PARTS = 64_000_000, 10_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Line(NamedTuple):
    """A line of text: its left end and base line in millimetres, its size, and the words."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Ofd:
    """A document that was read: its parts by name, its text, its own data, and what is signed.

    `changed`: parts that are not as they were signed.
    """

    parts: Mapping[str, bytes]
    text: str
    data: Mapping[str, str]
    signed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


# Writing ----------------------------------------------------------------------------------------


def written(
    pages: Sequence[Sequence[Line]],
    *,
    id_: str,
    title: str,
    made_on: str,
    data: Mapping[str, str],
    sign: Sign | None = None,
    signed_at: str = "",
) -> bytes:
    """The document: A4, one layer a page; `data` lies in CustomDatas.

    The same is written as the same bytes, but for the signature. `id_`: 32 hex digits. `made_on`:
    an ISO date. `signed_at`: as `20260409013000Z`.
    """
    parts = _parts(pages, id_, title, made_on, data, signed=sign is not None)
    if sign is not None:
        parts[_SIGNATURES] = _xml(
            "Signatures",
            "<ofd:MaxSignId>1</ofd:MaxSignId>"
            f'<ofd:Signature ID="1" Type="Sign" BaseLoc="/{_SIGNATURE}"/>',
        )
        parts[_SIGNATURE] = _listed(parts, signed_at)
        parts[_VALUE] = sign(parts[_SIGNATURE])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _parts(
    pages: Sequence[Sequence[Line]],
    id_: str,
    title: str,
    made_on: str,
    data: Mapping[str, str],
    *,
    signed: bool,
) -> dict[str, bytes]:
    own = "".join(
        f'<ofd:CustomData Name="{escape(name)}">{escape(value)}</ofd:CustomData>'
        for name, value in data.items()
    )
    signatures = f"<ofd:Signatures>/{_SIGNATURES}</ofd:Signatures>" if signed else ""
    parts = {
        "OFD.xml": _xml(
            "OFD",
            f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>{id_}</ofd:DocID>"
            f"<ofd:Title>{escape(title)}</ofd:Title><ofd:CreationDate>{made_on}</ofd:CreationDate>"
            f"<ofd:Creator>Xiangyun</ofd:Creator><ofd:CustomDatas>{own}</ofd:CustomDatas>"
            f"</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{signatures}</ofd:DocBody>",
            ' Version="1.0" DocType="OFD"',
        ),
        "Doc_0/PublicRes.xml": _xml(
            "Res",
            '<ofd:Fonts><ofd:Font ID="1" FontName="宋体" FamilyName="SimSun" Charset="unicode"/>'
            "</ofd:Fonts>",
            ' BaseLoc="Res"',
        ),
    }
    number, listed = 1, []
    for at, page in enumerate(pages):
        number += 1
        listed.append(f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{at}/Content.xml"/>')
        number += 1
        layer, texts = number, []
        for line in page:
            number += 1
            texts.append(_text_object(number, line))
        parts[f"Doc_0/Pages/Page_{at}/Content.xml"] = _xml(
            "Page",
            f'<ofd:Content><ofd:Layer ID="{layer}">{"".join(texts)}</ofd:Layer></ofd:Content>',
        )
    parts["Doc_0/Document.xml"] = _xml(
        "Document",
        f"<ofd:CommonData><ofd:MaxUnitID>{number}</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{''.join(listed)}</ofd:Pages>",
    )
    return parts


def _text_object(number: int, line: Line) -> str:
    """One line; a Chinese character is as wide as it is high, a Latin one about half of it."""
    widths = [line.size if ord(each) > 0x2E7F else line.size / 2 for each in line.text]
    deltas = " ".join(f"{width:g}" for width in widths[:-1])
    delta = f' DeltaX="{deltas}"' if deltas else ""
    box = f"{line.x:g} {line.y - line.size:g} {max(sum(widths), line.size):g} {line.size * 1.4:g}"
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{box}" Font="1" Size="{line.size:g}">'
        f'<ofd:TextCode X="0" Y="{line.size:g}"{delta}>{escape(line.text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def _listed(parts: Mapping[str, bytes], signed_at: str) -> bytes:
    references = "".join(
        f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>{_sm3(content)}</ofd:CheckValue>'
        "</ofd:Reference>"
        for name, content in parts.items()
        if not name.startswith(_SIGNS)
    )
    return _xml(
        "Signature",
        '<ofd:SignedInfo><ofd:Provider ProviderName="Xiangyun" Version="1.0" Company="Xiangyun"/>'
        f"<ofd:SignatureMethod>{SM2_SM3}</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>{signed_at}</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="{SM3}">{references}</ofd:References></ofd:SignedInfo>'
        f"<ofd:SignedValue>/{_VALUE}</ofd:SignedValue>",
    )


def _sm3(content: bytes) -> str:
    return base64.b64encode(hashlib.new("sm3", content).digest()).decode()


def _xml(root: str, inner: str, more: str = "") -> bytes:
    return f'{_HEAD}<ofd:{root} xmlns:ofd="{NAMESPACE}"{more}>{inner}</ofd:{root}>'.encode()


# Reading ----------------------------------------------------------------------------------------


def read(content: bytes) -> Ofd:
    """A document of anybody, with the digests of its signatures compared.

    Raises Refused `credential.E001` for a file that is no OFD, `E040` and `E041` for a signature
    that cannot be read. Whose key signed is for `check_signature`.
    """
    parts = _unpacked(content)
    root = _tree(parts, "OFD.xml")
    if _local(root) != "OFD":
        raise refused("E001", "OFD.xml")
    own, texts = {}, []
    signed: dict[str, bool] = {}
    for body in _all(root, "DocBody"):
        for each in _all(body, "CustomData"):
            own[str(each.get("Name"))] = "".join(str(part) for part in each.itertext())
        document = _joined("", _said(body, "DocRoot"))
        texts += _texts(parts, document)
        if listed := _said(body, "Signatures"):
            _compare_digests(parts, _joined("", listed), signed)
    changed = tuple(sorted(name for name, same in signed.items() if not same))
    return Ofd(parts, "\n".join(texts), own, tuple(sorted(signed)), changed)


def check_signature(document: Ofd, checks: Callable[[bytes, bytes], bool]) -> None:
    """That a document of ours is signed, all of it: `checks` of the list and the signature.

    Raises Refused `credential.E040` for one that is not signed as we sign, `E006` a false
    signature, or a part that is in no signature.
    """
    listed, value = document.parts.get(_SIGNATURE), document.parts.get(_VALUE)
    if listed is None or value is None:
        raise refused("E040")
    if document.changed:
        raise refused("E006", ", ".join(document.changed))
    ours = {name for name in document.parts if not name.startswith(_SIGNS)}
    if set(document.signed) != ours:
        raise refused("E006", ", ".join(sorted(ours ^ set(document.signed))))
    expected = _xml(
        "Signatures",
        "<ofd:MaxSignId>1</ofd:MaxSignId>"
        f'<ofd:Signature ID="1" Type="Sign" BaseLoc="/{_SIGNATURE}"/>',
    )
    if document.parts.get(_SIGNATURES) != expected or len(document.parts) != len(ours) + 3:
        raise refused("E006", _SIGNATURES)
    if not checks(listed, value):
        raise refused("E006", _SIGNATURE)


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            names = [each.filename for each in entries]
            size = sum(each.file_size for each in entries)
            if len(set(names)) != len(names) or len(names) > _MOST_PARTS or size > _MOST_BYTES:
                raise refused("E001")
            return {each.filename.lstrip("/"): archive.read(each) for each in entries}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise refused("E001") from None
    except Exception as problem:
        # A broken stream raises what its decoder raises, such as zlib.error.
        if type(problem).__module__ == "zlib":
            raise refused("E001") from None
        raise


def _tree(parts: Mapping[str, bytes], name: str) -> etree._Element:
    if name not in parts:
        raise refused("E001", name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(parts[name], parser)
    except (etree.XMLSyntaxError, ValueError):
        raise refused("E001", name) from None
    if b"<!DOCTYPE" in parts[name] or etree.QName(root).namespace not in (NAMESPACE, *_EARLIER):
        raise refused("E001", name)
    return root


def _texts(parts: Mapping[str, bytes], document: str) -> list[str]:
    root = _tree(parts, document)
    if _local(root) != "Document":
        raise refused("E001", document)
    pages = [each for each in _all(root, "Page") if each.get("BaseLoc")]
    if not pages:
        raise refused("E001", document)
    texts = []
    for page in pages:
        content = _tree(parts, _joined(document, str(page.get("BaseLoc"))))
        texts += [
            "".join(str(part) for part in code.itertext()) for code in _all(content, "TextCode")
        ]
    return texts


def _compare_digests(parts: Mapping[str, bytes], listed: str, signed: dict[str, bool]) -> None:
    """Note for each part that a signature covers whether it is as it was signed."""
    for signature in _all(_tree(parts, listed), "Signature"):
        place = _joined(listed, str(signature.get("BaseLoc")))
        root = _tree(parts, place)
        references = next(iter(_all(root, "References")), None)
        method = "" if references is None else str(references.get("CheckMethod") or "MD5")
        found = _all(root, "Reference")
        if method not in _HASHES or not found:
            raise refused("E041", method or place)
        for reference in found:
            name = _joined(place, str(reference.get("FileRef")))
            value = _said(reference, "CheckValue")
            digest = hashlib.new(_HASHES[method], parts.get(name, b"")).digest()
            same = name in parts and base64.b64encode(digest).decode() == "".join(value.split())
            signed[name] = same and signed.get(name, True)
        if _joined(place, _said(root, "SignedValue")) not in parts:
            raise refused("E040", place)


def _joined(base: str, path: str) -> str:
    """A path within the document: from its root with a slash before it, else beside its file."""
    if path.startswith("/"):
        steps = path[1:].split("/")
    else:
        steps = [*base.split("/")[:-1], *path.split("/")]
    if ".." in steps or not re.fullmatch(r"[^\\]*", path):
        raise refused("E001", path)
    return "/".join(step for step in steps if step not in ("", "."))


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _all(element: etree._Element, name: str) -> list[etree._Element]:
    return [each for each in element.iter() if isinstance(each.tag, str) and _local(each) == name]


def _said(element: etree._Element, name: str) -> str:
    found = _all(element, name)
    return "".join(str(part) for part in found[0].itertext()).strip() if found else ""
