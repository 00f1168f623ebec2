"""What is decided anew each period fits the registers that it reads and writes."""

from __future__ import annotations

from datetime import date

import pytest

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack.recomputed import check_recomputed
from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.projection import read_population
from xiangyun.kernel.projection.population import period_of
from xiangyun.kernel.record import Register, read_register

WHOLE = """\
key: code
decisions: [risk]
columns: {class: =value}
recomputed:
  register: firm
  every: month
  fields: {risk: class, bad: bad}
  counts:
    bad: {register: visit, by: firm, dated: day, days: 730, when: =result != "none"}
"""
REGISTER = """\
code: CODE
name: {zh-Hans: 测试, en: Test}
department: fire
class: ordinary
subject: none
key: code
laws: [{law: {zh-Hans: 测试, en: Test}, article: 第一条, verified: false}]
fields:
  - {name: code, type: text, required: true, words: {zh-Hans: 编号, en: Code}}
FIELDS
readers: [area/visits]
writers: [area/visits]
examples:
  - data: {code: A}
  - {data: {}, refused: code}
"""


def registered(code: str, *fields: str) -> Register:
    words = "words: {zh-Hans: 项, en: Item}"
    lines = "\n".join(f"  - {{name: {name}, {words}}}" for name in fields)
    text = REGISTER.replace("CODE", code).replace("FIELDS", lines)
    findings: list[Finding] = []
    found = read_register(read_yaml(text, "x.yaml", findings.append), findings.append)
    assert found is not None, findings
    return found


REGISTERS = {
    "firm": registered("firm", "risk, type: text", "bad, type: integer"),
    "visit": registered("visit", "firm, type: text", "day, type: date", "result, type: text"),
    "secret": registered("secret", "risk, type: text", "bad, type: integer, sensitive: true"),
}


def found(old: str = "", new: str = "", pack: str = "area/visits") -> list[str]:
    findings: list[Finding] = []
    root = read_yaml(WHOLE.replace(old, new) if old else WHOLE, "population.yaml", findings.append)
    assert root is not None
    population = read_population(root, findings.append)
    findings += check_recomputed(population, pack, REGISTERS, whole=True)
    return [each.id for each in findings]


def test_what_fits_is_found_to_fit() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("[risk]", "[risk, cap]", "pack.E320"),
        ("{risk: class,", "{code: class,", "pack.E321"),
        ("  register: firm", "  register: secret", "pack.E322"),
        ("dated: day", "dated: result", "pack.E323"),
        ("dated: day", "dated: days", "pack.E051"),
        ("by: firm", "by: company", "pack.E051"),
        ("register: visit", "register: visits", "pack.E050"),
        ("{risk: class,", "{risk: grade,", "pack.E020"),
        ("every: month", "every: moon", "pack.E006"),
        ('result != "none"', 'resolt != "none"', "feel.E002"),
    ],
)
def test_what_cannot_be_decided_anew_is_an_error(old: str, new: str, id: str) -> None:
    assert id in found(old, new)


def test_a_pack_that_may_neither_look_nor_write_is_told_both() -> None:
    assert found(pack="area/other") == ["pack.E052", "pack.E052"]


def test_a_period_is_named_by_its_day_month_or_year() -> None:
    day = date(2026, 11, 28)
    assert [period_of(every, day) for every in ("day", "month", "year")] == [
        "2026-11-28", "2026-11", "2026",
    ]  # fmt: skip
