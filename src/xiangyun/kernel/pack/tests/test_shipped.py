"""Company registration as it is shipped: sound, and every situation comes out as written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from xiangyun.kernel.codes import organisation, uscc
from xiangyun.kernel.dmn import decide
from xiangyun.kernel.language import CHINESE, ENGLISH, Text
from xiangyun.kernel.pack import (
    certificate_content,
    check_pack,
    findings_of,
    fired_rows,
    letter,
    read_pack,
    rehearse,
    starting_variables,
)
from xiangyun.kernel.pack.tables import rules_of
from xiangyun.kernel.pack.tests.shipped import errors, files, pack

EXAMPLES = {example.key: example for example in pack().examples}


def rehearsed(key: str):
    return rehearse(pack(), EXAMPLES[key])


def test_the_shipped_pack_has_no_error_and_no_warning():
    assert [str(found) for found in check_pack(files()) if found.severity != "note"] == []


@pytest.mark.parametrize("key", EXAMPLES)
def test_every_situation_comes_out_as_written(key):
    assert [str(finding) for finding in rehearsed(key).findings] == []


def test_the_situations_cover_issued_refused_withdrawn_lapsed_and_corrected():
    made = [rehearsed(key) for key in EXAMPLES]
    assert len(made) >= 8
    assert {one.outcome for one in made} == {"issued", "refused", "withdrawn", "lapsed"}
    assert any("correct" in one.path and one.outcome == "issued" for one in made)


def test_a_rehearsal_is_the_same_every_time():
    first, second = rehearsed("04-same-name-corrected"), rehearsed("04-same-name-corrected")
    assert first.variables == second.variables
    assert first.letters == second.letters
    assert first.path == second.path


def test_every_element_of_the_process_that_works_is_walked_by_some_situation():
    walked = {element for key in EXAMPLES for element in rehearsed(key).path}
    kinds = ("userTask", "serviceTask", "businessRuleTask")
    working = {e.id for e in pack().process.elements.values() if e.kind in kinds}
    assert working - walked == set()


def test_every_finding_names_its_law_in_words_of_both_languages():
    for key in EXAMPLES:
        for decided in rehearsed(key).decisions:
            for finding in findings_of(decided):
                assert "《" in finding.basis
                assert finding.text.zh
                assert finding.text.en != finding.text.zh


def test_the_letter_of_correction_lists_everything_at_once_with_its_law():
    sent = {made.name: made for made in rehearsed("15-everything-asked-at-once").letters}
    body = sent["correction"].body
    assert "9. " in body
    assert "《企业名称登记管理规定》(国务院令第734号, 2021-03-01 施行)第七条" in body
    assert "2026年4月9日" in body
    assert "{" not in body


def test_the_letter_of_refusal_gives_the_officials_reason_and_the_remedies_in_english_too():
    made = rehearsed("11-refused-on-review")
    body = letter(pack(), "refused", made.variables, ENGLISH).body
    assert "股东身份不实" in body
    assert "within 60 days" in body
    assert "9 April 2026" in body


def test_the_licence_is_dated_with_the_day_of_issue_and_shows_its_scope_in_words():
    made = rehearsed("01-issued-same-day")
    content = certificate_content(pack(), made.variables, date(2026, 4, 10))
    lines = {field.key: field for field in content.fields}
    assert lines["founded_on"].shown == "2026年4月10日"
    assert lines["founded_on"].shown_en == "10 April 2026"
    assert lines["scope"].shown_en.startswith("Cold storage")
    assert content.valid_from == date(2026, 4, 10)
    assert content.valid_to is None
    assert content.holder_code == made.variables["company_code"]


def test_every_rule_row_fires_in_some_situation_or_below():
    fired = {row for key in EXAMPLES for d in rehearsed(key).decisions for row in fired_rows(d)}
    fired |= {*ALONE, *(row for _, rows in BEYOND for row in rows)}
    assert {rule.id for _, _, rule in rules_of(pack().rules)} - fired == set()


COUNTIES = ("222404000000", "220184000000", "220172000000", "110101000000")
SHARE = {"name": "金样一", "amount": Decimal(1), "paid_in_by": date(2030, 4, 1)}
BEYOND = [
    ({"name_prefix": "珲"}, ["name.prefix.missing"]),
    ({"brand": "延边"}, ["name.brand.place"]),
    ({"brand": "联合国"}, ["words.foreign"]),
    ({"brand": "样和赌场"}, ["words.indecent"]),
    ({"capital": Decimal(0)}, ["capital.not_positive", "capital.sum"]),
    (
        {"shareholders": [SHARE] * 51, "capital": Decimal(51)},
        ["capacity.too_many_shareholders"],
    ),
    ({"shareholders": [SHARE] * 50, "capital": Decimal(50)}, []),
]


def rows_after(**changes: object) -> list[str]:
    """The rows that fire when the first situation is changed so."""
    variables = dict(rehearsed("01-issued-same-day").variables)
    variables["division"] = changes.pop("division", variables["division"])
    variables["application"] = {**variables["application"], **changes}
    return sorted(
        finding.id for finding in findings_of(decide(pack().rules, "precheck", variables))
    )


@pytest.mark.parametrize(("changes", "rows"), BEYOND)
def test_a_change_of_the_first_situation_fires_exactly_these_rows(changes, rows):
    assert rows_after(**changes) == sorted(rows)


GONGZHULING = ["吉林省", "长春市", "公主岭市"]
CHAOYANG = ["吉林省", "长春市", "朝阳区"]
JINGYUE = ["吉林省", "长春市", "长春净月高新技术产业开发区"]
SONGYUAN_ZONE = ["吉林省", "松原市", "吉林松原经济开发区"]
HUNCHUN = ["吉林省", "延边朝鲜族自治州", "珲春市"]
DONGCHENG = ["北京市", "市辖区", "东城区"]
ALONE, OUTSIDE = ["name.prefix.district"], ["name.prefix.outside"]


@pytest.mark.parametrize(
    ("path", "prefix", "rows"),
    [
        (GONGZHULING, "公主岭", []),
        (GONGZHULING, "公主岭市", []),
        (GONGZHULING, "长春", []),
        (GONGZHULING, "长春市公主岭市", []),
        (GONGZHULING, "吉林省", []),
        (GONGZHULING, "珲春", OUTSIDE),
        (HUNCHUN, "延边", []),
        (HUNCHUN, "公主岭市", OUTSIDE),
        (CHAOYANG, "长春市", []),
        (CHAOYANG, "长春朝阳", []),
        (CHAOYANG, "长春市朝阳区", []),
        (CHAOYANG, "朝阳", ALONE),
        (JINGYUE, "长春净月", []),
        (JINGYUE, "长春市净月", []),
        (JINGYUE, "净月", OUTSIDE),
        (SONGYUAN_ZONE, "吉林松原", []),
        (DONGCHENG, "北京市东城", []),
        (DONGCHENG, "东城", ALONE),
        (DONGCHENG, "市辖区", OUTSIDE),
    ],
)
def test_a_name_begins_with_the_county_prefecture_or_province_of_the_office(path, prefix, rows):
    assert rows_after(division={"path": path}, name_prefix=prefix) == rows


def test_every_division_has_an_authority_and_codes_of_its_own_by_one_rule():
    item = pack().service
    made = item.authority_for(Text.given("公主岭市", "Gongzhuling City"), "220184000000")
    assert made.name.zh == "公主岭市市场监督管理局（演示）"
    assert "Gongzhuling City" in made.name.en
    codes = {division: item.authority_for(Text("", ""), division).code for division in COUNTIES}
    assert len(set(codes.values())) == len(COUNTIES)
    for division, code in codes.items():
        assert uscc.problem(code) is None
        assert organisation.problem(code[8:17]) is None
        assert item.implementation_code(division) == f"{code}4000131127004"
        assert item.handling_code(division) == f"{code}400013112700401"


def test_an_office_is_named_where_it_is_known_and_described_everywhere_else():
    places = pack().service.places
    assert [office.name.zh[:4] for office in places.within("220184000000")] == ["公主岭市"]
    assert places.within("220172000000") == ()
    assert places.general.zh.startswith("公司住所所在县")


def test_the_five_year_limit_is_measured_to_the_day():
    variables = dict(rehearsed("01-issued-same-day").variables)

    def rows(paid_in_by: date) -> list[str]:
        shares = [{**SHARE, "amount": Decimal(100), "paid_in_by": paid_in_by}] * 2
        application = {**variables["application"], "capital": Decimal(200), "shareholders": shares}
        decided = decide(pack().rules, "precheck", {**variables, "application": application})
        return [finding.id for finding in findings_of(decided)]

    assert rows(date(2031, 4, 9)) == []
    assert rows(date(2031, 4, 10)) == ["capital.paid_in_too_late"]


def test_figures_are_those_in_force_on_the_day_of_filing():
    parameters = pack().parameters
    assert parameters.on(date(2010, 1, 1))["capital_minimum_labour_dispatch"] == 50
    assert parameters.on(date(2013, 7, 1))["capital_minimum_labour_dispatch"] == 200
    assert parameters.on(date(2024, 6, 30))["capital_paid_in_years"] is None
    assert parameters.on(date(2024, 7, 1))["capital_paid_in_years"] == 5


def test_a_case_starts_with_the_applicant_the_register_knows_and_null_for_what_was_not_asked():
    variables = starting_variables(
        pack(),
        {"applicant_name": "金样一", "applicant_id": "222404199001010018"},
        division={"code": "222404000000", "name": "珲春市", "path": ["吉林省"]},
        filed_on=date(2026, 4, 9),
        case_number="1",
        filed_by="金样一",
    )
    assert variables["applicant"] == {
        "name": "金样一",
        "id_number": "222404199001010018",
        "kind": "person",
    }
    assert variables["application"]["premises_proof"] is None
    assert variables["authority"] == {
        "name": "珲春市市场监督管理局（演示）",
        "name_en": "珲春市 Market Regulation Bureau (demonstration)",
        "code": "11222404XY2224044E",
        "division": "222404000000",
    }
    assert variables["filing"] == {"desk": "", "by": "金样一"}


def test_words_have_both_languages_and_the_drawing_can_be_labelled_in_english():
    assert pack().words("task.decide.approve.effect").en.startswith("At once")
    assert pack().words("task.issue_licence") == Text("颁发营业执照", "Issue the licence")
    assert pack().labels(ENGLISH)["issue_licence"] == "Issue the licence"
    assert pack().labels(CHINESE)["issue_licence"] == "颁发营业执照"


def test_the_digest_changes_with_any_file():
    changed = {**files(), "CHANGES.md": "另一版"}
    assert read_pack(changed).digest != pack().digest
    assert read_pack(files()).digest == pack().digest


def test_nothing_is_paid_and_the_licence_comes_the_same_day():
    item = pack().service
    assert (item.fee.charged, item.fee.amount, item.promised.number) == (False, 0, 1)
    made = rehearsed("01-issued-same-day")
    assert made.variables["licence"]["issued_on"] == made.variables["filed_on"]


def test_checking_the_pack_finds_no_error_in_any_of_its_files():
    assert errors(check_pack(files())) == []
