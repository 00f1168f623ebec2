"""Sheets of places: four eyes, no silent overwriting, rebased or listed when the item changes."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries, sheetload, sheets
from xiangyun.domain.catalogue.models import SheetVersion
from xiangyun.domain.journal.models import Entry
from xiangyun.kernel.findings import Conflict, Forbidden, Refused, Stale
from xiangyun.kernel.pack.tests.shipped import SHIPPED, files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
CITY, COUNTY, TOWN = 220100000000, 220184000000, 220184001000
TODAY = MORNING.date()


def keeper(name: str, place: int = COUNTY) -> Actor:
    span = {CITY: 10**8, COUNTY: 10**6, TOWN: 10**3}[place]
    held = MandateHeld(sheets.KEEPER, place, place, place + span - 1, "实施清单专班", across=True)
    return Actor(name, "official", UUID(int=sum(map(ord, name))), (held,))


LI, WANG = keeper("李起草"), keeper("王审批")


def text(place: int = COUNTY, *lines: str) -> str:
    return "\n".join([f"item: {SHIPPED}", f'division: "{place}"', *lines]) + "\n"


WAIVED = "waived: [articles]"
LEASE = "materials: {premises_proof: {copies: 0}}"


def approved(written: str, place: int = COUNTY, on: date = TODAY) -> SheetVersion:
    author, second = keeper("李起草", place), keeper("王审批", place)
    made = sheets.save(written, revision=0, actor=author, at=MORNING)
    made = sheets.submit(made.pk, revision=made.revision, actor=author, at=MORNING)
    return sheets.approve(made.pk, revision=made.revision, from_on=on, actor=second, at=MORNING)


def materials(place: int, on: date = TODAY) -> set[str]:
    with acting_as(ANONYMOUS):
        pack = sheets.offered(queries.current_version(SHIPPED), place, on)
    return {each.key for each in pack.service.materials}


def test_a_sheet_is_in_force_from_its_day_at_its_place_and_below() -> None:
    everything = materials(COUNTY)
    later = TODAY + timedelta(days=3)
    approved(text(COUNTY, WAIVED), on=later)
    assert materials(COUNTY) == everything
    assert everything - materials(COUNTY, later) == {"articles"}
    assert everything - materials(TOWN, later) == {"articles"}
    assert materials(CITY, later) == everything
    with acting_as(SYSTEM):
        verbs = Entry.objects.filter(subject=f"sheet/{SHIPPED}@{COUNTY}").values_list("verb")
        assert {verb for (verb,) in verbs} == {"sheet.saved", "sheet.submitted", "sheet.approved"}


def test_who_drafted_a_sheet_does_not_approve_it() -> None:
    made = sheets.save(text(COUNTY, WAIVED), revision=0, actor=LI, at=MORNING)
    made = sheets.submit(made.pk, revision=made.revision, actor=LI, at=MORNING)
    with pytest.raises(Conflict) as refused:
        sheets.approve(made.pk, revision=made.revision, from_on=TODAY, actor=LI, at=MORNING)
    assert [each.id for each in refused.value.findings] == ["sheet.E022"]


def test_two_authors_do_not_overwrite_each_other() -> None:
    made = sheets.save(text(COUNTY, WAIVED), revision=0, actor=LI, at=MORNING)
    with pytest.raises(Stale):
        sheets.save(text(COUNTY, LEASE), revision=0, actor=WANG, at=MORNING)
    again = sheets.save(text(COUNTY, LEASE), revision=made.revision, actor=WANG, at=MORNING)
    with pytest.raises(Stale):
        sheets.save(text(COUNTY, WAIVED), revision=made.revision, actor=LI, at=MORNING)
    with acting_as(SYSTEM):
        assert sheets.sheet(again.pk).text == text(COUNTY, LEASE)


def test_a_worse_sheet_is_not_kept() -> None:
    with pytest.raises(Refused) as refused:
        sheets.save(text(COUNTY, "visits: 3"), revision=0, actor=LI, at=MORNING)
    assert [each.id for each in refused.value.findings] == ["sheet.E013"]
    with acting_as(SYSTEM):
        assert sheets.sheets_of(SHIPPED, COUNTY) == []


def test_a_keeper_of_another_place_is_refused() -> None:
    with pytest.raises(Forbidden):
        sheets.save(text(CITY, WAIVED), revision=0, actor=LI, at=MORNING)


def test_a_town_is_held_to_the_sheet_of_its_county() -> None:
    approved(text(COUNTY, "promised: {days: 0, unit: working_day}"))
    author = keeper("赵镇长", TOWN)
    with pytest.raises(Refused) as refused:
        sheets.save(text(TOWN, "promised: {days: 1, unit: working_day}"), revision=0,
                    actor=author, at=MORNING)  # fmt: skip
    assert {each.id for each in refused.value.findings} == {"sheet.E006"}


def test_a_sheet_above_is_not_approved_while_it_breaks_one_below() -> None:
    approved(text(COUNTY, "promised: {days: 1, unit: working_day}"))
    with pytest.raises(Conflict) as refused:
        approved(text(CITY, "promised: {days: 0, unit: working_day}"), CITY)
    assert [each.id for each in refused.value.findings] == ["sheet.E023"]


def changed(old: str, new: str) -> dict[str, str]:
    given = files()
    assert old in given["service.yaml"]
    return {**given, "service.yaml": given["service.yaml"].replace(old, new, 1)}


def test_a_change_of_the_item_rebases_the_sheets_that_are_still_better() -> None:
    made = approved(text(COUNTY, WAIVED))
    with acting_as(SYSTEM) as actor:
        catalogue.publish(
            SHIPPED, changed("quota: null ", "quota: null  "), actor=actor, at=MORNING
        )
        now = queries.current_version(SHIPPED).number
        assert (made.against, sheets.sheet(made.pk).against) == (now - 1, now)


def test_a_change_that_breaks_sheets_is_refused_and_names_every_one() -> None:
    approved(text(CITY, WAIVED), CITY)
    approved(text(COUNTY, LEASE, WAIVED))
    without = changed("  - key: articles\n", "  - key: statutes\n")
    with acting_as(SYSTEM):
        before = queries.current_version(SHIPPED).number
    with acting_as(SYSTEM) as actor, pytest.raises(Conflict) as refused:
        catalogue.publish(SHIPPED, without, actor=actor, at=MORNING)
    assert [each.id for each in refused.value.findings] == ["sheet.E023"] * 2
    with acting_as(SYSTEM) as actor:
        assert queries.current_version(SHIPPED).number == before
        for row in sheets.in_force(SHIPPED, TODAY):
            sheets.set_aside(row.pk, "事项改了材料", actor=actor, at=MORNING)
        catalogue.publish(SHIPPED, without, actor=actor, at=MORNING)


def test_drafts_are_read_by_keepers_alone_and_written_by_nobody_else() -> None:
    sheets.save(text(COUNTY, WAIVED), revision=0, actor=LI, at=MORNING)
    with acting_as(ANONYMOUS):
        assert SheetVersion.objects.count() == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            SheetVersion.objects.create(
                id=uuid4(), item=SHIPPED, division=COUNTY, number=9, text="", state="in_force",
                against=1, author_name="", changed_at=MORNING,
            )  # fmt: skip


def test_the_clock_of_a_case_keeps_the_promise_of_its_place() -> None:
    item = queries.pack(queries.current_version(SHIPPED).pk).service
    with acting_as(SYSTEM):
        before = submitted(actor("wang")).clocks["promised"]
        assert before == item.promised.number
        hunchun = 222404000000
        SheetVersion.objects.create(
            item=SHIPPED, division=hunchun, number=1, state=sheets.APPROVED, against=1,
            text=text(hunchun, f"promised: {{days: 0, unit: {item.promised.unit}}}"),
            author_name="", from_on=TODAY, changed_at=MORNING,
        )  # fmt: skip
    case = submitted(actor("li"))
    assert (case.clocks["promised"], case.clocks["local"]) == (0, 0)
    assert case.due_on == case.clock_from


def test_sheets_of_before_are_loaded_at_once_and_each_is_proved() -> None:
    texts = {
        "town": text(TOWN, "promised: {days: 0, unit: working_day}"),
        "county": text(COUNTY, "promised: {days: 0, unit: working_day}", WAIVED),
        "worse": text(CITY, "visits: 3"),
        "nowhere": text(229999000000, WAIVED),
        "of nothing": text(CITY, WAIVED).replace(SHIPPED, "nobody/nothing"),
        "no sheet": "",
    }
    with acting_as(SYSTEM) as platform:
        done, refused = sheetload.load(texts, from_on=TODAY, actor=platform, at=MORNING)
        told = Entry.objects.filter(verb="sheet.loaded").values_list("subject", flat=True)
        assert {*told} == {f"sheet/{SHIPPED}@{place}" for place in (COUNTY, TOWN)}
    assert done == 2
    assert {name: why.findings[0].id for name, why in refused.items()} == {
        "worse": "sheet.E013",
        "nowhere": "sheet.E003",
        "of nothing": "sheet.E002",
        "no sheet": "pack.E002",
    }
    assert "articles" not in materials(TOWN)
    # A town that promises more days than its county, and a place that has a sheet by now.
    slow = {"slow": text(TOWN + 1000, "promised: {days: 1, unit: working_day}"),
            "again": text(COUNTY, WAIVED)}  # fmt: skip
    with acting_as(SYSTEM) as platform:
        done, refused = sheetload.load(slow, from_on=TODAY, actor=platform, at=MORNING)
    found = {name: why.findings[0].id for name, why in refused.items()}
    assert (done, found) == (0, {"slow": "sheet.E006", "again": "sheet.E027"})
    with pytest.raises(Forbidden):
        sheetload.load(slow, from_on=TODAY, actor=LI, at=MORNING)
