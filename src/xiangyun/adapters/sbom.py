"""A CycloneDX 1.6 bill of materials (ECMA-424) from lock files with hashes.

It is made of the pins alone, so that it is the same on every machine; only licences are asked of
what is installed, and left out where nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, metadata, version
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from xiangyun.kernel.findings import Finding, Place, Refused, Text

_PIN = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[\w,.-]+\])?==([\w.!+-]+)(?:\s*;[^\\]*)?\s*\\?")
_HASH = re.compile(r"\s+--hash=sha256:([0-9a-f]{64})\s*\\?")
_VIA = re.compile(r"\s+#\s*(?:via\b\s*)?(.*)")
_NAME = "xiangyun"
_LARGEST = 4 << 20


@dataclass
class Pin:
    """One pinned package: the SHA-256 of each file that may be installed, and what asks for it."""

    name: str
    version: str
    hashes: list[str] = field(default_factory=list)
    via: set[str] = field(default_factory=set)

    @property
    def purl(self) -> str:
        """Its package URL (ECMA-427)."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(text: str, file: str) -> list[Pin]:
    """The pins of a lock file, in order. Raises Refused `sbom.E001` with the line that is none.

    A pin without a hash is refused too: nobody could tell what would be installed.
    """
    if len(text) > _LARGEST:
        raise _refused(file, 1)
    pins: list[Pin] = []
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HASH.fullmatch(line):
            if not pins:
                raise _refused(file, number)
            pins[-1].hashes.append(found[1])
        elif (found := _VIA.fullmatch(line)) and pins:
            pins[-1].via |= {_normal(found[1].partition(" ")[0])} - {""}
        elif found := _PIN.fullmatch(line):
            pins.append(Pin(_normal(found[1]), found[2]))
        elif line.strip() and not line.startswith("#"):
            raise _refused(file, number)
    if not pins or not all(pin.hashes for pin in pins):
        raise _refused(file, 1)
    return pins


def bill(locks: Iterable[list[Pin]]) -> dict[str, Any]:
    """The bill of materials of several lock files together; one pin that is in two counts once."""
    pins = {pin.purl: pin for pins in locks for pin in pins}
    ordered = [pins[purl] for purl in sorted(pins)]
    own = f"pkg:pypi/{_NAME}@{version(_NAME)}"
    told = "\n".join(f"{pin.purl} {sorted(pin.hashes)}" for pin in ordered)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, own + told)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": _NAME,
                "version": version(_NAME),
                "purl": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [_component(pin) for pin in ordered],
        "dependencies": _dependencies(ordered, own),
    }


def _component(pin: Pin) -> dict[str, Any]:
    licence = _licence(pin)
    return {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        **({"licenses": [licence]} if licence else {}),
        "externalReferences": [
            {
                "type": "distribution",
                "url": pin.purl,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
            for digest in sorted(pin.hashes)
        ],
    }


def _dependencies(pins: list[Pin], own: str) -> list[dict[str, Any]]:
    """Who asks for whom; what no other package asks for, the platform does."""
    by_name: dict[str, list[str]] = {}
    for pin in pins:
        by_name.setdefault(pin.name, []).append(pin.purl)
    asked: dict[str, set[str]] = {own: set(), **{pin.purl: set() for pin in pins}}
    for pin in pins:
        askers = [purl for name in pin.via for purl in by_name.get(name, [])]
        for asker in askers or [own]:
            asked[asker].add(pin.purl)
        if _NAME in pin.via:
            asked[own].add(pin.purl)
    return [{"ref": ref, "dependsOn": sorted(found)} for ref, found in asked.items()]


def _licence(pin: Pin) -> dict[str, Any] | None:
    try:
        known = metadata(pin.name)
    except PackageNotFoundError:
        return None
    if known["Version"] != pin.version:
        return None
    for expression in known.get_all("License-Expression") or []:
        return {"expression": expression}
    named = [
        said.rpartition(" :: ")[2]
        for said in known.get_all("Classifier") or []
        if said.startswith("License :: ")
    ]
    short = "".join(known.get_all("License") or []).strip()
    name = "; ".join(named) or (short if len(short) < 80 and "\n" not in short else "")
    return {"license": {"name": name}} if name else None


def _normal(name: str) -> str:
    """As PEP 503 writes a name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _refused(file: str, line: int) -> Refused:
    return Refused(
        [
            Finding(
                "sbom.E001",
                "error",
                Text(
                    "这不是带校验值的锁定文件。",
                    "This is no lock file in which each pin has hashes.",
                ),
                Place(file, line),
                Text(
                    "每个依赖写作 name==version，并带 --hash=sha256:…，如 requirements/run.lock。",
                    "Each pin is written name==version with --hash=sha256:…, "
                    "as in requirements/run.lock.",
                ),
            )
        ]
    )
