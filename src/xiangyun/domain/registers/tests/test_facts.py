"""What is true of a record, as of any day and as known on any day; nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import actions, entering, looking, queries
from xiangyun.domain.registers.models import Fact
from xiangyun.kernel.findings import Forbidden, NotFound, Refused, Stale

from .declared import AT, FIRMS, HUNCHUN, declare, firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture(autouse=True)
def _firms(demonstration: None) -> None:
    declare()


def put(data: dict, on: date = date(2026, 1, 1), at: datetime = AT, **more: object):
    return actions.record("firms", data["code"], data, valid_from=on, source="test", at=at, **more)


def name_on(day: date, known_on: date | None = None) -> object:
    with acting_as(SYSTEM):
        found = queries.state("firms", "A1", as_of=day, known_on=known_on)
    return found and found.data["name"]


def test_what_was_true_before_stays_true_until_then() -> None:
    put(firm("A1", "样一"))
    put(firm("A1", "样二"), date(2026, 3, 1))
    put(firm("A1", "样零"), date(2025, 1, 1))  # known late
    days = [date(2024, 1, 1), date(2025, 6, 1), date(2026, 2, 28), date(2026, 3, 1)]
    assert [name_on(day) for day in days] == [None, "样零", "样一", "样二"]


def test_a_correction_says_why_and_what_was_known_stays_known() -> None:
    put(firm("A1", "样一", capital="1200.50"))
    with pytest.raises(Refused, match=r"register\.E015"):
        actions.correct("firms", "A1", {"name": "样乙"}, why=" ", source="test", at=AT)
    later = AT + timedelta(days=10)
    actions.correct("firms", "A1", {"name": "样乙"}, why="写错", source="test", at=later)
    assert name_on(date(2026, 2, 1)) == "样乙"
    assert name_on(date(2026, 2, 1), known_on=date(2026, 4, 12)) == "样一"
    with acting_as(SYSTEM):
        old, new = queries.history([queries.record_with("firms", "A1").pk])
    assert (old.superseded_by, new.why, old.data["name"]) == (new.fact, "写错", "样一")
    assert new.data["capital"] == "1200.5"


def test_a_correction_from_a_day_on_leaves_the_days_before() -> None:
    put(firm("A1", "样一"))
    actions.correct(
        "firms", "A1", {"name": "样乙"}, why="改", source="t", at=AT, valid_from=date(2026, 3, 1)
    )
    assert [name_on(date(2026, 2, 1)), name_on(date(2026, 3, 1))] == ["样一", "样乙"]


def test_of_two_corrections_at_once_the_second_is_told_and_nothing_is_lost() -> None:
    seen = put(firm("A1", "样一")).fact
    actions.correct("firms", "A1", {"name": "甲"}, why="a", source="t", at=AT, seen=seen)
    with pytest.raises(Stale, match=r"register\.E017"):
        actions.correct("firms", "A1", {"name": "乙"}, why="b", source="t", at=AT, seen=seen)
    assert name_on(date(2026, 5, 1)) == "甲"


def test_an_ended_record_is_true_until_its_end() -> None:
    put(firm("A1", "样一"))
    actions.end("firms", "A1", on=date(2026, 4, 1), why="注销", source="t", at=AT)
    assert [name_on(date(2026, 3, 31)), name_on(date(2026, 4, 1))] == ["样一", None]
    with pytest.raises(NotFound, match=r"register\.E016"):
        actions.correct("firms", "A1", {"name": "乙"}, why="b", source="t", at=AT)
    put(firm("A1", "样三"), date(2026, 6, 1))
    assert name_on(date(2026, 6, 1)) == "样三"


def test_wrong_data_are_refused_with_every_fault_by_field() -> None:
    wrong = firm("A1", "样一", capital="many", founded="2026-02-30", status="gone")
    with pytest.raises(Refused) as refused:
        put(wrong)
    assert {f.place.question for f in refused.value.findings} == {"capital", "founded", "status"}


def test_only_the_declared_roles_and_packs_write() -> None:
    put(firm("A1", "样一"), actor=actor("jueding"))
    put(firm("A2", "样一"), pack="market/company-registration")
    for more in ({"actor": actor("shencha")}, {"pack": "eldercare/basic-services"}):
        with pytest.raises(Forbidden, match=r"register\.E014"):
            put(firm("A3", "样一"), **more)
    elsewhere = firm("A3", "样一", division="220102000000")
    with pytest.raises(Forbidden):
        put(elsewhere, actor=actor("jueding"))


def test_a_table_tells_nothing_of_records_where_its_official_does_not_write() -> None:
    here, elsewhere = firm("A1", "样一"), firm("A2", "样二", division="220102000000")
    put(here)
    put(elsewhere)
    guessed = [{**elsewhere, "division": str(HUNCHUN)}, elsewhere, here]

    class Table:
        written = True

        def rows(self, start: int) -> list[tuple[int, dict[str, object]]]:
            return list(enumerate(guessed, 2))

    told = entering.enter(
        "firms",
        Table(),  # type: ignore[arg-type]
        valid_from=AT.date(),
        source="t",
        why="猜",
        actor=actor("jueding"),
        at=AT,
        trial=True,
    )
    assert [(line, finding.id) for line, finding in told.refused] == [
        (2, "register.E014"),
        (3, "register.E014"),
    ]
    assert (told.unchanged, told.recorded) == (1, 0)


def test_a_sensitive_value_is_encrypted_masked_and_found() -> None:
    put(firm("A1", "样一", phone="13900000000"))
    with acting_as(SYSTEM):
        fact = Fact.objects.get(record__key="A1")
        assert "13900000000" not in str(fact.data)
        (found,) = queries.lookup("firms", "phone", "13900000000", opened=True)
        assert found["phone"] == "13900000000"
        assert queries.search("firms", "13900000000").states[0].key == "A1"
        assert not queries.search("firms", "1390000").states


def test_a_lookup_is_by_value_and_type_and_never_stops_silently() -> None:
    for number in range(3):
        put(firm(f"B{number}", "同名厂", capital="12.00", founded="2020-02-29"))
    with acting_as(SYSTEM):
        assert len(queries.lookup("firms", "name", "同名厂")) == 3
        assert len(queries.lookup("firms", "capital", "12")) == 3
        assert len(queries.lookup("firms", "founded", "2020-02-29")) == 3
        assert not queries.lookup("firms", "name", "同名")
        with pytest.raises(Refused, match=r"register\.E012"):
            queries.lookup("firms", "name", "同名厂", most=2)
        with pytest.raises(Refused, match=r"register\.E011"):
            queries.lookup("firms", "colour", "red")


def test_what_is_recorded_about_somebody_is_theirs_also_where_another_one_filed() -> None:
    declare(FIRMS.replace("subject: organisation", "subject: person"))
    daughter, father = actor("wang").account, actor("li").account
    with acting_as(SYSTEM):
        code = parties.party(father).code
    assert code, "a person of the demonstration has a number"
    put(firm(code, "父亲"), holder=daughter)
    put(firm("A1", "无此人"), holder=daughter)
    with acting_as(SYSTEM):
        assert queries.record_with("firms", code).holder == father
        assert queries.record_with("firms", "A1").holder == daughter


def test_a_record_is_seen_by_its_readers_in_their_place_and_by_nobody_else() -> None:
    put(firm("A1", "样一"), holder=actor("wang").account)
    seen = {}
    for login in ("wang", "li", "shencha", "jueding", "shouli", "gongzhuling", "duban"):
        with acting_as(actor(login)):
            seen[login] = (
                queries.state("firms", "A1") is not None,
                bool(queries.search("firms", "样一").states),
            )
    no = (False, False)
    yes = (True, True)
    assert seen == {
        "wang": (True, False),
        "li": no,
        "shencha": yes,
        "jueding": yes,
        "shouli": no,
        "gongzhuling": no,
        "duban": no,
    }


def test_of_a_register_for_handlers_only_the_named_see_a_record() -> None:
    declare(
        FIRMS.replace("code: firms", "code: secret").replace(
            "subject:", "class: handlers\nsubject:"
        )
    )
    actions.record(
        "secret", "A1", firm("A1", "样一"), valid_from=date(2026, 1, 1), source="t", at=AT
    )
    shencha = actor("shencha")
    with acting_as(shencha):
        assert queries.state("secret", "A1") is None
    looking.name_handler("secret", "A1", shencha.account, why="承办", at=AT)
    with acting_as(shencha):
        assert queries.state("secret", "A1") is not None
        assert queries.search("secret", "样一").states
    with acting_as(actor("jueding")):
        assert queries.state("secret", "A1") is None
    looking.release_handler("secret", "A1", shencha.account, why="办结", at=AT)
    with acting_as(shencha):
        assert queries.state("secret", "A1") is None


def test_an_old_fact_keeps_the_declaration_it_was_recorded_under() -> None:
    put(firm("A1", "样一"))
    declare(FIRMS.replace("name: capital", "name: assets"))
    put(firm("A2", "样二", assets="1"))
    with acting_as(SYSTEM):
        assert queries.used("firms").version == 2
        versions = [queries.state("firms", key).version for key in ("A1", "A2")]
        found = queries.search("firms", filters={"assets": (Decimal(1), None)})
    assert versions == [1, 2]
    assert [state.key for state in found.states] == ["A2"]
    assert found.states[0].division == HUNCHUN


def test_a_register_that_was_only_used_is_found_by_its_declared_fields_afterwards() -> None:
    with acting_as(SYSTEM):
        actions.enter_record(
            register="old_firms",
            key="A9",
            division=HUNCHUN,
            data=firm("A9", "老样厂"),
            source="test",
            on=date(2026, 1, 1),
        )
    declare(FIRMS.replace("code: firms", "code: new_firms\nformerly: [old_firms]", 1))
    with acting_as(SYSTEM):
        for code in ("old_firms", "new_firms"):
            assert [s.key for s in queries.search(code, "样厂").states] == ["A9"]
            assert queries.lookup(code, "name", "老样厂")[0]["key"] == "A9"
