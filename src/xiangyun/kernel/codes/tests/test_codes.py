"""The identifiers against real published examples, and against every single typing error."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xiangyun.kernel.codes import certificate, normal, organisation, resident, uscc
from xiangyun.kernel.findings import Refused

BODIES = st.from_regex(r"[0-9A-Z]{8}", fullmatch=True)
UNIFIED = st.builds(
    uscc.make,
    st.sampled_from("159AN"),
    st.sampled_from("1239"),
    st.integers(110000, 659999).map(str),
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
)
RESIDENTS = st.builds(
    resident.make,
    st.integers(110000, 659999).map(str),
    st.dates(date(1900, 1, 1), date(2026, 12, 31)),
    st.integers(0, 999),
)
# Published identifiers of certificates in use; their types and issuers are real unified codes too.
CERTIFICATES = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
]


def retyped(code: str, data: st.DataObject, alphabet: str) -> str:
    """The code with one character mistyped."""
    position = data.draw(st.integers(0, len(code) - 1))
    char = data.draw(st.sampled_from(alphabet))
    assume(char != code[position])
    return code[:position] + char + code[position + 1 :]


def test_a_code_pasted_from_a_scan_is_read_as_it_was_meant():
    assert normal(" ９１11 0000　600037341ｌ ") == "91110000600037341L"
    assert uscc.problem("９１11 0000 600037341l") is None


# -- unified social credit code, GB 32100-2015 -------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "91110000600037341L",
        "11100000000013338W",
        "11430000006122244L",
        "11370800MB28559184",
        "11330105002500287C",
    ],
)
def test_real_unified_codes_are_right(code):
    assert uscc.problem(code) is None


def test_a_unified_code_is_taken_apart():
    code = uscc.parse("91110000600037341l")
    assert (code.authority, code.kind, code.division) == ("9", "1", "110000")
    assert organisation.problem(code.organisation) is None
    assert str(code) == uscc.make("9", "1", "110000", "600037341") == "91110000600037341L"


@given(UNIFIED, st.data())
def test_one_mistyped_character_of_a_unified_code_is_always_noticed(code, data):
    assert uscc.problem(code) is None
    assert uscc.problem(retyped(code, data, uscc.ALPHABET)) is not None


def test_a_letter_o_in_a_unified_code_is_suggested_to_be_a_zero():
    finding = uscc.problem("9111OOOO600037341L")
    assert finding.id == "code.E011"
    assert "第 5 位" in finding.message.zh
    assert "“0”" in finding.message.zh
    assert "“0”" in finding.message.en
    assert uscc.EXAMPLE in finding.hint.zh


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("", "code.E010"),
        ("91110000", "code.E010"),
        ("91110000600037341-", "code.E011"),
        ("9111A000600037341L", "code.E012"),
    ],
)
def test_each_fault_of_a_unified_code_has_its_own_words(text, id):
    assert uscc.problem(text).id == id
    with pytest.raises(Refused, match=id):
        uscc.parse(text)


def test_a_unified_code_whose_check_character_does_not_fit_is_doubted_and_not_refused():
    doubted = uscc.problem("91110000600037341M")
    assert (doubted.id, doubted.severity) == ("code.W010", "warning")
    assert uscc.parse("91110000600037341M").check == "M"
    assert uscc.is_possible("91110000600037341M")
    assert not uscc.is_possible("91110000600037341-")
    issued = certificate.make("91110000600037341M001", "91110000600037341M", "1", 1)
    assert certificate.problem(issued) is None


def test_parts_that_do_not_make_a_unified_code_are_refused():
    with pytest.raises(ValueError, match="17 characters"):
        uscc.make("9", "1", "2201", "600037341")


# -- organisation code, GB 11714 ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["60003734-1", "600037341", "6000３7341"])
def test_an_organisation_code_is_right_with_and_without_its_hyphen(text):
    assert str(organisation.parse(text)) == "60003734-1"


@given(BODIES, st.integers(0, 7), st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_of_an_organisation_code_is_noticed(body, position, digit, off):
    # MOD 11 tells the digits 0 to 9 apart; a letter may share its remainder with one of them.
    code = organisation.make(body[:position] + str(digit) + body[position + 1 :])
    assert organisation.problem(code) is None
    wrong = code[:position] + str((digit + off) % 10) + code[position + 1 :]
    assert organisation.problem(wrong) is not None


@pytest.mark.parametrize(
    ("text", "id"),
    [("6000", "code.E020"), ("60003734A", "code.E021"), ("600037342", "code.E022")],
)
def test_each_fault_of_an_organisation_code_has_its_own_words(text, id):
    assert organisation.problem(text).id == id
    with pytest.raises(Refused, match=id):
        organisation.parse(text)


# -- citizen identification number, GB 11643-1999 ----------------------------------------------


def test_an_identification_number_tells_birthday_and_sex():
    person = resident.parse("11010519491231002x")
    assert (person.division, person.born, person.sex) == ("110105", date(1949, 12, 31), "female")
    assert resident.make("110105", date(1949, 12, 31), 2) == "11010519491231002X"
    assert resident.parse(resident.make("220102", date(1990, 1, 1), 7)).sex == "male"


@given(RESIDENTS, st.data())
def test_one_mistyped_digit_of_an_identification_number_is_always_noticed(number, data):
    assert resident.problem(number) is None
    assert resident.problem(retyped(number, data, "0123456789")) is not None


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("", "code.E030"),
        ("1101051949123100", "code.E030"),
        ("110105491231002", "code.E031"),
        ("01010519491231002X", "code.E032"),
        ("11010519491231X02X", "code.E032"),
        ("110105194902300024", "code.E033"),
        ("110105194912310021", "code.E034"),
    ],
)
def test_each_fault_of_an_identification_number_has_its_own_words(text, id):
    assert resident.problem(text).id == id
    with pytest.raises(Refused, match=id):
        resident.parse(text)


@pytest.mark.parametrize(
    ("division", "born"),
    [
        ("222404", date(1975, 5, 1)),  # 珲春 has this code since 1988
        ("222423", date(1960, 5, 1)),  # 珲春县, abolished
        ("110103", date(1950, 5, 1)),  # 崇文区, abolished in 2010
        ("510202", date(1940, 5, 1)),  # 重庆市中区, in Sichuan until 1997
        ("820000", date(1999, 12, 20)),
        ("999999", date(2000, 1, 1)),
    ],
)
def test_a_county_that_came_or_went_makes_no_number_wrong(division, born):
    number = resident.make(division, born, 1)
    assert resident.problem(number) is None
    assert resident.parse(number).division == division


@pytest.mark.parametrize("born", [date(1899, 12, 31), date(1000, 1, 1), date(1, 1, 1)])
def test_nobody_was_born_before_1900(born):
    body = f"220102{born.year:04}{born:%m%d}001"
    number = next(f"{body}{check}" for check in "0123456789X" if _fits(f"{body}{check}"))
    assert resident.problem(number).id == "code.E033"


def _fits(number):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return "10X98765432"[total % 11] == number[17]


def test_nobody_is_born_tomorrow():
    unborn = resident.make("220102", date(2026, 11, 24), 1)
    assert resident.problem(unborn, on=date(2026, 11, 23)).id == "code.E033"
    assert resident.problem(unborn, on=date(2026, 11, 24)) is None


# -- certificate identifier, GB/T 36904-2018 ------------------------------------------------------


@pytest.mark.parametrize("identifier", CERTIFICATES)
def test_real_certificate_identifiers_are_right(identifier):
    parts = certificate.parse(identifier)
    assert str(parts) == identifier
    assert identifier == certificate.make(
        parts.type_code, parts.issuer, parts.serial, int(parts.version)
    )


@given(UNIFIED, UNIFIED, st.from_regex("[0-9A-Z]{1,20}", fullmatch=True), st.integers(1, 999))
def test_made_identifiers_are_right(definer, issuer, serial, version):
    identifier = certificate.make(f"{definer}001", issuer, serial, version)
    assert certificate.problem(identifier) is None


@given(st.sampled_from(CERTIFICATES), st.data())
def test_one_mistyped_character_of_an_identifier_is_always_noticed(identifier, data):
    wrong = retyped(identifier, data, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.")
    assert certificate.problem(wrong) is not None


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("1.2.156.3005.2", "1.2.156.3005.3", "code.E040"),
        (".002.S", ".002", "code.E041"),
        ("W011", "W11", "code.E042"),
        ("6122244L", "612224-L", "code.E041"),
        ("6122244L", "612224OL", "code.E043"),
        ("6122244L", "6122244M", "code.E045"),
        (".002.S", ".2.S", "code.E044"),
        (".002.S", ".002.T", "code.E045"),
    ],
)
def test_each_fault_of_an_identifier_has_its_own_words(old, new, id):
    text = CERTIFICATES[0].replace(old, new)
    assert certificate.problem(text).id == id
    with pytest.raises(Refused, match=id):
        certificate.parse(text)


@pytest.mark.parametrize("serial", ["", "1.2", "流水"])
def test_an_identifier_is_not_made_from_a_serial_that_cannot_be_written(serial):
    with pytest.raises(Refused, match=r"code\.E041"):
        certificate.make("11100000000013338W011", "11430000006122244L", serial)
