"""A draw of an instance: planned, ordered before it is known, revealed, opened, and repeated."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiangyun.adapters.keys import signer
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.draws import actions, queries, records
from xiangyun.domain.draws.models import Outcome, Secret, Visit
from xiangyun.domain.duties.tests import visits
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as heads
from xiangyun.domain.registers import actions as registers
from xiangyun.faces.cli.draw import draw as command
from xiangyun.kernel.draw import RECORD
from xiangyun.kernel.findings import Conflict, NotFound, Refused

pytestmark = pytest.mark.django_db
CODE = f"{visits.SERVICE}:homes"
DAY = date(2026, 4, 9)
PUBLIC_BEACON = {"kind": "public", "what": "lottery of 10 April 2026"}
DRAWS = """draws:
  - id: homes
    name: {zh-Hans: 走访抽查, en: Homes drawn}
    role: assessor
    frame:
      register: household
      stratum: level
      place: home
      weight: =if level = "high" then 3 else 1
      cap: =1
    strata: [{stratum: high, take: 50%}, {stratum: low, take: 2}]
    inspectors:
      register: visitor
      when: =until >= on
      team: team
      at_most: 9
      recused: interests
      name: name
    teams: [{team: civil, inspectors: 2}, {team: health, inspectors: 1}]
    opens:
      service: visits/home
      answers: {household: '=name + string join(inspectors.name, "")'}
"""
REGISTER = """code: household
name: {zh-Hans: 走访对象, en: Households}
department: civil_affairs
class: ordinary
subject: none
key: number
place: home
laws: [{law: {zh-Hans: 测试, en: Test}, article: 第一条, verified: false}]
fields:
  - {name: number, type: text, required: true, words: {zh-Hans: 编号, en: Number}}
  - {name: name, type: text, required: true, words: {zh-Hans: 户主, en: Householder}}
  - {name: home, type: text, format: division, words: {zh-Hans: 住址, en: Home}}
  - {name: level, type: text, words: {zh-Hans: 级别, en: Level}}
readers: [visits/home]
writers: [visits/home]
examples:
  - data: {number: H1, name: 样户, home: "222404001001", level: low}
  - {data: {number: H1}, refused: name}
"""
PEOPLE = """code: visitor
name: {zh-Hans: 走访人员, en: Visitors}
department: civil_affairs
class: ordinary
subject: none
key: number
place: home
laws: [{law: {zh-Hans: 测试, en: Test}, article: 第一条, verified: false}]
fields:
  - {name: number, type: text, required: true, words: {zh-Hans: 编号, en: Number}}
  - {name: name, type: text, words: {zh-Hans: 姓名, en: Name}}
  - {name: home, type: text, format: division, words: {zh-Hans: 地区, en: Area}}
  - {name: team, type: text, words: {zh-Hans: 部门, en: Team}}
  - {name: until, type: date, words: {zh-Hans: 证件有效期, en: Certified until}}
  - {name: interests, type: list, of: text, words: {zh-Hans: 回避, en: Recused from}}
readers: [visits/home]
writers: [visits/home]
examples:
  - data: {number: P1, name: 样员, home: "222404000000", team: civil, until: 2030-01-01}
  - {data: {name: 样员}, refused: number}
