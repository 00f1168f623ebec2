"""Laws: the legal basis of a figure or a duty, and whether somebody has compared it with the text.

Whatever is written from memory says `verified: false` (in a decision table the annotation
`verified` is `no`), and the checker counts these places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.citation import article_words
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Node

_UNVERIFIED = re.compile(r"verified: false\b|<text>no</text>")


@dataclass(frozen=True, slots=True)
class Basis:
    """A law that something rests on (设定依据)."""

    law: Text
    article: str
    verified: bool

    @property
    def words(self) -> Text:
        """The law with its articles: `Company Law of the PRC (2023), Article 30`."""
        if not self.article:
            return self.law
        return Text(
            "{law} {articles}",
            "{law}, {articles}",
            law=self.law,
            articles=article_words(self.article),
        )


def read_basis(b: Fields) -> Basis:
    """One law: its name, the article, and whether somebody has compared it with the text."""
    found = Basis(b.words("law"), b.string("article"), b.boolean("verified"))
    b.done()
    return found


def law_of(f: Fields, node: Node) -> str:
    """The legal basis of a figure or a duty: none is a fault of its own."""
    f.taken.add("basis")
    basis = node.get("basis")
    if basis is None or not isinstance(basis.value, str) or not basis.value.strip():
        f.report(no_basis(f.name, basis.place if basis else node.place))
        return ""
    return basis.value.strip()


def no_basis(name: str, place: Place) -> Finding:
    """A figure without a legal basis."""
    return fault(
        "pack.E010",
        Text("“{name}”没有写法律依据。", "“{name}” has no legal basis.", name=name),
        place,
        Text(
            "请补 basis，例如“《公司法》（2023年修订）第四十七条”；未核对的另写 verified: false。",
            "Add `basis`, the law and its article; where it is from memory, say verified: false.",
        ),
    )


def unverified(text: str) -> list[int]:
    """The lines of a file, from 1, that are marked as not verified."""
    return [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if _UNVERIFIED.search(line) and not line.lstrip().startswith("#")
    ]


def note_unverified(text: str, file: str) -> Iterator[Finding]:
    """Figures, laws and codes written from memory: one note a file, at the first of them."""
    found = unverified(text)
    if found:
        yield fault(
            "pack.W001",
            Text(
                "有 {count} 处标明尚未核对。", "Marked as not verified: {count}.", count=len(found)
            ),
            Place(file, found[0]),
            Text("真实使用前请对照条文核对。", "Check them against the law before real use."),
            "note",
        )
