"""Forms of tasks: kept while they are answered, sent once, seen by whoever may, proved."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions, comparison, migration, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Evidence, TaskAnswers, WorkItem
from xiangyun.domain.cases.pastcases import record_of
from xiangyun.domain.catalogue import actions as catalogue_actions
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import actions as files
from xiangyun.domain.files import ports
from xiangyun.domain.files import queries as contents
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused, Stale

from . import visits
from .situations import MORNING, actor, as_owner
from .visits import PHOTO, filed, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
LATER = MORNING + timedelta(hours=1)
NOBODY: dict[str, Value] = {"result": "nobody"}
AT_HOME: dict[str, Value] = {"result": "at_home", "people": Decimal(2)}
HELP: dict[str, Value] = {"result": "needs_help", "people": Decimal(6)}


@pytest.fixture
def published(demonstration: None) -> None:
    visits.publish()


def send(
    case: Case,
    answers: dict[str, Value],
    login: str = "pinggu",
    key: UUID | None = None,
    at: datetime = LATER,
) -> Case:
    who, token = actor(login), waiting(case, login)
    with acting_as(who):
        return taskforms.answer_task(
            case.pk, token, answers, action="done", actor=who, at=at, base=None, key=key
        )


def keep(
    case: Case, token: str, answers: dict[str, Value], base: int, login: str = "pinggu"
) -> int:
    who = actor(login)
    with acting_as(who):
        kept = taskforms.keep_answers(case.pk, token, answers, base=base, actor=who, at=LATER)
        return kept.revision


def add(
    case: Case, token: str, content: bytes = PHOTO, name: str = "door.jpg", **more: object
) -> Evidence:
    who = actor("pinggu")
    with acting_as(who):
        found = taskforms.answering(case.pk, token, actor=who)
        return taskforms.add_evidence(
            case.pk,
            token,
            found.form.question("photos"),
            name=name,
            media_type="image/jpeg",
            content=content,
            actor=who,
            at=LATER,
            **more,  # type: ignore[arg-type]
        )


def ids(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refusal.value.findings]


def test_answers_move_the_case_and_stand_in_its_variables() -> None:
    case = send(filed(), NOBODY)
    assert case.variables["tasks"]["visit"]["result"] == "nobody"
    assert case.variables["tasks"]["visit"]["people"] is None
    again = send(case, AT_HOME)
    assert (again.outcome, again.variables["tasks"]["visit"]["people"]) == ("seen", 2)
    assert again.variables["visited"] == {"result": "at_home", "by": actor("pinggu").name}


def test_the_state_of_a_case_with_forms_stays_small() -> None:
    case = send(filed(), {**HELP, "remark": "说" * 500})
    assert case.state is not None
    assert len(case.state.encode()) < 600


def test_answers_that_the_form_does_not_take_are_refused_at_their_question() -> None:
    case = filed()
    with pytest.raises(Refused) as refusal:
        send(case, {"result": "at_home", "people": Decimal(31)})
    (finding,) = refusal.value.findings
    assert finding.place
    assert finding.place.question == "people"
    with pytest.raises(Refused):
        send(case, {"result": "at_home"})
    assert send(case, AT_HOME).outcome == "seen"


def test_the_button_alone_does_not_do_a_task_with_a_form() -> None:
    case, official = filed(), actor("pinggu")
    with acting_as(official), pytest.raises(Refused) as refusal:
        actions.complete_task(
            case.pk, waiting(case, "pinggu"), action="done", actor=official, at=LATER
        )
    assert ids(refusal) == ["case.E046"]


def test_what_is_kept_meanwhile_need_not_be_whole_and_is_sent_with_the_rest() -> None:
    case = filed()
    token = waiting(case, "pinggu")
    assert keep(case, token, {"result": "at_home"}, 0) == 1
    assert keep(case, token, {"result": "at_home"}, 0) == 1  # nothing new: nothing overtaken
    assert send(case, {"people": Decimal(3)}).variables["tasks"]["visit"]["people"] == 3


def test_two_devices_never_overwrite_each_other_silently() -> None:
    case = filed()
    token = waiting(case, "pinggu")
    assert keep(case, token, {"remark": "在路上"}, 0) == 1
    assert keep(case, token, {"remark": "到了"}, 1) == 2
    with pytest.raises(Stale) as refusal:
        keep(case, token, {"remark": "没到"}, 1, login="yanglao")
    assert ids(refusal) == ["case.E047"]
    official = actor("yanglao")
    with acting_as(official), pytest.raises(Stale) as refusal:
        taskforms.answer_task(
            case.pk,
            token,
            {**AT_HOME, "remark": "没到"},
            action="done",
            actor=official,
            at=LATER,
            base=1,
        )
    assert ids(refusal) == ["case.E047"]
    with acting_as(official):
        found = taskforms.answering(case.pk, token, actor=official)
        assert (found.revision, found.answers["remark"]) == (2, "到了")


def test_one_sent_twice_counts_once() -> None:
    case, key, official = filed(), uuid4(), actor("pinggu")
    token = waiting(case, "pinggu")
    with acting_as(official):
        for _ in range(2):
            case = taskforms.answer_task(
                case.pk, token, NOBODY, action="done", actor=official, at=LATER, base=0, key=key
            )
        with pytest.raises(Stale) as refusal:
            taskforms.answer_task(
                case.pk,
                token,
                AT_HOME,
                action="done",
                actor=official,
                at=LATER,
                base=0,
                key=uuid4(),
            )
    assert ids(refusal) == ["case.E001"]
    with acting_as(SYSTEM):
        done = [e for e in journal.history(case.number) if e.verb == "task.done"]
        assert len(done) == 1
        assert WorkItem.objects.filter(case=case, element="visit").count() == 2  # asked anew, once


def test_a_photo_hangs_on_the_task_and_its_hash_stands_in_the_journal() -> None:
    case, key = filed(), uuid4()
    token = waiting(case, "pinggu")
    first, again = add(case, token, key=key), add(case, token, key=key)
    assert first.pk == again.pk == key
    assert contents.content(first.digest) == PHOTO
    case = send(case, HELP)
    (photo,) = case.variables["tasks"]["visit"]["photos"]
    assert photo == {"name": "door.jpg", "size": len(PHOTO), "reference": str(key)}
    with acting_as(SYSTEM):
        (done,) = [e for e in journal.history(case.number) if e.verb == "task.done"]
    assert done.data["evidence"] == [{"question": "photos", "sha256": first.digest}]
    assert done.private["fields"]["answers"]["people"] == 6


@pytest.mark.parametrize(
    ("content", "name", "id"),
    [
        (b"", "door.jpg", "case.E009"),
        (PHOTO, "door.exe", "case.E024"),
        (b"%PDF-1.4 no photo", "door.jpg", "case.E025"),
        (PHOTO + b"x" * 10_000_000, "door.jpg", "case.E010"),
    ],
)
def test_a_file_that_is_no_photo_is_not_taken(content: bytes, name: str, id: str) -> None:
    case = filed()
    with pytest.raises(Refused) as refusal:
        add(case, waiting(case, "pinggu"), content, name)
    assert ids(refusal) == [id]


def test_a_file_is_looked_into_for_what_does_harm(settings) -> None:
    settings.XIANGYUN_SCANNER = f"{__name__}.Suspicious"
    case = filed()
    with pytest.raises(Refused) as refusal:
        add(case, waiting(case, "pinggu"))
    assert ids(refusal) == ["content.E001"]


class Suspicious:
    """A scanner that finds something in everything."""

    def found(self, content: bytes) -> str:
        return "Test-Signature"


def test_files_of_tasks_are_named_when_unnamed_ones_are_swept() -> None:
    case = filed()
    kept = add(case, waiting(case, "pinggu"))
    files.sweep(MORNING + timedelta(days=4000))
    assert contents.content(kept.digest) == PHOTO


def test_a_file_comes_and_goes_only_while_its_task_is_open() -> None:
    case, official = filed(), actor("pinggu")
    token = waiting(case, "pinggu")
    kept, other = add(case, token), add(case, token, name="room.jpg")
    with acting_as(official):
        taskforms.remove_evidence(case.pk, token, other.pk, actor=official)
    send(case, AT_HOME)
    with pytest.raises(Stale):
        add(case, token, name="late.jpg")
    with acting_as(official):
        with pytest.raises(Stale):
            taskforms.remove_evidence(case.pk, token, kept.pk, actor=official)
        Evidence.objects.filter(pk=kept.pk).delete()  # nor by who goes around the verbs
        assert [e.name for e in Evidence.objects.filter(case=case)] == ["door.jpg"]
        assert TaskAnswers.objects.filter(case=case).update(answers={}) == 0


def seen_by(who: Actor, case: Case) -> list[str]:
    """Whose answers stand in the history, by the form."""
    with acting_as(who):
        lines = cases.history(case)
        return [line.answered.form.id for line in lines if line.answered]


def test_an_official_sees_all_answers_and_the_applicant_the_own_ones() -> None:
    case = filed()
    photo = add(case, waiting(case, "pinggu"))
    case = send(case, HELP)
    case = send(case, {"wish": "meals"}, "wang")
    assert case.outcome == "helped"
    assert seen_by(actor("pinggu"), case) == ["visit", "consent"]
    wang = actor("wang")
    assert seen_by(wang, case) == ["consent"]
    with acting_as(wang), pytest.raises(Evidence.DoesNotExist):
        taskforms.evidence_content(wang, case.pk, photo.pk)
    official = actor("pinggu")
    with acting_as(official):
        assert taskforms.evidence_content(official, case.pk, photo.pk).content == PHOTO


def test_another_party_answers_its_own_task_and_sees_no_more_of_the_answers() -> None:
    case = send(send(filed(**visits.NEIGHBOUR), HELP), {"wish": "care"}, "wang")
    neighbour = actor("li")
    with acting_as(neighbour):
        (form,) = cases.forms_waiting(neighbour)
        assert (form.case_id, form.token) == (case.pk, waiting(case, "li"))
    official = actor("pinggu")  # who does no task of a party
    with acting_as(official), pytest.raises(Forbidden):
        taskforms.answering(case.pk, form.token, actor=official)
    case = send(case, {"words": "看见他摔了。"}, "li")
    assert case.outcome == "helped"
    assert case.variables["tasks"]["witness"]["words"] == "看见他摔了。"
    assert seen_by(neighbour, case) == ["witness"]
    assert seen_by(actor("wang"), case) == ["consent"]
    assert audit() == []


def test_somebody_elses_task_is_not_answered() -> None:
    case = filed()
    token = waiting(case, "pinggu")
    for login, kind in (("wang", Forbidden), ("yanglao", None), ("li", Case.DoesNotExist)):
        who = actor(login)
        with acting_as(who):
            if kind is None:
                assert taskforms.answering(case.pk, token, actor=who).revision == 0
                continue
            with pytest.raises(kind):
                taskforms.keep_answers(case.pk, token, NOBODY, base=0, actor=who, at=LATER)


def test_letters_and_decisions_read_the_answers_of_tasks() -> None:
    case = send(send(filed(), HELP), {"wish": "care"}, "wang")
    with acting_as(SYSTEM):
        (letter,) = cases.letters_of(case)
    assert "6口人" in letter.body["zh"]
    assert "2人" in letter.body["zh"]


def test_a_case_goes_the_same_way_again_with_its_answers() -> None:
    case = send(send(filed(), NOBODY), AT_HOME)
    with acting_as(SYSTEM):
        record = record_of(Case.objects.get(pk=case.pk), catalogue.pack(case.version_id))
    answers = [each.result["answers"] for each in record.recorded_events]
    assert [each["result"] for each in answers] == ["nobody", "at_home"]  # type: ignore[index,call-overload]


def audit() -> list[str]:
    with acting_as(SYSTEM):
        return [finding.id for finding in comparison.compare()]


def test_the_audit_finds_changed_answers_and_lost_photos() -> None:
    case = filed()
    photo = add(case, waiting(case, "pinggu"))
    case = send(case, {**AT_HOME, "remark": "好"})
    assert audit() == []
    with as_owner():
        TaskAnswers.objects.filter(case=case).update(answers={"result": "nobody"})
    assert audit() == ["audit.E012"]
    with as_owner():
        TaskAnswers.objects.filter(case=case).update(
            answers={"result": "at_home", "people": 2, "remark": "好"}
        )
        Evidence.objects.filter(pk=photo.pk).update(digest="0" * 64)
    assert set(audit()) == {"audit.E005"}


def test_answers_given_by_an_earlier_version_are_still_read_by_its_form() -> None:
    case = send(filed(), {**NOBODY, "remark": "敲了三次"})
    files = {**read_folder(visits.PACK)}
    for path in ("forms/visit.json", "texts/en.yaml"):
        files[path] = files[path].replace("remark", "noticed")
    files["service.yaml"] = files["service.yaml"].replace("version: 1", "version: 2", 1)
    files["examples/02-helped.yaml"] = files["examples/02-helped.yaml"].replace("remark", "noticed")
    with acting_as(SYSTEM) as platform:
        catalogue_actions.publish(visits.CODE, files, actor=platform, at=LATER)
        migration.migrate_case(case.pk, 2, actor=platform, at=LATER)
    case = send(case, {**AT_HOME, "noticed": "好"}, at=LATER + timedelta(hours=1))
    official = actor("pinggu")
    with acting_as(official):
        told = [line.answered for line in cases.history(case) if line.answered]
    keys = [{q.key for q in each.form.questions} & each.answers.keys() for each in told]
    assert ["remark" in each for each in keys] == [True, False]
    assert "noticed" in keys[1]


def test_a_task_is_found_in_the_queue_by_its_own_subject_line() -> None:
    case, official = filed(household="金样户"), actor("pinggu")
    with acting_as(official):
        (row,) = cases.queue(official, today=LATER.date(), words="上门：金样户").rows
        assert (row.case_id, row.subject) == (case.pk, "上门：金样户")
        (task,) = cases.open_tasks(official, case)
    assert task.subject == "上门：金样户"


def test_a_running_case_of_before_has_answered_no_form() -> None:
    case = filed()
    with as_owner():
        variables = {k: v for k, v in case.variables.items() if k != "tasks"}
        Case.objects.filter(pk=case.pk).update(variables=variables)
    assert send(case, AT_HOME).outcome == "seen"


def test_too_many_files_of_a_task_are_refused(monkeypatch) -> None:
    monkeypatch.setattr("xiangyun.domain.cases.drafts.MOST_FILES", 1)
    case = filed()
    token = waiting(case, "pinggu")
    add(case, token)
    with pytest.raises(Conflict):
        add(case, token, name="two.jpg")


def test_a_lost_photo_is_told_and_not_shown() -> None:
    case, official = filed(), actor("pinggu")
    photo = add(case, waiting(case, "pinggu"), PHOTO + b"lost")
    ports.store().remove(photo.digest)
    with acting_as(official), pytest.raises(NotFound):
        taskforms.evidence_content(official, case.pk, photo.pk)