"""
PACK = {
    "draws.yaml": DRAWS,
    "registers/household.yaml": REGISTER,
    "registers/visitor.yaml": PEOPLE,
    "service.yaml": visits.files(visits.OPENINGS + "  - draw\n")["service.yaml"],
}


def enter(register: str, key: str, **data: object) -> None:
    with acting_as(SYSTEM):
        registers.record(
            register,
            key,
            {"number": key, **data},
            valid_from=DAY,
            holder=None,
            division=int(str(data["home"])),
            source="test",
            at=MORNING,
            pack=visits.SERVICE,
        )


@pytest.fixture(autouse=True)
def _published(demonstration: None) -> None:
    visits.publish(PACK)
    for at in range(8):
        level = "high" if at < 4 else "low"
        enter("household", f"H{at}", name=f"样户{at}", home=f"22240400{at % 2 + 1}001", level=level)
    for at in range(6):
        enter(
            "visitor",
            f"P{at}",
            name=f"样员{at}",
            home="222404000000" if at < 5 else "222401000000",
            team="health" if at == 4 else "civil",
            until="2030-01-01" if at else "2020-01-01",
            interests=["H0"] if at == 1 else [],
        )


def ordered(beacon: dict[str, object] = PUBLIC_BEACON) -> queries.Draw:
    actions.plan(CODE, 2026, 4, at=MORNING)
    return actions.order(CODE, DAY, beacon, at=MORNING)


def revealed(number: str) -> Outcome:
    return actions.reveal(number, {"value": "7 11 19"}, at=MORNING)


def visits_of(number: str) -> list[Visit]:
    with acting_as(SYSTEM):
        return list(Visit.objects.filter(draw__number=number).order_by("pk"))


def test_what_no_plan_foresees_is_not_drawn_and_a_plan_serves_once() -> None:
    with pytest.raises(Conflict) as refused:
        actions.order(CODE, DAY, PUBLIC_BEACON, at=MORNING)
    assert [each.id for each in refused.value.findings] == ["draw.E008"]
    ordered()
    with pytest.raises(Conflict):
        actions.order(CODE, DAY, PUBLIC_BEACON, at=MORNING)


def none_open(text: str) -> str:
    return text.replace("      stratum: level", '      when: =level = "none"\n      stratum: level')


def nobody_certified(text: str) -> str:
    return text.replace("until >= on", 'until >= date("2999-01-01")')


@pytest.mark.parametrize("changed", [none_open, nobody_certified])
def test_an_order_with_nothing_to_draw_leaves_the_plan(changed: Callable[[str], str]) -> None:
    visits.publish({**PACK, "draws.yaml": changed(DRAWS)})
    with pytest.raises(Refused) as refused:
        ordered()
    assert [each.id for each in refused.value.findings] == ["draw.E017"]
    visits.publish(PACK)
    assert actions.order(CODE, DAY, PUBLIC_BEACON, at=MORNING).plan is not None


@pytest.mark.parametrize(
    "beacon",
    [
        {},
        {"kind": "dice"},
        {"kind": "public"},
        {"kind": "public", "what": " "},
        {"kind": "journal", "size": 1},
        {"kind": "journal", "size": "soon"},
        {"kind": "drand", "scheme": "none", "public_key": "83cf", "round": 9},
        {"kind": "drand", "scheme": "bls-unchained-g1-rfc9380", "public_key": "83cf", "round": 0},
        {"kind": "drand", "scheme": "bls-unchained-g1-rfc9380", "public_key": "key", "round": 9},
    ],
)  # fmt: skip
def test_a_beacon_that_nothing_can_be_leaves_the_plan(beacon: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        ordered(beacon)
    assert [each.id for each in refused.value.findings] == ["draw.E016"]
    assert ordered().plan is not None


def test_an_order_is_public_and_its_secret_is_not(tmp_path: Path) -> None:
    made = ordered()
    with acting_as(ANONYMOUS):
        assert queries.draw(made.number) is not None
        assert not Secret.objects.exists()
        assert queries.outcome(made) is None
    assert made.order["frame"]["lines"] == 8
    assert made.order["inspectors"]["lines"] == 5  # whose certificate has ended is not among them
    packed = tmp_path / "draw.zip"
    packed.write_bytes(records.packed(made, None))
    assert CliRunner().invoke(command, ["verify", str(packed)]).exit_code == 2


def test_what_was_drawn_opens_cases_once_and_anybody_repeats_it(tmp_path: Path) -> None:
    made = ordered()
    revealed(made.number)
    found = visits_of(made.number)
    assert len(found) == 4
    assert actions.open_cases(made.number, at=MORNING) == (4, 0)
    assert actions.open_cases(made.number, at=MORNING) == (0, 0)
    with acting_as(SYSTEM):
        cases = Case.objects.filter(version__code=visits.SERVICE)
        assert {each.variables["opening"]["how"] for each in cases} == {"draw"}
        names = {each.variables["application"]["household"] for each in cases}
    assert all(name.startswith("样户") and name.count("样员") == 3 for name in names)
    for each in found:
        assert all("P0" not in who and "P5" not in who for who in each.inspectors)
        assert each.key != "H0" or "civil/P1" not in each.inspectors
    packed = tmp_path / "draw.zip"
    with acting_as(ANONYMOUS):
        packed.write_bytes(records.packed(made, queries.outcome(made)))
    done = CliRunner().invoke(command, ["verify", str(packed)])
    assert done.exit_code == 0, done.output


def test_revealing_once_more_gives_the_same_outcome() -> None:
    made = ordered()
    first = revealed(made.number)
    assert actions.reveal(made.number, {"value": "other"}, at=MORNING).result == first.result
    assert len(visits_of(made.number)) == 4


def test_whoever_was_visited_as_often_as_allowed_is_skipped_next_time() -> None:
    first = ordered()
    revealed(first.number)
    drawn = {each.key for each in visits_of(first.number) if not each.skipped}
    actions.plan(CODE, 2026, 5, at=MORNING)
    again = actions.order(CODE, date(2026, 5, 9), PUBLIC_BEACON, at=MORNING)
    revealed(again.number)
    second = visits_of(again.number)
    assert not {each.key for each in second if not each.skipped} & drawn
    assert {each.key for each in second if each.skipped} <= drawn


def test_a_recused_inspector_is_struck_and_the_record_still_comes_out(tmp_path: Path) -> None:
    made = ordered()
    revealed(made.number)
    visit = next(each for each in visits_of(made.number) if len(each.inspectors) == 3)
    code = visit.inspectors[0].partition("/")[2]
    changed = actions.recuse(made.number, visit.key, code, "亲属", at=MORNING)
    assert visit.inspectors[0] not in changed.inspectors
    with pytest.raises(NotFound):
        actions.recuse(made.number, visit.key, code, "亲属", at=MORNING)
    packed = tmp_path / "draw.zip"
    with acting_as(SYSTEM):
        packed.write_bytes(records.packed(made, queries.outcome(made)))
    assert CliRunner().invoke(command, ["verify", str(packed)]).exit_code == 0


def test_visits_without_notice_are_public_later_only() -> None:
    hidden = DRAWS.replace("    opens:", "    days_hidden: 30\n    opens:")
    visits.publish({**PACK, "draws.yaml": hidden})
    made = ordered()
    outcome = revealed(made.number)
    assert outcome.public_at == MORNING + timedelta(days=30)


def test_a_later_head_of_the_journal_is_the_beacon(tmp_path: Path) -> None:
    made = ordered({"kind": "journal"})
    with pytest.raises(Conflict, match=made.number):
        actions.reveal(made.number, None, at=MORNING)
    for month in (6, 7, 8):  # what happens meanwhile
        actions.plan(CODE, 2026, month, at=MORNING)
    with acting_as(SYSTEM):
        journal.seal(MORNING, signer())
    outcome = actions.reveal(made.number, None, at=MORNING)
    assert outcome.reveal["beacon"]["size"] == made.order["beacon"]["size"]
    with acting_as(SYSTEM):
        record = records.record_of(made, outcome)
        files = records.files_of(made, outcome)
    place = tmp_path / RECORD
    place.write_text(json.dumps(record), encoding="utf-8")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert CliRunner().invoke(command, ["verify", str(place)]).exit_code == 0


def test_a_head_that_follows_from_the_order_alone_is_no_beacon() -> None:
    actions.plan(CODE, 2026, 4, at=MORNING)
    with acting_as(SYSTEM):
        known = heads.entry_count()
    with pytest.raises(Refused, match=r"draw\.E016"):
        actions.order(CODE, DAY, {"kind": "journal", "size": known + 1}, at=MORNING)
    made = actions.order(CODE, DAY, {"kind": "journal", "size": known + 2}, at=MORNING)
    assert made.order["beacon"]["size"] == known + 2


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("take: 50%", "take: half", "pack.E162"),
        ("civil, inspectors: 2}, {", "civil, inspectors: 0}, {", "pack.E161"),
        ("stratum: level", "stratum: levels", "pack.E051"),
        ("register: visitor", "register: visitors", "pack.E050"),
        ("service: visits/home", "service: visits/homes", "pack.E082"),
        ("{household:", "{households:", "pack.E025"),
        ("when: =until >= on", "when: =untill >= on", "feel.E002"),
        ("    teams:", "    team:", "pack.E004"),
    ],
)  # fmt: skip
def test_a_draw_that_cannot_be_is_refused_when_it_is_published(old: str, new: str, id: str) -> None:
    with pytest.raises(Refused) as refused:
        visits.publish({**PACK, "draws.yaml": DRAWS.replace(old, new)})
    assert id in {each.id for each in refused.value.findings}
