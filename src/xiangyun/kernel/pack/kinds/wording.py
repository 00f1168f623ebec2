"""`wording/<code>.yaml`: word lists and rules that texts are looked at with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.wording import checked_wording, diagnose, lines_of, look, numbered
from xiangyun.kernel.wording.posts import asked_by
from xiangyun.kernel.wording.rules import WordRules

FILES = "wording/*.yaml"
_ANY_MONTH = numbered(2026, 1)
"""The month in which examples are looked at: it only says what lies in the future."""


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    for path, text in sorted(files.items()):
        if not KIND.owns(path):
            continue
        rules, findings = checked_wording(text, path)
        for finding in (*findings, *note_unverified(text, path)):
            report(finding)
        if rules is not None and rules.code:
            place = Place(path, rules.place.line)
            code = f"{pack}:{rules.code}"
            found.append(Declaration(KIND.name, code, pack, rules.name, {path: text}, rules, place))
    return found


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    rules: WordRules = declaration.value
    for example in rules.examples:
        lines = lines_of(example.text)
        if rules.sections:
            asked = asked_by(lines_of(example.post), rules) if example.post else None
            remarks = diagnose(lines, rules, _ANY_MONTH, asked).remarks
        else:
            remarks = tuple(look(lines, rules, _ANY_MONTH))
        found, wanted = sorted({each.id for each in remarks}), sorted(set(example.finds))
        if found != wanted:
            yield fault(
                "wording.E003",
                Text(
                    "这个例子找到的是{found}，不是{wanted}。",
                    "This example finds {found} rather than {wanted}.",
                    found=found,
                    wanted=wanted,
                ),
                example.place,
                Text("请改规则，或者改 finds。", "Mend the rules, or `finds`."),
            )


KIND = Kind(
    "wording",
    Text("词表", "word list"),
    (FILES,),
    globs(FILES),
    _read,
    rehearse=_rehearse,
)
