"""Samples and blank forms: of the materials, and of what comes out at the end.

The sample of a result is nothing that somebody drew: an example is walked, and what it issues, or
else writes last, is the sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.outcome import Rehearsal
from xiangyun.kernel.pack.reader import PackSources
from xiangyun.kernel.pack.rehearsal import rehearse
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.certificate import CertificateContent
from xiangyun.kernel.service.letters import Letter
from xiangyun.kernel.service.papers import FOLDER
from xiangyun.kernel.service.reader import FILE
from xiangyun.kernel.worktime import office_time

_PAPER, _EXAMPLE = Text("样表文件", "paper"), Text("示例", "example")


@dataclass(frozen=True, slots=True)
class ResultSample:
    """What somebody gets, as an example got it on a day: a certificate, or a letter."""

    certificate: CertificateContent | None
    letter: Letter | None
    on: date


def result_sample(pack: Pack, registers: Mapping[str, Register]) -> ResultSample | None:
    """The sample that a service names; None where it names none, or nothing came of it."""
    named = [each for each in pack.examples if each.key == pack.service.result.sample]
    if not named:
        return None
    made = rehearse(pack, named[0], registers=registers)
    if made.certificate is None and not made.letters:
        return None
    letter = None if made.certificate else made.letters[-1]
    return ResultSample(made.certificate, letter, office_time(named[0].filed_at).date())


def check_samples(sources: PackSources) -> Iterator[Finding]:
    """Papers and examples that are named and not there, not filled in, or named by nobody."""
    item = sources.service
    if item is None:
        return
    text, papers = sources.files.get(FILE, ""), sources.papers
    named = set()
    for material in item.materials:
        for key, name in (("sample", material.sample), ("blank", material.blank)):
            if not name:
                continue
            named.add(name)
            if name not in papers:
                yield unknown("pack.E670", _PAPER, name, papers, _place(text, key, name))
            elif not papers[name].is_filled_in:
                yield fault(
                    "pack.E671",
                    Text(
                        "{file} 没有一行可填，谈不上空白表和样表。",
                        "{file} has no line to fill in: it is neither blank form nor sample.",
                        file=_file(name),
                    ),
                    Place(_file(name), 1),
                    Text(
                        "要填的写成 {example}。",
                        "Write what is filled in as {example}.",
                        example="{field: {…}, sample: {…}}",
                    ),
                )
    for name in sorted(papers.keys() - named):
        yield fault(
            "pack.W002",
            Text("没有用到文件 {path}。", "The file {path} is not used.", path=_file(name)),
            Place(_file(name)),
            Text(
                "请在材料里写 sample: {name} 或 blank: {name}，或者删去。",
                "Name it by `sample: {name}` or `blank: {name}` of a material, or delete it.",
                name=name,
            ),
        )
    examples = {each.key for each in sources.examples}
    if (example := item.result.sample) and example not in examples:
        yield unknown("pack.E672", _EXAMPLE, example, examples, _place(text, "sample", example))


def nothing_to_show(pack: Pack, rehearsals: list[Rehearsal]) -> Iterator[Finding]:
    """An example that is to be the sample of the result, and of which nothing comes."""
    for made in rehearsals:
        shown = made.certificate is not None or made.letters
        if made.example.key == pack.service.result.sample and not shown:
            yield fault(
                "pack.E673",
                Text(
                    "示例“{key}”既不发证照也不写信，不能作结果样本。",
                    "The example “{key}” issues no certificate and writes no letter: it is no "
                    "sample of the result.",
                    key=made.example.key,
                ),
                made.example.place,
                Text("请在 result.sample 换一个示例。", "Name another one in `result.sample`."),
            )


def _file(name: str) -> str:
    return f"{FOLDER}{name}.yaml"


def _place(text: str, key: str, name: str) -> Place:
    """Where service.yaml names it."""
    wanted = re.compile(rf"\b{key}: *[\"']?{re.escape(name)}\b")
    lines = enumerate(text.splitlines(), 1)
    return Place(FILE, next((number for number, line in lines if wanted.search(line)), 1))
