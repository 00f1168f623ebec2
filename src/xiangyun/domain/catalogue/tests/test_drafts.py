"""A version is checked, tried on past cases, agreed to by a second person, in force from a day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from xiangyun.domain.accounts.access import SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.cases import replaying
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.catalogue import drafts, queries
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused, Stale
from xiangyun.kernel.pack.tests.shipped import SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
ANN, BOB = (
    Actor(name, "official", UUID(int=number), (MandateHeld(
        "publisher", 220000000000, 220000000000, 229999999999, "省局", across=True),))
    for number, name in enumerate(("甲样", "乙样"), 1)
)  # fmt: skip
TODAY = MORNING.date()


def number() -> int:
    return queries.current_version(SHIPPED).number


def begun() -> drafts.PackDraft:
    made = drafts.begin(SHIPPED, actor=ANN, at=MORNING)
    text = made.files["service.yaml"].replace("visits: 0 ", "visits: 1 ", 1)
    text = text.replace("visit_reason: null", "visit_reason: {zh-Hans: 核对。, en: A look.}", 1)
    return drafts.write(
        made.pk, {"service.yaml": text}, revision=made.revision, actor=ANN, at=MORNING
    )


def tried() -> drafts.PackDraft:
    made = begun()
    made, said = drafts.check(made.pk, revision=made.revision, actor=ANN, at=MORNING)
    assert made.state == drafts.CHECKED, said
    return replaying.replay_draft(made.pk, revision=made.revision, actor=ANN, at=MORNING)


def agreed(made: drafts.PackDraft, by: Actor, on: date) -> drafts.PackDraft:
    return drafts.agree(made.pk, revision=made.revision, from_on=on, actor=by, at=MORNING)


def test_a_version_comes_into_force_through_all_its_steps() -> None:
    before = number()
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    with acting_as(SYSTEM):
        made = tried()
        assert made.replayed is not None
        assert set(drafts.differences(made)) == {"service.yaml"}
        with pytest.raises(Conflict) as refused:
            agreed(made, ANN, TODAY)
        assert refused.value.findings[0].id == "catalogue.E003"
        made = agreed(made, BOB, TODAY)
        assert (made.state, made.number, number()) == (drafts.BEGUN, before + 1, before + 1)
        assert queries.version_pack(SHIPPED, before).service.visits == 0
        assert queries.version_pack(SHIPPED, before + 1).service.visits == 1


def test_a_version_waits_for_its_day() -> None:
    with acting_as(SYSTEM):
        before, later = number(), TODAY + timedelta(days=5)
        made = agreed(tried(), BOB, later)
        assert drafts.begin_due(later - timedelta(days=1), at=MORNING) == []
        assert number() == before
        assert [each.pk for each in drafts.begin_due(later, at=MORNING)] == [made.pk]
        assert drafts.begin_due(later, at=MORNING) == []
        assert number() == before + 1


def test_what_is_written_into_a_draft_takes_it_back_to_its_beginning() -> None:
    with acting_as(SYSTEM):
        made = tried()
        made = drafts.write(made.pk, {"CHANGES.md": "# 1\n"}, revision=made.revision,
                            actor=ANN, at=MORNING)  # fmt: skip
        assert (made.state, made.replayed) == (drafts.DRAFT, None)
        with pytest.raises(Conflict) as refused:
            agreed(made, BOB, TODAY)
        assert refused.value.findings[0].id == "catalogue.E004"


def test_two_authors_of_a_draft_do_not_overwrite_each_other() -> None:
    with acting_as(SYSTEM):
        made = begun()
        with pytest.raises(Stale):
            drafts.write(made.pk, {"CHANGES.md": "# 2\n"}, revision=made.revision - 1,
                         actor=BOB, at=MORNING)  # fmt: skip
        assert drafts.draft(made.pk).files == made.files


def test_a_draft_of_an_older_version_is_not_put_in_the_place_of_a_newer_one() -> None:
    with acting_as(SYSTEM):
        one, two = tried(), tried()
        agreed(one, BOB, TODAY)
        with pytest.raises(Stale) as refused:
            agreed(two, BOB, TODAY)
        assert refused.value.findings[0].id == "catalogue.E006"


def test_a_draft_with_an_error_goes_no_further() -> None:
    with acting_as(SYSTEM):
        made = begun()
        made = drafts.write(made.pk, {"process.bpmn": ""}, revision=made.revision, actor=ANN,
                            at=MORNING)  # fmt: skip
        made, said = drafts.check(made.pk, revision=made.revision, actor=ANN, at=MORNING)
        assert made.state == drafts.DRAFT
        assert any(each.id == "pack.E001" for each in said)
        with pytest.raises(Conflict):
            replaying.replay_draft(made.pk, revision=made.revision, actor=ANN, at=MORNING)


def test_drafts_are_for_publishers_and_a_draft_of_nothing_is_an_error() -> None:
    with acting_as(SYSTEM):
        made = begun()
        with pytest.raises(Refused) as refused:
            drafts.begin("area/nothing", {}, actor=ANN, at=MORNING)
        assert refused.value.findings[0].id == "catalogue.E007"
    with acting_as(actor("shencha")):
        with pytest.raises(NotFound):
            drafts.draft(made.pk)
        with pytest.raises(Forbidden):
            drafts.begin(SHIPPED, actor=actor("shencha"), at=MORNING)


def test_a_draft_begins_with_the_whole_pack_so_that_nothing_is_withdrawn() -> None:
    with acting_as(SYSTEM):
        for code in ("market/companies", "eldercare/basic-services", SHIPPED):
            made = drafts.begin(code, actor=ANN, at=MORNING)
            assert made.files == queries.pack_files(code)
            assert drafts.differences(made) == {}
