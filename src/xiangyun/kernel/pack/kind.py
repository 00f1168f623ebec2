"""What packs declare: a kind is one value, a declaration is what a reader of the kind has read.

A pack is a folder with files of one or several kinds. Each kind says which files are its own, how
they are read, whether they fit to what else there is, and how their examples are rehearsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.yamltext import Report

SHARED = ("CHANGES.md",)
"""Files of a pack that belong to every kind in it."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One thing that a pack declares: a service, a register.

    `code` is unique within its kind; `files` are those that it is made of; `value` is what the
    kind's reader made of them, and only good where the reader found no error.
    """

    kind: str
    code: str
    pack: str
    name: Text
    files: Mapping[str, str]
    value: Any
    place: Place = Place()  # noqa: RUF009 - a frozen value, the same for all


class Known:
    """What is declared anywhere: in the pack, in those beside it, in the catalogue.

    `whole`: whether that is all there is, so that what is not found does not exist. Otherwise a
    reference to what lies elsewhere cannot be judged. `left_out`: kinds of which not all was read.
    """

    def __init__(
        self,
        declarations: Iterable[Declaration] = (),
        *,
        whole: bool = False,
        left_out: Collection[str] = (),
    ) -> None:
        self.whole, self.left_out = whole, frozenset(left_out)
        self._by_kind: dict[str, dict[str, Declaration]] = {}
        self._packs: dict[str, set[str]] | None = None
        for each in declarations:
            self._by_kind.setdefault(each.kind, {})[each.code] = each

    def judges(self, kind: str) -> bool:
        """Whether a thing of this kind that is not found does not exist."""
        return self.whole and kind not in self.left_out

    def all(self, kind: str) -> Mapping[str, Declaration]:
        """The declarations of a kind by their codes."""
        return MappingProxyType(self._by_kind.get(kind, {}))

    def __iter__(self) -> Iterator[Declaration]:
        return (each for some in self._by_kind.values() for each in some.values())

    def with_pack(self, pack: str, declarations: Sequence[Declaration]) -> Known:
        """The same where a pack declares these, in place of whatever it declared before."""
        known = Known(whole=self.whole, left_out=self.left_out)
        known._by_kind = dict(self._by_kind)
        # Only kinds of which this pack has something are written anew: there may be thousands.
        touched = {each.kind for each in declarations} | self._kinds_of(pack)
        for kind in touched:
            others = self._by_kind.get(kind, {})
            known._by_kind[kind] = {
                code: each for code, each in others.items() if not pack or each.pack != pack
            }
        for each in declarations:
            known._by_kind[each.kind][each.code] = each
        return known

    def _kinds_of(self, pack: str) -> set[str]:
        """The kinds of which a pack declares something."""
        if self._packs is None:
            self._packs = {}
            for each in self:
                self._packs.setdefault(each.pack, set()).add(each.kind)
        return self._packs.get(pack, set())


NOTHING_KNOWN = Known()


def nothing_to_say(declaration: Declaration, known: Known) -> Iterable[Finding]:
    """What a kind answers that refers to nothing, or has no examples."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that packs declare.

    - `marks`: files, as glob patterns, of which one makes a folder a pack with this kind in it;
    - `owns`: whether a file, by its path in the pack, is read by this kind;
    - `read`: the declarations in its files, by the code of the pack; faults within the files are
      reported. A declaration that could be read at all is there, with its faults reported;
    - `fits`: what is wrong between a declaration and what else is known;
    - `rehearse`: how its examples come out, asked only when nothing else is wrong;
    - `signs`: further files by which the kind is in a folder, where its mark is missing;
    - `referred`: whether other packs may name what is declared.
    """

    name: str
    words: Text
    marks: tuple[str, ...]
    owns: Callable[[str], bool]
    read: Callable[[Mapping[str, str], str, Report], Sequence[Declaration]]
    fits: Callable[[Declaration, Known], Iterable[Finding]] = nothing_to_say
    rehearse: Callable[[Declaration, Known], Iterable[Finding]] = nothing_to_say
    signs: tuple[str, ...] = ()
    referred: bool = True

    def is_in(self, files: Iterable[str]) -> bool:
        """Whether a pack with these files holds something of this kind."""
        mark = globs(*self.marks, *self.signs)
        return any(mark(path) for path in files)

    def among(self, files: Mapping[str, str]) -> dict[str, str]:
        """The files of a pack that this kind reads."""
        return {path: text for path, text in files.items() if self.owns(path) or path in SHARED}


def globs(*patterns: str) -> Callable[[str], bool]:
    """Whether a path fits one of the patterns; `*` stands for any name, never for a folder."""
    parts = ("[^/]*".join(map(re.escape, pattern.split("*"))) for pattern in patterns)
    compiled = re.compile("|".join(parts))
    return lambda path: compiled.fullmatch(path) is not None
