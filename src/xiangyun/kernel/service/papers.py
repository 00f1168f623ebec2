"""Papers that people fill in themselves (papers/*.yaml): one file is the blank form and the sample.

`sample` and `blank` of a material name one, as the national exchange tables have both for each
material (示例样表 example_guid, 空白表格 form_guid; the column names are from memory). What is
written into a sample is made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Node, Report

FOLDER = "papers/"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line: a sentence as it stands, or a label with room for what `sample` shows.

    `sample` None: the words alone. `signed`: the room is for a signature and its day.
    """

    words: Text
    sample: Text | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper by the name of its file, without the folder and .yaml."""

    name: str
    title: Text
    lines: tuple[PaperLine, ...]

    @property
    def is_filled_in(self) -> bool:
        """Whether there is room for anything; else its blank form would be the sample again."""
        return any(line.sample is not None for line in self.lines)


def name_of(path: str) -> str:
    """The name of a paper by the path of its file; empty for another file."""
    found = re.fullmatch(rf"{FOLDER}([^/]+)\.yaml", path)
    return found[1] if found else ""


def read_papers(roots: Mapping[str, Node], report: Report) -> dict[str, Paper]:
    """The papers of a pack by their names, from their files by path."""
    return {name_of(path): _paper(name_of(path), root, report) for path, root in roots.items()}


def _paper(name: str, root: Node, report: Report) -> Paper:
    f = Fields(root, report)
    lines = tuple(_line(Fields(node, report, "lines")) for node in f.each("lines"))
    found = Paper(name, f.words("title"), lines)
    f.done()
    return found


def _line(f: Fields) -> PaperLine:
    kind = next((kind for kind in ("field", "sign") if f.has(kind)), "words")
    sample = None if kind == "words" else f.words("sample")
    found = PaperLine(f.words(kind), sample, kind == "sign")
    f.done()
    return found
