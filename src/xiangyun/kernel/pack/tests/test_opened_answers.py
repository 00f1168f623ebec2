"""What a shipped process answers for a case that it opens is an option of the form it opens by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from glob import glob
from html import unescape

from xiangyun.kernel.bpmn import read_document
from xiangyun.kernel.formspec import checked_form
from xiangyun.kernel.formspec.choices import OFFERED

from .shipped import PACKS, files

_GIVEN = re.compile(r'(?:^=\s*|\bthen\s+|\belse\s+)"([^"]*)"')
"""Texts that an expression comes to: the whole of it, or behind then and else."""


def opened() -> Iterator[tuple[str, str, str, str]]:
    """Of every task that opens a case: its place, the service, an answer's name and formula."""
    for path in sorted(glob(f"{PACKS}*/*/service.yaml")):
        code = path.removeprefix(PACKS).removesuffix("/service.yaml")
        for name, text in files(code).items():
            if not name.endswith(".bpmn"):
                continue
            for process in read_document(text).processes:
                for element in process.elements.values():
                    service = element.headers.get("service", "")
                    if element.type is None or element.type.text != "case.open" or not service:
                        continue
                    for each in element.inputs:
                        yield f"{code}/{name} {element.id}", service, each.target, each.source.text


def test_texts_that_open_a_case_are_among_the_options_of_their_question() -> None:
    tried, wrong = 0, []
    for place, service, name, formula in opened():
        text = files(service).get("form.json")
        form = checked_form(text, "form.json")[0] if text else None
        if form is None or name not in {each.key for each in form.questions}:
            continue
        question = form.question(name)
        if question.kind not in ("select", "radio") or OFFERED in question.rules.more:
            continue
        for said in _GIVEN.findall(unescape(formula)):
            tried += 1
            if question.option(said) is None:
                wrong.append((place, service, name, said))
    assert not wrong
    assert tried > 5
