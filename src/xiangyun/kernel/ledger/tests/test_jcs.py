"""One value, one spelling."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.findings import Refused
from xiangyun.kernel.ledger import canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_keys_are_sorted_and_nothing_is_wasted():
    entry = {"verb": "受理", "at": "2026-04-09", "data": {"b": [1, True, None], "a": ""}}
    assert canonical(entry).decode() == (
        '{"at":"2026-04-09","data":{"a":"","b":[1,true,null]},"verb":"受理"}'
    )


def test_keys_are_sorted_as_in_the_example_of_rfc_8785():
    """Section 3.2.3: by UTF-16 code units, where an emoji comes before U+FB33."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = json.loads(canonical(dict.fromkeys(keys, 0)))
    assert list(ordered) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_the_largest_exact_integers_are_written_and_the_next_is_not():
    assert canonical([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"
    with pytest.raises(Refused):
        canonical(-(2**53))


def test_control_characters_are_escaped_as_in_rfc_8785():
    assert canonical("\u20ac$\u000f\nA'B\"\\") == '"\u20ac$\\u000f\\nA\'B\\"\\\\"'.encode()


@given(VALUES)
def test_canonical_text_reads_back_as_the_value_and_is_stable(value):
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(), st.integers(0, 9), min_size=2))
def test_order_of_insertion_leaves_no_trace(value):
    assert canonical(value) == canonical(dict(reversed(value.items())))


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("1.50"), date(2026, 4, 9), b"x", 2**53, {1: "a"}, "\ud800"],
    ids=repr,
)
def test_a_value_with_several_spellings_is_refused_with_its_place(value):
    with pytest.raises(Refused) as refusal:
        canonical({"data": [value]})
    (finding,) = refusal.value.findings
    assert finding.id == "ledger.E001"
    assert "$.data[0]" in finding.message.zh
    assert "$.data[0]" in finding.message.en
