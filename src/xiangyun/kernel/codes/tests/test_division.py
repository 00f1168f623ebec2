"""Division codes: real places of Jilin, and two odd ones elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.codes import division
from xiangyun.kernel.findings import Refused

HUAYANG = 220102001001  # 长春市南关区…华阳社区
CODES = st.one_of(
    st.builds(
        division.make,
        st.integers(11, 65),
        st.integers(1, 99),
        st.integers(1, 99),
        st.integers(1, 999),
        st.integers(0, 999),
    ),
    st.builds(division.make, st.integers(11, 65), st.integers(1, 99), st.integers(0, 99)),
    st.builds(division.make, st.integers(0, 65)),
)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        (0, "country"),
        (220000000000, "province"),
        ("220100000000", "prefecture"),
        ("220172000000", "county"),
        ("220172001000", "town"),
        (HUAYANG, "village"),
        ("441900003000", "town"),
    ],
)
def test_zeros_at_the_end_tell_the_level(code, level):
    assert division.level(code) == level


def test_the_way_up_from_a_neighbourhood_leads_through_every_office():
    assert division.ancestors(HUAYANG) == (
        0,
        220000000000,
        220100000000,
        220102000000,
        220102001000,
    )
    assert division.parent(HUAYANG) == 220102001000
    assert division.parent("220000000000") == 0
    assert division.parent(0) is None


def test_a_town_of_dongguan_lies_directly_under_its_city():
    assert division.ancestors("441900003000") == (0, 440000000000, 441900000000)


def test_a_district_and_all_below_it_are_one_range():
    assert division.subtree("220172000000") == (220172000000, 220172999999)
    assert division.subtree(HUAYANG) == (HUAYANG, HUAYANG)
    assert division.subtree(0) == (0, 999999999999)


@given(CODES)
def test_every_division_lies_in_the_range_of_each_division_above_it(code):
    number = int(code)
    for above in division.ancestors(code):
        low, high = division.subtree(above)
        assert low <= number <= high
        assert division.subtree(code)[1] <= high


@given(CODES, CODES)
def test_ranges_nest_exactly_as_ancestors_say(one, other):
    low, high = division.subtree(one)
    inside = low <= int(other) <= high
    assert inside == (int(one) == int(other) or int(one) in division.ancestors(other))


def test_the_six_digits_of_an_identity_card_are_widened():
    assert division.widen("222404") == "222404000000"
    assert division.widen("220172001") == "220172001000"
    assert division.widen("220172001000") == "220172001000"


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("", "code.E050"),
        ("22010", "code.E050"),
        ("22010200100X", "code.E051"),
        ("220002000000", "code.E052"),
        ("220102000001", "code.E052"),
        ("002201000000", "code.E052"),
    ],
)
def test_each_fault_of_a_division_code_has_its_own_words(text, id):
    finding = division.problem(text)
    assert finding.id == id
    assert division.EXAMPLE in finding.hint.en
    with pytest.raises(Refused, match=id):
        division.parse(text)


def test_a_negative_number_is_no_division():
    with pytest.raises(Refused, match=r"code\.E05"):
        division.level(-1)
