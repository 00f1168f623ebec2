"""A mapping says of every old column what it becomes; what it cannot say is refused by name."""

from __future__ import annotations

from decimal import Decimal

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.record.takeover import Count, Takeover, compared, read_takeover

TEXT = """
code: old
name: {zh-Hans: 旧, en: Old}
system: {zh-Hans: 旧系统, en: The old system}
register: thing
columns:
  - {to: number, column: No}
  - {to: kind, column: Kind, codes: {"1": stall}}
  - {to: day, column: Day, days: "%Y/%m/%d"}
  - {to: place, value: here}
  - {to: twice, formula: =number(row.Fee) * 2}
left_out: [Clerk]
skip: =row.No = "test"
group: kind
sums: [{column: Fee, field: twice}]
examples: [{row: {No: "1"}, gives: {number: "1", place: here}}]
"""


def mapping(text: str = TEXT) -> tuple[Takeover, list[str]]:
    found: list[Finding] = []
    root = read_yaml(text, "takeovers/old.yaml", found.append)
    assert root is not None
    return read_takeover(root, found.append), [each.id for each in found]


def test_each_field_comes_from_a_column_a_value_or_a_formula() -> None:
    own, faults = mapping()
    assert faults == []
    row = {"No": " 7 ", "Kind": "1", "Day": "2019/03/04", "Fee": "1.50", "Clerk": "x"}
    assert own.translated(row) == {
        "number": "7", "kind": "stall", "day": "2019-03-04", "place": "here", "twice": "3.00",
    }  # fmt: skip
    assert own.skips(row) is False
    assert own.skips({**row, "No": "test"}) is True
    assert own.old_columns == ("No", "Kind", "Day", "Clerk", "Fee")
    assert own.needed_columns == ("No", "Kind", "Day", "Fee")


def test_what_has_no_value_of_today_is_refused_and_named() -> None:
    own, _ = mapping()
    for cells, field in (({"Kind": "2"}, "kind"), ({"Day": "4.3.2019"}, "day")):
        made = own.translated({"No": "1", "Fee": "0", **cells})
        assert isinstance(made, Finding)
        assert made.place is not None
        assert made.place.question == field


def test_a_day_of_a_workbook_is_taken_where_the_old_writing_cannot_mean_it() -> None:
    own, _ = mapping()
    row = {"No": "1", "Fee": "0", "Day": "2019-03-04"}
    assert own.translated(row) == own.translated({**row, "Day": "2019/03/04"})
    assert isinstance(own.translated({**row, "Day": "2019-02-30"}), Finding)
    other, _ = mapping(TEXT.replace("%Y/%m/%d", "%Y-%d-%m"))
    assert isinstance(other.translated({**row, "Day": "2019-03-25"}), Finding), "no 25th month"


def test_counts_and_sums_differ_where_a_row_or_an_amount_was_lost() -> None:
    before, after = Count(), Count()
    before.add("stall", [("fee", "1,200.50")])
    before.add("boat", [("fee", "x")])
    after.add("stall", [("fee", Decimal("1200.5"))])
    assert list(compared(before, after)) == [
        ("boat", 1, 0, False), ("stall", 1, 1, True),
        ("fee", Decimal("1200.50"), Decimal("1200.5"), True),
    ]  # fmt: skip


def test_a_mapping_that_says_two_things_or_counts_by_nothing_is_told() -> None:
    both = TEXT.replace("{to: place, value: here}", "{to: place, value: here, column: No}")
    assert mapping(both)[1] == ["pack.E681"]
    assert mapping(TEXT.replace("group: kind", "group: colour"))[1] == ["pack.E682"]


REGISTER = """
code: thing
name: {zh-Hans: 物, en: Things}
department: digital_government
class: ordinary
subject: none
key: number
laws: [{law: {zh-Hans: 法, en: Law}, article: 第一条, verified: true}]
fields:
  - {name: number, type: text, required: true, searched: code, words: {zh-Hans: 号, en: No}}
  - {name: kind, type: text, required: true, words: {zh-Hans: 类, en: Kind}}
  - {name: place, type: text, words: {zh-Hans: 地, en: Place}}
readers: [supervisor]
writers: [data_steward]
examples:
  - {data: {number: a, kind: b}}
  - {data: {number: a}, refused: kind}
"""


def test_a_pack_is_told_what_of_its_register_a_mapping_leaves_open() -> None:
    gone = ("- {to: day", "- {to: twice", "- {to: kind", "sums", "group")
    lines = TEXT.splitlines()
    short = "\n".join(line for line in lines if not line.strip().startswith(gone))
    ids = [
        f.id for f in check_pack({"registers/thing.yaml": REGISTER, "takeovers/old.yaml": short})
        if f.severity == "error"
    ]  # fmt: skip
    assert ids == ["pack.E684"]
    wrong = short.replace("to: place", "to: colour")
    ids = [
        f.id for f in check_pack({"registers/thing.yaml": REGISTER, "takeovers/old.yaml": wrong})
        if f.severity == "error"
    ]  # fmt: skip
    assert sorted(ids) == ["pack.E683", "pack.E684"]
