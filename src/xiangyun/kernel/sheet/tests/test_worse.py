"""Sheets that are worse for the citizen in one way each, and the rule that each one breaks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from xiangyun.kernel.dmn import checked_model, decide
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack.tests.shipped import pack
from xiangyun.kernel.service.limits import ExtensionRule, TimeLimit
from xiangyun.kernel.sheet import Base, applied, applied_rules, parse_sheet, prove

HEAD = 'item: market/company-registration\ndivision: "220184000000"\n'
RULES = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="m" name="m"
 namespace="urn:m">
<inputData id="application" name="application"><variable name="application"/></inputData>
<decision id="capacity" name="capacity"><variable name="capacity"/>
 <informationRequirement><requiredInput href="#application"/></informationRequirement>
 <decisionTable hitPolicy="COLLECT">
  <input><inputExpression typeRef="number"><text>application.age</text></inputExpression></input>
  <input><inputExpression typeRef="string"><text>application.home</text></inputExpression></input>
  <output name="id"/><output name="severity"/>
  <rule id="too_young"><inputEntry><text>&lt; 16</text></inputEntry>
   <inputEntry><text>-</text></inputEntry>
   <outputEntry><text>"too_young"</text></outputEntry>
   <outputEntry><text>"correct"</text></outputEntry></rule>
  <rule id="elsewhere"><inputEntry><text>[18..60)</text></inputEntry>
   <inputEntry><text>"elsewhere"</text></inputEntry>
   <outputEntry><text>"elsewhere"</text></outputEntry>
   <outputEntry><text>"refuse"</text></outputEntry></rule>
 </decisionTable></decision>
<decision id="price" name="price"><variable name="price"/>
 <informationRequirement><requiredInput href="#application"/></informationRequirement>
 <decisionTable hitPolicy="UNIQUE">
  <input><inputExpression typeRef="number"><text>application.age</text></inputExpression></input>
  <output name="price" typeRef="number"/>
  <rule id="young"><inputEntry><text>&lt; 18</text></inputEntry>
   <outputEntry><text>5</text></outputEntry></rule>
  <rule id="grown"><inputEntry><text>&gt;= 18</text></inputEntry>
   <outputEntry><text>20</text></outputEntry></rule>
 </decisionTable></decision>
</definitions>"""


@cache
def base() -> Base:
    """The shipped item with something of everything that a sheet may make worse."""
    item = pack().service
    limit = TimeLimit(5, "working_day", "…", False)
    item = replace(
        item,
        promised=limit,
        statutory=replace(limit, number=20),
        extension=ExtensionRule(3, "working_day", "approver", "…", False),
        fee=replace(item.fee, charged=True, amount=Decimal("20.50")),
        visits=1,
        visit_reason=Text("核对原件。", "The original is looked at."),
        online_depth="handling",
        area="prefecture",
        filing_desks=("online", "window", "post"),
        applicants=("person", "company"),
        **dict.fromkeys(("online", "single_sign_on", "pay_online", "by_post"), True),
        **dict.fromkeys(("appointment", "self_service_terminal", "in_service_hall"), True),
    )
    rules, _ = checked_model(RULES, "rules.dmn")
    assert rules is not None
    return Base(item, pack().parameters, rules, 220000000000)


def rows(*some: str) -> str:
    return "acceptance: [{decision: capacity, rows: [" + ", ".join(some) + "]}]"


def fees(*some: str) -> str:
    return "fee: {decision: price, rows: [" + ", ".join(some) + "]}"


