"""HTTP Message Signatures (RFC 9421) and Content-Digest (RFC 9530): the texts, not the keys.

What is signed is a text, the signature base; here it is made from a request or an answer, and the
two header fields that carry a signature are written and read. Whoever has a key signs the text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Parameter = str | int | bool
LABEL = "xiangyun"
DIGEST = "content-digest"
_NAME = r'"([@a-z0-9_-]+)"((?:;[a-z0-9_*-]+(?:=(?:"[^"]*"|[A-Za-z0-9:/*_.-]+))?)*)'
_COMPONENT = re.compile(_NAME)
_MEMBER = re.compile(
    rf"([a-z*][a-z0-9_.*-]*)=(\((?:\s*{_NAME})*\s*\)"
    r'((?:;[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\["\\])*"|-?[0-9]+|\?[01]|:[^:]*:|[A-Za-z*][^;,\s]*))?)*))'
)
_PARAMETER = re.compile(
    r';([a-z*][a-z0-9_.*-]*)(?:=("(?:[^"\\]|\\["\\])*"|-?[0-9]+|\?[01]|[A-Za-z*][^;,\s]*))?'
)
_BYTES = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):")
MOST_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a message that is signed: `"@method"`, `"content-digest"`, `"@path";req`."""

    name: str
    of_request: bool = False
    """Whether a signature under an answer means the part of the request (`req`)."""

    def __str__(self) -> str:
        return f'"{self.name}"{";req" if self.of_request else ""}'


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """What one member of Signature-Input says; `text` is its value as it was written."""

    components: tuple[Component, ...]
    parameters: Mapping[str, Parameter]
    text: str


@dataclass(frozen=True, slots=True)
class Signable:
    """A request, or an answer (`status`); header fields by their names in small letters."""

    method: str = ""
    url: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of a part (RFC 9421, 2.1 and 2.2). Raises KeyError for one that is absent."""
        if not name.startswith("@"):
            return " ".join(self.headers[name].split("\n")).strip()
        if name == "@status" and self.status:
            return str(self.status)
        if self.status:
            raise KeyError(name)
        parts = urlsplit(self.url)
        match name:
            case "@method":
                return self.method.upper()
            case "@target-uri":
                return self.url
            case "@authority":
                return _authority(parts.scheme, parts.netloc)
            case "@scheme":
                return parts.scheme.lower()
            case "@path":
                return parts.path or "/"
            case "@query":
                return f"?{parts.query}"
            case "@request-target":
                return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        raise KeyError(name)


def _authority(scheme: str, netloc: str) -> str:
    usual = {"http": ":80", "https": ":443"}.get(scheme.lower(), "")
    found = netloc.rpartition("@")[2].lower()
    return found.removesuffix(usual) if usual else found


def write_input(components: Sequence[Component], parameters: Mapping[str, Parameter]) -> str:
    """The value of one member of Signature-Input."""
    listed = " ".join(map(str, components))
    said = "".join(f";{name}={_written(value)}" for name, value in parameters.items())
    return f"({listed}){said}"


def _written(value: Parameter) -> str:
    if isinstance(value, bool):
        return f"?{int(value)}"
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def signature_base(
    said: SignatureInput, message: Signable, request: Signable | None = None
) -> bytes:
    """The text that is signed (RFC 9421, 2.5).

    Raises ValueError for a part that is named twice, and KeyError for one that is absent.
    """
    if len(set(said.components)) != len(said.components):
        raise ValueError("a part is named twice")
    lines = []
    for component in said.components:
        source = request if component.of_request else message
        if source is None:
            raise KeyError(str(component))
        lines.append(f"{component}: {source.value(component.name)}")
    lines.append(f'"@signature-params": {said.text}')
    return "\n".join(lines).encode("ascii")


def read_inputs(header: str) -> dict[str, SignatureInput]:
    """The members of Signature-Input by their labels. Raises ValueError for what is none."""
    found: dict[str, SignatureInput] = {}
    for match in _members(_MEMBER, header):
        label, text = match[1], match[2]
        inner = text[1 : text.index(")")]
        components = tuple(_component(each) for each in _COMPONENT.finditer(inner))
        found[label] = SignatureInput(components, _parameters(text[text.index(")") + 1 :]), text)
    return found


def _component(match: re.Match[str]) -> Component:
    if match[2] not in ("", ";req"):
        raise ValueError(f"parts with {match[2]} are not understood")
    return Component(match[1], bool(match[2]))


def _parameters(text: str) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for match in _PARAMETER.finditer(text):
        name, value = match[1], match[2]
        if value is None:
            found[name] = True
        elif value.startswith('"'):
            found[name] = re.sub(r"\\(.)", r"\1", value[1:-1])
        elif value.startswith("?"):
            found[name] = value == "?1"
        else:
            found[name] = int(value) if value.lstrip("-").isdigit() else value
    return found


def read_signatures(header: str) -> dict[str, bytes]:
    """The members of Signature by their labels. Raises ValueError for what is none."""
    return {
        match[1]: base64.b64decode(match[2], validate=True) for match in _members(_BYTES, header)
    }


def _members(pattern: re.Pattern[str], header: str) -> list[re.Match[str]]:
    """The members of a dictionary (RFC 8941, 3.2); anything between them is a fault."""
    if len(header) > MOST_CHARACTERS or not header.isascii():
        raise ValueError("too long, or not ASCII")
    found, at = [], 0
    text = header.strip()
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            raise ValueError("not to be read")
        found.append(match)
        at = match.end()
        gap = re.compile(r"\s*,\s*").match(text, at)
        if gap is None and at < len(text):
            raise ValueError("not to be read")
        at = gap.end() if gap else at
    if len({match[1] for match in found}) != len(found):
        raise ValueError("a label stands there twice")
    return found


def content_digest(body: bytes) -> str:
    """The value of Content-Digest by SHA-256."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def digest_holds(header: str, body: bytes) -> bool:
    """Whether a Content-Digest is that of a body: SHA-256 is there, and whatever is there holds."""
    made = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
    try:
        members = {match[1]: match[2] for match in _members(_BYTES, header)}
        told = {name: base64.b64decode(value, validate=True) for name, value in members.items()}
    except ValueError:
        return False
    return "sha-256" in told and all(
        made[name](body).digest() == value for name, value in told.items() if name in made
    )
