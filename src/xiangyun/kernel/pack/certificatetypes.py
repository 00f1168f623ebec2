"""The catalogue of certificate types (GB/T 36902): who issues each, and who accepts it.

Both come from declarations: an item issues the type of its `certificate.yaml`, and accepts those
that its materials name (`certificate: business-licence`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.packfile.faults import unknown
from xiangyun.kernel.service.model import Material, ServiceItem
from xiangyun.kernel.service.reader import FILE


@dataclass(frozen=True, slots=True)
class Party:
    """An item that issues or accepts a type, and whose it is in general words."""

    code: str
    name: Text
    authority: Text


@dataclass(frozen=True, slots=True)
class CertificateType:
    """One type: `code` is that of GB/T 36904, made up where `verified` is False."""

    id: str
    code: str
    name: Text
    verified: bool
    holder_kind: str
    issued_by: tuple[Party, ...]
    accepted_by: tuple[Party, ...]


def certificate_types(packs: Iterable[Pack]) -> list[CertificateType]:
    """Every type that some pack issues, by its id, with all that issue and all that accept it."""
    issued: dict[str, list[tuple[Pack, Any]]] = {}
    accepted: dict[str, list[Pack]] = {}
    for pack in sorted(packs, key=lambda each: each.code):
        if pack.certificate is not None:
            issued.setdefault(pack.certificate.id, []).append((pack, pack.certificate))
        for id in dict.fromkeys(each for m in pack.service.materials for each in _named(m)):
            accepted.setdefault(id, []).append(pack)
    return [
        CertificateType(
            id,
            some[0][1].type_code,
            some[0][1].name,
            some[0][1].type_code_verified,
            some[0][1].holder_code_kind,
            tuple(_party(pack) for pack, _ in some),
            tuple(map(_party, accepted.get(id, ()))),
        )
        for id, some in sorted(issued.items())
    ]


def _party(pack: Pack) -> Party:
    item = pack.service
    return Party(item.code, item.name, item.authority.general)


def check_accepted(item: ServiceItem, services: Mapping[str, Any], text: str) -> Iterator[Finding]:
    """Types that a material names and that no item issues."""
    known = {
        each.certificate.id for each in services.values() if getattr(each, "certificate", None)
    }
    for material in item.materials:
        for id in _named(material):
            if id not in known:
                kind = Text("证照类型", "type of certificate")
                yield unknown("pack.E260", kind, id, known, Place(FILE, _line(text, id)))


def _named(material: Material) -> Iterator[str]:
    """The types that a material is, or that may stand instead of it."""
    if material.certificate:
        yield material.certificate
    yield from material.instead.certificates


def _line(text: str, id: str) -> int:
    lines = enumerate(text.splitlines(), 1)
    return next((n for n, line in lines if "certificate" in line and id in line), 0)
