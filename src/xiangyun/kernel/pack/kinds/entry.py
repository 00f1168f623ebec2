"""`catalogue.yaml`: entries of the data catalogue that no register or data set stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.role import check_department
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.projection.entries import CATALOGUE, Entry, read_entries


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    text = files.get(CATALOGUE)
    if text is None:
        return []
    for finding in note_unverified(text, CATALOGUE):
        report(finding)
    return [
        Declaration(
            KIND.name,
            each.code,
            pack,
            each.name,
            {CATALOGUE: text},
            each,
            Place(CATALOGUE, each.place.line),
        )
        for each in read_entries(text, report)
    ]


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    entry: Entry = declaration.value
    for key in entry.departments:
        yield from check_department(key, entry.place)


KIND = Kind(
    "entry",
    Text("目录条目", "catalogue entry"),
    (CATALOGUE,),
    globs(CATALOGUE),
    _read,
    _fits,
    referred=False,
)