WORSE = {
    "another name": ("name: {zh-Hans: 别名, en: Another}", "sheet.E001"),
    "another everyday name": ("everyday_name: {zh-Hans: 别名, en: Another}", "sheet.E001"),
    "another code": ("code: market/other", "sheet.E001"),
    "another basic code": ('basic_code: "000131127005"', "sheet.E001"),
    "another handling item": ('handling_item: "02"', "sheet.E001"),
    "another basis": ("legal_basis: []", "sheet.E001"),
    "another type": ('item_type: "20"', "sheet.E001"),
    "another source of power": ("power_source: delegated", "sheet.E001"),
    "another level": ('level: "3"', "sheet.E001"),
    "another result": ("result: null", "sheet.E001"),
    "a further condition": ("accept_conditions: []", "sheet.E001"),
    "another statutory time": ("time_limit: {}", "sheet.E001"),
    "a further special procedure": ("special_procedures: [hearing]", "sheet.E001"),
    "a shorter time to appeal": ("remedies: {}", "sheet.E001"),
    "another process": ("process: standard/promised", "sheet.E001"),
    "another item": ("item: market/other", "sheet.E002"),
    "a division of another province": ('division: "110000000000"', "sheet.E003"),
    "a material waived that nobody asks for": ("waived: [horoscope]", "sheet.E004"),
    "a further material": ("materials: {horoscope: {copies: 1}}", "sheet.E005"),
    "more copies": ("materials: {articles: {copies: 2}}", "sheet.E005"),
    "paper only": ("materials: {articles: {form: paper}}", "sheet.E005"),
    "an original for a copy": ("materials: {premises_proof: {original: true}}", "sheet.E005"),
    "a longer promise": ("promised: {days: 6, unit: working_day}", "sheet.E006"),
    "a promise of more natural days": ("promised: {days: 7, unit: natural_day}", "sheet.E007"),
    "a promise of working hours": ("promised: {hours: 40, unit: working_hour}", "sheet.E007"),
    "a promise of more hours": ("promised: {hours: 121, unit: hour}", "sheet.E007"),
    "a longer extension": ("extension: {days: 4, unit: working_day}", "sheet.E008"),
    "an extension in other days": ("extension: {days: 3, unit: natural_day}", "sheet.E008"),
    "a higher fee": ("fee: {amount: 20.51}", "sheet.E009"),
    "a fee that is higher for some": (
        fees("{when: {application.age: '< 19'}, amount: 5}", "{when: {application.age: '>= 19'}, "
             "amount: 21}"), "sheet.E009"),
    "a fee that is higher for one year": (
        fees("{when: {application.age: '< 17'}, amount: 5}", "{when: {application.age: '>= 17'}, "
             "amount: 20}"), "sheet.E009"),
    "a fee nobody knows for some": (
        fees("{when: {application.age: '< 60'}, amount: 5}"), "sheet.E010"),
    "a graver consequence": (rows("{id: too_young, when: {application.age: '< 16'}, "
                                  "severity: refuse}"), "sheet.E011"),
    "an older age": (rows("{id: too_young, when: {application.age: '< 18'}, severity: correct}"),
                     "sheet.E011"),
    "an age included": (rows("{id: too_young, when: {application.age: '<= 16'}, "
                             "severity: correct}"), "sheet.E011"),
    "a condition left out": (rows("{id: elsewhere, when: {application.age: '[18..60)'}, "
                                  "severity: refuse}"), "sheet.E011"),
    "a row the item does not have": (rows("{id: too_old, when: {application.age: '> 60'}, "
                                          "severity: note}"), "sheet.E012"),
    "a condition on something else": (rows("{id: too_young, when: {application.sex: '\"f\"'}, "
                                           "severity: correct}"), "sheet.E012"),
    "a decision the item does not have": (
        "acceptance: [{decision: mood, rows: []}]", "sheet.E012"),
    "a condition that cannot be analysed": (
        rows("{id: elsewhere, when: {application.age: 'modulo(?, 2) = 1'}, severity: refuse}"),
        "sheet.E011"),
    "more visits": ("visits: 2", "sheet.E013"),
    "not online": ("online: false", "sheet.E014"),
    "another log-in": ("single_sign_on: false", "sheet.E014"),
    "no payment online": ("pay_online: false", "sheet.E014"),
    "no post": ("by_post: false", "sheet.E014"),
    "no appointment": ("appointment: false", "sheet.E014"),
    "no terminal": ("self_service_terminal: false", "sheet.E014"),
    "not in the hall": ("in_service_hall: false", "sheet.E014"),
    "less of it online": ("online_depth: acceptance", "sheet.E015"),
    "a narrower area": ("area: county", "sheet.E016"),
    "a desk closed": ("filing_desks: [online, window]", "sheet.E017"),
    "a desk in place of another": ("filing_desks: [online, window, village_desk]", "sheet.E017"),
    "fewer who may apply": ("applicants: [person]", "sheet.E018"),
    "a quota": ("quota: {zh-Hans: 每年一百名, en: A hundred a year}", "sheet.E019"),
}  # fmt: skip


