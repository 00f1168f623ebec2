"""Hash chains of X-Road's batch signatures and time stamps.

A chain says how digests of files, and of other steps, are put together to the one that is signed.
What a step puts together is hashed as a DER sequence of (digest, method, no transforms).
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from .container import parse
from .faults import refused
from .xmlsignature import DS, decoded, digest

HC = "{http://cyber.ee/hashchain}"
_DEEPEST = 64


def verify(name: str, files: Mapping[str, bytes]) -> frozenset[str]:
    """Recompute the chain behind a result file; the files that it covers, the chain's own and the
    result among them. Raises Refused."""
    result = parse(name, files[name])
    if result.tag != f"{HC}HashChainResult":
        raise refused("asice.E007", name)
    uri = str(result.get("URI", ""))
    path, _, step = uri.removeprefix("/").partition("#")
    if path not in files or not step:
        raise refused("asice.E007", uri or name)
    method, value = result.find(f"{DS}DigestMethod"), result.find(f"{DS}DigestValue")
    if method is None or value is None:
        raise refused("asice.E007", name)
    chain = _Chain(path, parse(path, files[path]), files)
    algorithm = str(method.get("Algorithm", ""))
    if chain.step(step, algorithm, 0) != decoded(value):
        raise refused("asice.E007", uri)
    chain.refuse_unused()
    return frozenset({name, path} | chain.covered)


class _Chain:
    def __init__(self, name: str, root: etree._Element, files: Mapping[str, bytes]) -> None:
        if root.tag != f"{HC}HashChain":
            raise refused("asice.E007", name)
        self.name, self.files = name, files
        default = root.find(f"{HC}DefaultDigestMethod")
        self.default = str(default.get("Algorithm", "")) if default is not None else ""
        self.steps = {str(each.get("id", "")): each for each in root.findall(f"{HC}HashStep")}
        if len(self.steps) != len(root.findall(f"{HC}HashStep")):
            raise refused("asice.E007", f"{name}: id")
        self.covered: set[str] = set()
        self.used: set[str] = set()

    def step(self, id: str, algorithm: str, depth: int) -> bytes:
        """The digest of a step, by a method."""
        found = self.steps.get(id)
        if found is None or depth > _DEEPEST or id in self.used:
            raise refused("asice.E007", f"{self.name}#{id}")
        self.used.add(id)
        parts = [self._part(each, depth) for each in found if isinstance(each.tag, str)]
        if not parts:
            raise refused("asice.E007", f"{self.name}#{id}")
        return digest(algorithm, _sequence(parts), "asice.E007")

    def _part(self, element: etree._Element, depth: int) -> tuple[bytes, str]:
        method = element.find(f"{DS}DigestMethod")
        algorithm = str(method.get("Algorithm", "")) if method is not None else self.default
        value, uri = element.find(f"{DS}DigestValue"), str(element.get("URI", ""))
        if (
            element.find(f"{DS}Transforms") is not None
            or element.find(f"{HC}Transforms") is not None
        ):
            raise refused("asice.E007", f"{uri}: Transforms")
        if element.tag == f"{HC}HashValue" and value is not None:
            digest(algorithm, b"", "asice.E007")
            return decoded(value), algorithm
        if element.tag == f"{HC}StepRef" and uri.startswith("#"):
            return self.step(uri[1:], algorithm, depth + 1), algorithm
        if element.tag == f"{HC}DataRef" and value is not None:
            name, said = uri.removeprefix("/"), decoded(value)
            # A file that was left out of the container is known by its digest alone.
            if name in self.files and digest(algorithm, self.files[name], "asice.E007") != said:
                raise refused("asice.E005", uri)
            self.covered.add(name)
            return said, algorithm
        raise refused("asice.E007", f"{self.name}: {etree.QName(element).localname}")

    def refuse_unused(self) -> None:
        """A step that nothing leads to would make believe that its files are signed."""
        for id in sorted(self.steps.keys() - self.used):
            raise refused("asice.E007", f"{self.name}#{id}")


def _sequence(parts: list[tuple[bytes, str]]) -> bytes:
    return _tlv(
        0x30,
        b"".join(
            _tlv(0x30, _tlv(0x04, value) + _tlv(0x0C, algorithm.encode()) + _tlv(0x30, b""))
            for value, algorithm in parts
        ),
    )


def _tlv(tag: int, content: bytes) -> bytes:
    """Tag, length and content (X.690, DER)."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content
