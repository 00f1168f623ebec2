"""What is printed says the day that it was where the office is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from xiangyun.kernel.feel import from_json, parse_expression
from xiangyun.kernel.findings import Place
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.pack import read_pack
from xiangyun.kernel.pack.tests.shipped import files, pack
from xiangyun.kernel.packfile.display import shown
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.service.letters import Wording, write_letter
from xiangyun.kernel.worktime import office_time

NIGHT = datetime(2026, 4, 15, 18, 30, tzinfo=UTC)  # 02:30 on the 16th in China


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ('date and time("2026-04-15T18:30:00Z")', "2026年4月16日"),
        ('date and time("2026-04-15T18:30:00@Europe/Paris")', "2026年4月16日"),
        ('date and time("2026-04-16T02:30:00+08:00")', "2026年4月16日"),
        ('date and time("2026-04-15T18:30:00")', "2026年4月15日"),
        ('date("2026-04-15")', "2026年4月15日"),
    ],
)
def test_a_moment_is_printed_as_the_day_it_was_at_the_office(source, day):
    assert shown(parse_expression(source).evaluate({}), CHINESE) == day


def test_a_letter_knows_the_day_it_is_written():
    formula = Formula(parse_expression("today()"), Place("texts/zh-Hans.yaml", 1))
    body = Wording("今天是{today()}。", Place("texts/zh-Hans.yaml", 1), (("{today()}", formula),))
    texts = {"zh-Hans": {"letter.note.title": body, "letter.note.body": body}}
    assert write_letter("note", texts, {}, ENGLISH, at=NIGHT).body == "今天是2026年4月16日。"


def test_a_moment_from_a_zone_that_changes_its_offset_keeps_it():
    assert str(from_json(office_time(NIGHT))) == "2026-04-16T02:30:00+08:00"


def test_a_pack_knows_whether_it_asks_the_time():
    assert not pack().asks_the_time
    rules = files()["rules.dmn"]
    cell = "<text>not(matches(?, "
    assert cell in rules
    changed = files() | {
        "rules.dmn": rules.replace(cell, "<text>today() = null or not(matches(?, ", 1)
    }
    assert read_pack(changed).asks_the_time
