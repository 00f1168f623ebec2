"""What stands in a letter: demands numbered, hints apart, and what the official says."""

from __future__ import annotations

import pytest

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.language import CHINESE
from xiangyun.kernel.service.letters import Wording, write_letter
from xiangyun.kernel.service.ruling import RuleFinding

PLACE = Place("texts/zh-Hans.yaml")


def found(number: int, severity: str) -> RuleFinding:
    return RuleFinding(f"r{number}", severity, "", Text(f"第{number}处", f"Point {number}"), "某法")


def written(body: str, findings: list[RuleFinding], note: str = "") -> str:
    texts = {
        "zh-Hans": {
            "letter.told.title": Wording("告知", PLACE),
            "letter.told.body": Wording(body, PLACE),
        }
    }
    return write_letter("told", texts, {}, CHINESE, findings, note=note).body


def test_only_demands_are_numbered_and_hints_stand_apart():
    body = written("{findings}", [found(1, "refuse"), found(2, "correct"), found(3, "note")])
    assert "1. 第1处" in body
    assert "2. 第2处" in body
    assert "3. " not in body
    assert body.index("另请留意") < body.index("· 第3处")


def test_an_officials_note_follows_the_demands():
    body = written("甲：\n\n{findings}\n\n某局", [found(1, "correct")], "请带原件。")
    assert body == "甲：\n\n1. 第1处（依据：某法）\n办理人员说明：请带原件。\n\n某局"


def test_a_letter_without_findings_has_the_note_before_its_signature():
    assert written("甲：\n\n准予登记。\n\n某局", [], "祝开业大吉。") == (
        "甲：\n\n准予登记。\n\n办理人员说明：祝开业大吉。\n\n某局"
    )


@pytest.mark.parametrize(("note", "listed"), [("", "无。"), ("请补章。", "办理人员说明：请补章。")])
def test_where_the_rules_found_nothing_the_official_alone_speaks(note: str, listed: str):
    assert written("{findings}", [], note) == listed


def test_a_note_is_quoted_as_it_was_written():
    assert written("{findings}", [], "见 {附件} 与 {n}。") == "办理人员说明：见 {附件} 与 {n}。"
