"""The packs beside a pack: what they declare for others, such as the registers that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from xiangyun.adapters import packs
from xiangyun.adapters.packs import is_pack
from xiangyun.domain.accounts.declaredroles import declared_roles
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Declaration, Known, kinds, read_contents
from xiangyun.kernel.pack.reader import PackSources, read_sources
from xiangyun.kernel.service.reader import FILE as SERVICE

from .folder import LARGEST, read_folder

MOST_BESIDE = 5_000
"""Folders that are looked at beside a pack."""


def shipped() -> Path:
    """The packs of this installation: beside src/ in a checkout, inside the package in a wheel."""
    return packs.SHIPPED


def code_of(folder: Path) -> str:
    """area/name of a pack in a folder of packs; empty for one elsewhere, such as a copy."""
    whole = folder.resolve()
    known = packs.place_of(whole) is not None or whole.parent.parent.name == "packs"
    return packs.code_of(whole) if known else ""


def packs_in(folder: Path) -> dict[str, Path]:
    """The packs of a folder of packs (area/name), by their codes."""
    found: dict[str, Path] = {}
    for number, each in enumerate(sorted(folder.glob("*/*"))):
        if number == MOST_BESIDE:
            break
        if is_pack(each):
            found[each.relative_to(folder).as_posix()] = each
    return found


def known_around(folder: Path, published: Iterable[Declaration] = (), without: str = "") -> Known:
    """What may be named in a pack, or in the packs of a folder: all that others declare.

    `folder` is a folder of packs. The shipped packs and one's own are there for all others; what
    lies in the folder comes before them, and both before what is `published`. `without`: the pack
    (area/name) that is checked, which declares nothing twice by lying there itself. Raises
    `NotFound` for a folder of one's own that does not exist.
    """
    found = {(each.kind, each.code): each for each in (*declared_roles(), *published)}
    for place in (*packs.folders(), folder.resolve()):
        for code, pack in packs_in(place).items():
            if code == without:
                continue
            found |= {(each.kind, each.code): each for each in _declared(code, pack)}
            if (pack / SERVICE).is_file():
                name = Text.given(code, code)
                found["service", code] = Declaration("service", code, code, name, {}, _Later(pack))
    # What is published may hold services that lie nowhere here: those cannot be judged.
    left_out = ("service",) if published else ()
    return Known(found.values(), whole=True, left_out=left_out)


class _Later:
    """A service beside a pack, of which only what somebody asks for is read: hardly ever any."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _sources(self) -> PackSources:
        return read_sources(read_folder(self._folder), lambda finding: None)

    def __getattr__(self, name: str) -> object:
        return getattr(self._sources, name)


def _declared(code: str, pack: Path) -> Iterator[Declaration]:
    """What a pack declares for others. Only these files are read: a service is a hundred times."""
    marks = [mark for kind in kinds().values() if kind.referred for mark in kind.marks]
    paths = [
        path
        for mark in marks
        for path in sorted(pack.glob(mark))
        if path.is_file() and path.stat().st_size <= LARGEST
    ]
    files = {path.relative_to(pack).as_posix(): _text(path) for path in paths}
    return iter(read_contents(files, code).declarations if files else ())


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")