def written(line: str) -> str:
    key = line.split(":")[0]
    kept = [each for each in HEAD.splitlines() if not each.startswith(f"{key}:")]
    return "\n".join([*kept, line]) + "\n"


def faults(line: str) -> set[str]:
    try:
        return {each.id for each in prove(parse_sheet(written(line)), base())}
    except Refused as refused:
        return {each.id for each in refused.findings}


@pytest.mark.parametrize("how", WORSE)
def test_a_sheet_that_is_worse_is_refused_with_the_rule(how: str) -> None:
    line, rule = WORSE[how]
    assert faults(line) == {rule}


BETTER = (
    "waived: [articles, premises_proof]",
    "materials: {articles: {copies: 0, form: both, original: false}}",
    "promised: {days: 0, unit: working_day}",
    "promised: {days: 5, unit: natural_day}",
    "promised: {hours: 120, unit: hour}",
    "extension: {days: 0, unit: working_day}",
    "fee: {amount: 0}",
    fees("{when: {application.age: '< 18'}, amount: 0}", "{when: {}, amount: 5}"),
    fees("{when: {application.age: '< 18'}, amount: 5}",
         "{when: {application.age: '[18..60)'}, amount: 20}",
         "{when: {application.age: '>= 60'}, amount: 0}"),
    rows(),
    rows("{id: too_young, when: {application.age: '< 14'}, severity: correct}"),
    rows("{id: too_young, when: {application.age: '< 16'}, severity: note}"),
    rows("{id: elsewhere, when: {application.age: '[18..20], [30..40)', application.home: "
         "'\"elsewhere\"'}, severity: refuse}"),
    "visits: 0",
    "online_depth: certificate",
    "area: country",
    "filing_desks: [online, window, post, village_desk]",
    "applicants: [person, company, other]",
    "quota: null",
    "telephone: {zh-Hans: 0434-12345, en: 0434-12345}",
)  # fmt: skip


@pytest.mark.parametrize("line", BETTER)
def test_a_sheet_that_is_better_is_taken(line: str) -> None:
    assert faults(line) == set()


def test_an_applied_sheet_is_what_the_next_place_is_held_to() -> None:
    city = parse_sheet(written("promised: {days: 2, unit: working_day}"))
    narrowed = replace(base(), item=applied(base().item, city), within=220184000000)
    county = parse_sheet(written("promised: {days: 3, unit: working_day}"))
    assert [each.id for each in prove(county, base())] == []
    assert [each.id for each in prove(county, narrowed)] == ["sheet.E006"]


@pytest.mark.parametrize("nothing", ["", "\n\n", "# only a comment\n"])
def test_an_empty_sheet_is_an_error(nothing: str) -> None:
    with pytest.raises(Refused):
        parse_sheet(nothing)


def test_the_rules_of_a_place_decide_as_its_sheet_says() -> None:
    given = base().rules
    sheet = parse_sheet(HEAD + rows("{id: too_young, when: {application.age: '< 14'}, "
                                    "severity: note}") + "\n"
                        + fees("{when: {application.age: '< 18'}, amount: 0}",
                               "{when: {application.age: '>= 18'}, amount: 5}"))  # fmt: skip
    assert prove(sheet, base()) == []
    here = applied_rules(given, sheet)
    for age, found, fee in ((13, ["note"], 0), (15, [], 0), (40, [], 5)):
        known = {"application": {"age": Decimal(age), "home": "here"}}
        made = decide(here, "capacity", known).value
        assert [each["severity"] for each in made or []] == found
        assert decide(here, "price", known).value == fee
