"""Drafts in the studio: saved by revision, handed in, agreed to by who wrote none of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.studio import actions, queries, starters
from xiangyun.domain.studio.queries import Draft
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused, Stale
from xiangyun.kernel.pack.tests.shipped import SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
CODE = "own/reading-room"
NAMED = starters.Named("own", "reading-room", "reading-room", "阅览证", "Reading card")
TODAY = MORNING.date()


def begun(by: Actor, kind: str = "item") -> Draft:
    files = starters.files_of(kind, NAMED, TODAY)
    return actions.begin(CODE, files, actor=by, at=MORNING)


def test_what_two_authors_save_is_never_overwritten_silently() -> None:
    ann, bob = actor("bianxie"), actor("gaixie")
    draft = begun(ann)
    text = queries.files(draft, ann)["service.yaml"]
    saved = actions.save(draft.pk, "service.yaml", text + "# ann\n", seen=1, actor=ann, at=MORNING)
    assert saved.number == 2
    with pytest.raises(Stale) as refused:
        actions.save(draft.pk, "service.yaml", text + "# bob\n", seen=1, actor=bob, at=MORNING)
    assert refused.value.findings[0].id == "studio.E002"
    assert ann.name in refused.value.findings[0].message.zh
    assert queries.files(draft, bob)["service.yaml"] == text + "# ann\n"
    actions.save(draft.pk, "service.yaml", text + "# both\n", seen=2, actor=bob, at=MORNING)
    history = queries.history(draft, "service.yaml", ann)
    assert [(row.number, row.author_name) for row in history] == [
        (3, bob.name), (2, ann.name), (1, ann.name)]  # fmt: skip
    assert queries.revision(draft, "service.yaml", 2, bob).text == text + "# ann\n"


def test_the_same_text_again_and_a_file_taken_out_keep_their_history() -> None:
    ann = actor("bianxie")
    draft = begun(ann)
    text = queries.files(draft, ann)["service.yaml"]
    assert actions.save(draft.pk, "service.yaml", text, seen=0, actor=ann, at=MORNING).number == 1
    actions.save(draft.pk, "CHANGES.md", "# 1\n", seen=0, actor=ann, at=MORNING)
    with pytest.raises(Stale):
        actions.remove(draft.pk, "CHANGES.md", seen=7, actor=ann, at=MORNING)
    actions.remove(draft.pk, "CHANGES.md", seen=1, actor=ann, at=MORNING)
    assert set(queries.files(draft, ann)) == {"service.yaml"}
    with pytest.raises(NotFound):
        actions.remove(draft.pk, "CHANGES.md", seen=2, actor=ann, at=MORNING)
    again = actions.save(draft.pk, "CHANGES.md", "# 2\n", seen=0, actor=ann, at=MORNING)
    assert again.number == 3
    assert queries.revision(draft, "CHANGES.md", 1, ann).text == "# 1\n"


def test_a_draft_is_published_by_somebody_who_wrote_none_of_it() -> None:
    ann, publisher = actor("bianxie"), actor("fabu")
    draft = begun(ann)
    actions.hand_in(draft.pk, actor=ann, at=MORNING)
    with pytest.raises(Conflict):  # nobody writes on meanwhile
        actions.save(draft.pk, "service.yaml", "x", seen=1, actor=ann, at=MORNING)
    with pytest.raises(Conflict) as own:
        actions.agree(draft.pk, from_on=TODAY, actor=ann, at=MORNING)
    assert own.value.findings[0].id == "studio.E008"
    with pytest.raises(Forbidden):  # an author who wrote none of it is no publisher
        actions.agree(draft.pk, from_on=TODAY, actor=actor("gaixie"), at=MORNING)
    agreed = actions.agree(draft.pk, from_on=TODAY, actor=publisher, at=MORNING)
    assert agreed.state == queries.AGREED
    assert catalogue.current_version(CODE).number == 1
    submission = queries.submission(agreed)
    assert submission is not None
    assert submission.number == 1


def test_a_publisher_who_wrote_a_file_does_not_agree() -> None:
    ann, publisher = actor("bianxie"), actor("fabu")
    draft = begun(ann)
    actions.save(draft.pk, "CHANGES.md", "# 1\n", seen=0, actor=publisher, at=MORNING)
    actions.hand_in(draft.pk, actor=ann, at=MORNING)
    with pytest.raises(Conflict) as refused:
        actions.agree(draft.pk, from_on=TODAY, actor=publisher, at=MORNING)
    assert refused.value.findings[0].id == "studio.E008"
    assert catalogue.offered(CODE) is None


def test_what_is_returned_is_written_on_and_a_later_day_waits() -> None:
    ann, publisher = actor("bianxie"), actor("fabu")
    draft = begun(ann)
    actions.hand_in(draft.pk, actor=ann, at=MORNING)
    back = actions.send_back(draft.pk, "请补说明。", actor=publisher, at=MORNING)
    assert (back.state, back.note, back.submission) == (queries.OPEN, "请补说明。", None)
    actions.save(draft.pk, "CHANGES.md", "# 1\n", seen=0, actor=ann, at=MORNING)
    actions.hand_in(draft.pk, actor=ann, at=MORNING)
    day = TODAY + timedelta(days=9)
    actions.agree(draft.pk, from_on=day, actor=publisher, at=MORNING)
    assert catalogue.offered(CODE) is None


def test_a_broken_draft_is_not_handed_in_and_says_every_error() -> None:
    ann = actor("bianxie")
    draft = begun(ann, "service")
    actions.save(draft.pk, "process.bpmn", "<a/>", seen=1, actor=ann, at=MORNING)
    actions.save(draft.pk, "rules.dmn", "<", seen=1, actor=ann, at=MORNING)
    with pytest.raises(Refused) as refused:
        actions.hand_in(draft.pk, actor=ann, at=MORNING)
    files = {each.place.file for each in refused.value.findings if each.place}
    assert {"process.bpmn", "rules.dmn"} <= files
    assert queries.draft(draft.pk, ann).state == queries.OPEN


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("../service.yaml", "a", "studio.E004"),
        ("/etc/passwd", "a", "studio.E004"),
        ("texts/zh Hans.yaml", "a", "studio.E004"),
        ("a/b/c/d/e", "a", "studio.E004"),
        ("service.yaml", "a\0", "studio.E005"),
        ("service.yaml", "a" * 1_000_001, "studio.E005"),
    ],
)
def test_a_file_that_no_pack_has_is_refused(path: str, text: str, said: str) -> None:
    ann = actor("bianxie")
    draft = begun(ann)
    with pytest.raises(Refused) as refused:
        actions.save(draft.pk, path, text, seen=0, actor=ann, at=MORNING)
    assert refused.value.findings[0].id == said


def test_a_draft_begins_with_the_published_version_and_names_are_not_taken_twice() -> None:
    ann = actor("bianxie")
    made = actions.begin(SHIPPED, actor=ann, at=MORNING)
    assert made.base == catalogue.current_version(SHIPPED).number
    assert queries.files(made, ann) == catalogue.pack_files(SHIPPED)
    with pytest.raises(Conflict):
        actions.begin(SHIPPED, {"service.yaml": "a"}, actor=ann, at=MORNING)
    for code, said in (("own/nothing", "studio.E009"), ("own", "studio.E006")):
        with pytest.raises(Refused) as refused:
            actions.begin(code, actor=ann, at=MORNING)
        assert refused.value.findings[0].id == said


@pytest.mark.parametrize("login", ["shencha", "wang"])
def test_who_is_no_author_finds_no_draft_and_begins_none(login: str) -> None:
    draft = begun(actor("bianxie"))
    with pytest.raises(NotFound):
        queries.draft(draft.pk, actor(login))
    assert queries.drafts(actor(login)) == []  # by row-level security
    with pytest.raises(Forbidden):
        begun(actor(login))
    with pytest.raises(Forbidden):
        actions.save(draft.pk, "a.md", "x", seen=0, actor=actor(login), at=MORNING)
