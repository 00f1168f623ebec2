"""The data of a record, read by the declared types: nothing is guessed, nothing is cut."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.feel import DateTime, parse_expression
from xiangyun.kernel.record import as_feel, as_json, check_record, key_of
from xiangyun.kernel.record.tests.declared import company

CODE = "91110000600037341L"
LEAST = {"code": CODE, "name": "样例有限公司"}


def value(name: str, given: object, *, written: bool = False) -> object:
    checked = check_record(company(), {**LEAST, name: given}, written=written)
    assert checked.errors == [], checked.errors
    return checked.values.get(name)


def ids(name: str, given: object, *, written: bool = False) -> list[str]:
    checked = check_record(company(), {**LEAST, name: given}, written=written)
    return [e.id for e in checked.findings if e.place and e.place.question == name]


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("name", "0012", "0012"),
        ("name", "22E4567", "22E4567"),
        ("name", " 样例 ", "样例"),
        ("code", "９１110000600037341l", CODE),
        ("capital", Decimal("12.50"), Decimal("12.5")),
        ("capital", "1200.50", Decimal("1200.5")),
        ("capital", 0.1, Decimal("0.1")),
        ("capital", 100, Decimal(100)),
        ("staff", Decimal(12), 12),
        ("staff", 0, 0),
        ("listed", False, False),
        ("founded", date(2026, 1, 2), date(2026, 1, 2)),
        ("founded", "2026-01-02", date(2026, 1, 2)),
        ("checked_at", "2026-04-09T10:30:00+08:00", datetime(2026, 4, 9, 2, 30, tzinfo=UTC)),
        ("checked_at", "2026-04-09T10:30", datetime(2026, 4, 9, 2, 30, tzinfo=UTC)),
        ("status", "open", "open"),
        ("brands", ["样", "例"], ["样", "例"]),
        ("brands", None, None),
        ("brands", "", None),
    ],
)
def test_a_value_is_kept_as_its_type_has_it(name: str, given: object, kept: object) -> None:
    found = value(name, given)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("name", "given", "id"),
    [
        ("name", 12, "record.E022"),
        ("name", "长" * 20_001, "record.E025"),
        ("capital", "12.345", "record.E023"),
        ("capital", "1e3", "record.E022"),
        ("capital", True, "record.E022"),
        ("capital", float("nan"), "record.E022"),
        ("capital", "9" * 31, "record.E025"),
        ("capital", Decimal("1E+40"), "record.E025"),
        ("staff", Decimal("1.5"), "record.E022"),
        ("staff", "12", "record.E022"),
        ("staff", 2**63, "record.E022"),
        ("listed", "true", "record.E022"),
        ("listed", 1, "record.E022"),
        ("founded", "2026-02-30", "record.E022"),
        ("founded", "2026/1/2", "record.E022"),
        ("founded", datetime(2026, 1, 2, tzinfo=UTC), "record.E022"),
        ("checked_at", "2026-01-02", "record.E022"),
        ("checked_at", "0001-01-01T00:00:00+14:00", "record.E022"),
        ("status", "opened", "record.E024"),
        ("brands", "样", "record.E022"),
        ("brands", [1], "record.E022"),
        ("division", "22", "code.E050"),
        ("capitol", 1, "record.E021"),
        ("name", {"a": 1}, "record.E022"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(name: str, given: object, id: str) -> None:
    assert ids(name, given) == [id]


@pytest.mark.parametrize(
    ("name", "cell", "kept"),
    [
        ("name", "007", "007"),
        ("staff", "12", 12),
        ("listed", "是", True),
        ("listed", "FALSE", False),
        ("status", "注销", "closed"),
        ("brands", "样；例", ["样", "例"]),
        ("brands", '["样;例"]', ["样;例"]),
        ("capital", "0012.50", Decimal("12.5")),
        ("founded", "", None),
    ],
)
def test_a_cell_of_text_is_read_by_the_declared_type(name: str, cell: str, kept: object) -> None:
    assert value(name, cell, written=True) == kept


def test_a_code_whose_check_character_does_not_fit_is_doubted_and_kept() -> None:
    checked = check_record(company(), {**LEAST, "code": "91110000600037341X"})
    assert [(f.id, f.severity) for f in checked.findings] == [("code.W010", "warning")]
    assert checked.values["code"] == "91110000600037341X"


def test_a_missing_required_value_is_named() -> None:
    (finding,) = check_record(company(), {"code": CODE, "name": "  "}).findings
    assert (finding.id, finding.place and finding.place.question) == ("record.E020", "name")


def test_a_correction_names_only_what_changes_and_takes_no_required_value_away() -> None:
    assert check_record(company(), {"capital": 5}, partial=True).findings == ()
    (finding,) = check_record(company(), {"name": None}, partial=True).findings
    assert finding.id == "record.E020"


def test_the_message_about_a_sensitive_value_does_not_repeat_it() -> None:
    (finding,) = check_record(company(), {**LEAST, "owner_id": "220104197003077777"}).findings
    assert "220104197003077777" not in str(finding)


FULL = {
    **LEAST,
    "capital": Decimal("0.25"),
    "staff": 3,
    "listed": True,
    "founded": date(2026, 1, 2),
    "checked_at": datetime(2026, 4, 9, 2, 30, tzinfo=UTC),
    "brands": ["样"],
}


def test_json_is_read_back_to_the_same_values() -> None:
    values = check_record(company(), FULL).values
    written = as_json(company(), values)
    assert written["capital"] == "0.25"
    assert written["founded"] == "2026-01-02"
    assert check_record(company(), written).values == values


def test_a_process_sees_values_of_the_declared_types_and_null_where_there_is_none() -> None:
    seen = as_feel(company(), check_record(company(), FULL).values)
    assert seen["capital"] == Decimal("0.25")
    assert seen["founded"] == date(2026, 1, 2)
    assert isinstance(seen["checked_at"], DateTime)
    assert seen["status"] is None
    assert parse_expression('capital * 4 = 1 and founded < date("2026-02-01")').evaluate(seen)


def test_what_a_process_saw_can_be_recorded_again() -> None:
    values = check_record(company(), FULL).values
    assert check_record(company(), as_feel(company(), values)).values == values


def test_the_key_is_a_text() -> None:
    assert key_of(company(), check_record(company(), LEAST).values) == CODE


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([field.name for field in company().fields]), _ANYTHING, st.booleans())
def test_whatever_is_given_is_kept_or_refused_and_what_is_kept_is_kept_again(
    name: str, given: object, written: bool
) -> None:
    checked = check_record(company(), {**LEAST, name: given}, written=written)
    if not checked.errors:
        again = check_record(company(), as_json(company(), checked.values))
        assert again.values == checked.values
