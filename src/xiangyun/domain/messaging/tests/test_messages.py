"""A letter of a step becomes a message; who acts now reads it; it goes where somebody chose."""

from __future__ import annotations

import json
import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.messaging import (
    actions,
    contacts,
    delivering,
    digest,
    handout,
    outbox,
    queries,
)
from xiangyun.domain.messaging.models import Contact, Delivery, Message, Preference, State
from xiangyun.domain.messaging.ports import NotNow, Outgoing, Unreachable
from xiangyun.kernel.findings import Refused, Text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
ZONE = ZoneInfo("Asia/Shanghai")


class Recorder:
    """Sends nothing; keeps what it was given, and fails as often as it is told."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.problems: list[NotNow] = []

    def send(self, message: Outgoing) -> str:
        if self.problems:
            raise self.problems.pop(0)
        self.sent.append(message)
        return f"<{message.key}@test>"


RECORDER = Recorder()


def recorder() -> Recorder:
    return RECORDER


@pytest.fixture(autouse=True)
def sent(settings: Any) -> Recorder:
    RECORDER.__init__()  # type: ignore[misc]
    settings.XIANGYUN_MAIL = settings.XIANGYUN_TEXTING = f"{__name__}.recorder"
    return RECORDER


def queued(task: str) -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=task).order_by("id")]


def reachable(who: Actor, channel: str = "email", address: str = "wang@example.cn") -> None:
    with acting_as(SYSTEM):
        Contact.objects.create(
            account=who.account, channel=channel, address=address, verified_at=MORNING
        )


def inbox(who: Actor) -> list[Message]:
    with acting_as(who):
        return queries.inbox(who)


def licensed() -> Case:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    return act("jueding", case, "approve")


def test_a_letter_of_a_step_is_queued_with_it_and_handed_out_once() -> None:
    case = submitted(actor("wang"))
    assert queued(outbox.HAND_OUT) == [{"case_id": str(case.pk)}]
    assert handout.hand_out(case.pk) == 1
    assert handout.hand_out(case.pk) == 0, "run twice it is one message"
    (message,) = inbox(actor("wang"))
    assert message.name == "accepted"
    assert message.at == MORNING
    with acting_as(actor("wang")):
        assert case.number in queries.body_of(message).zh
    assert inbox(actor("li")) == []


def test_a_step_without_a_letter_queues_nothing() -> None:
    case = submitted(actor("wang"))
    before = len(queued(outbox.HAND_OUT))
    act("shencha", case, "agree")
    assert len(queued(outbox.HAND_OUT)) == before


def test_a_message_is_opened_once_and_the_journal_says_so_without_its_words() -> None:
    case = licensed()
    assert handout.hand_out(case.pk) == 2
    wang = actor("wang")
    with acting_as(wang):
        assert queries.unread(wang) == 2
        newest = queries.inbox(wang)[0]
        opened = actions.open_message(wang, newest.pk, at=MORNING)
        again = actions.open_message(wang, newest.pk, at=MORNING + timedelta(days=1))
        assert (opened.read_at, again.read_at) == (MORNING, MORNING)
        assert queries.unread(wang) == 1
        assert actions.open_all(wang, newest.pk, at=MORNING) == 1
        assert queries.unread(wang) == 0
        entries = [e for e in journal.history(case.number) if e.verb == "notice.opened"]
    assert len(entries) == 2
    assert entries[0].data == {"kind": "letter", "name": "issued", "role": "applicant"}
    assert not entries[0].private


def test_pages_of_an_inbox_go_on_where_the_last_ended() -> None:
    wang = actor("wang")
    for number in range(5):
        notice = actions.Notice(
            f"t:{number}", "notice", "t", "applicant", {"zh": f"{number}", "en": ""}, {}, ABOUT
        )
        assert wang.account
        actions.put(notice, [wang.account], at=MORNING)
    with acting_as(wang):
        first = queries.inbox(wang, limit=2)
        second = queries.inbox(wang, limit=2, before=first[-1].pk)
    assert [each.title["zh"] for each in (*first, *second)] == ["4", "3", "2", "1"]


ABOUT = actions.About()


def test_whoever_acts_for_a_party_now_reads_its_messages_and_nobody_afterwards() -> None:
    case = licensed()
    wang, li = actor("wang"), actor("li")
    assert wang.account
    assert li.account
    given = representing.represent(
        wang, party=wang.account, representative=li.account, proof="consent", at=timezone.now()
    )
    reachable(li, address="li@example.cn")
    handout.hand_out(case.pk)
    with acting_as(SYSTEM):
        waiting = Delivery.objects.filter(account=li.account)
        first, second = (each.pk for each in waiting.order_by("pk"))
    delivering.deliver(first, at=MORNING)
    acting = representing.for_party(li, wang.account)
    assert acting
    assert len(inbox(acting)) == 2
    representing.end(wang, given.pk, at=timezone.now(), reason="")
    assert representing.for_party(li, wang.account) is None
    assert inbox(li) == []
    delivering.deliver(second, at=MORNING)
    assert [each.key for each in RECORDER.sent] == [f"xiangyun-{first}"]
    with acting_as(SYSTEM):
        assert Delivery.objects.get(pk=second).state == State.DROPPED


def delivery(channel: str = "email") -> Delivery:
    case = submitted(actor("wang"))
    handout.hand_out(case.pk)
    with acting_as(SYSTEM):
        return Delivery.objects.select_related("message").get(channel=channel)


def state(of: Delivery) -> Delivery:
    with acting_as(SYSTEM):
        return Delivery.objects.get(pk=of.pk)


def test_a_mail_says_what_and_where_and_not_the_letter() -> None:
    reachable(actor("wang"))
    made = delivery()
    assert queued(outbox.DELIVER) == [{"delivery_id": made.pk}]
    delivering.deliver(made.pk, at=MORNING)
    delivering.deliver(made.pk, at=MORNING)  # the job ran twice
    (mail,) = RECORDER.sent
    assert mail.address == "wang@example.cn"
    assert mail.title == made.message.title["zh"]
    assert f"/messages/{made.message.pk}" in mail.body
    with acting_as(SYSTEM):
        assert queries.body_of(made.message).zh not in mail.body
    kept = state(made)
    assert (kept.state, kept.shown, kept.attempts) == ("sent", "w***@example.cn", 1)


def test_what_fails_now_is_tried_again_and_what_fails_for_good_is_shown() -> None:
    reachable(actor("wang"))
    made = delivery()
    RECORDER.problems = [NotNow(Text("满", "full")), Unreachable(Text("无此人", "no such user"))]
    delivering.deliver(made.pk, at=MORNING)
    kept = state(made)
    assert (kept.state, kept.attempts, kept.problem) == ("waiting", 1, {"zh": "满", "en": "full"})
    job = ProcrastinateJob.objects.filter(task_name=outbox.DELIVER).order_by("-id")[0]
    assert job.scheduled_at == MORNING + delivering.WAITS[0]
    delivering.deliver(made.pk, at=MORNING)
    kept = state(made)
    assert kept.state == "failed"
    wang = actor("wang")
    with acting_as(wang):
        (way,) = queries.ways_of(queries.inbox(wang)[0])
        assert way.problem
        assert way.problem.en == "no such user"
        assert contacts.contacts(wang)["email"].problem == {"zh": "无此人", "en": "no such user"}
        verbs = [e for e in journal.history(made.message.number) if e.verb.startswith("notice")]
    assert [each.verb for each in verbs] == ["notice.undelivered"]
    assert "example.cn" not in json.dumps([each.data for each in verbs])


def test_a_delivery_gives_up_after_its_last_wait() -> None:
    reachable(actor("wang"))
    made = delivery()
    RECORDER.problems = [NotNow(Text("忙", "busy"))] * 20
    for _ in range(len(delivering.WAITS) + 3):
        delivering.deliver(made.pk, at=MORNING)
    kept = state(made)
    assert (kept.state, kept.attempts) == ("failed", len(delivering.WAITS) + 1)


def test_a_mail_that_comes_back_later_counts_as_not_delivered() -> None:
    reachable(actor("wang"))
    made = delivery()
    delivering.deliver(made.pk, at=MORNING)
    back = Text("退信", "returned")
    assert delivering.came_back(f"<xiangyun-{made.pk}@test>", back, at=MORNING)
    assert delivering.came_back(f"<xiangyun-{made.pk}@test>", back, at=MORNING)
    assert not delivering.came_back("<somebody@else>", back, at=MORNING)
    assert state(made).state == "failed"


@pytest.mark.parametrize(
    ("hour", "until"),
    [(21, None), (22, (10, 8)), (3, (9, 8)), (8, None)],
)
def test_a_telephone_rings_in_no_quiet_hour(hour: int, until: tuple[int, int] | None) -> None:
    at = datetime(2026, 4, 9, hour, 30 if hour == 3 else 0, tzinfo=ZONE)
    over = until and datetime(2026, 4, until[0], until[1], tzinfo=ZONE)
    assert contacts.quiet_until(Preference(), at) == over


def test_a_text_message_waits_for_the_morning_and_a_mail_does_not() -> None:
    wang, night = actor("wang"), datetime(2026, 4, 9, 23, 0, tzinfo=ZONE)
    reachable(wang, "sms", "13812345678")
    reachable(wang)
    made = delivery("sms")
    delivering.deliver(made.pk, at=night)
    assert not RECORDER.sent
    with acting_as(SYSTEM):
        delivering.deliver(Delivery.objects.get(channel="email").pk, at=night)
    assert len(RECORDER.sent) == 1
    delivering.deliver(made.pk, at=night + timedelta(hours=9))
    short = RECORDER.sent[1]
    assert short.title == ""
    assert made.message.number in short.body
    assert "\n" not in short.body


def code_in(message: Outgoing) -> str:
    found = re.search(r"(?<!\d)\d{6}(?!\d)", message.body)
    assert found
    return found[0]


def test_an_address_counts_when_its_code_has_come_back() -> None:
    wang = actor("wang")
    with acting_as(wang):
        contact = contacts.enter_address(wang, "email", " Wang@Example.CN ", at=MORNING)
        with pytest.raises(Refused) as early:
            contacts.enter_address(wang, "email", "b@example.cn", at=MORNING)
        assert early.value.findings[0].id == "messaging.E005"
    assert contact.address == "Wang@example.cn"
    assert queued(outbox.SEND_CODE) == [{"contact_id": contact.pk}]
    case = submitted(wang)
    handout.hand_out(case.pk)
    with acting_as(SYSTEM):
        assert not Delivery.objects.exists(), "not verified yet"
    delivering.send_code(contact.pk, at=MORNING)
    code = code_in(RECORDER.sent[0])
    with acting_as(SYSTEM):
        assert code not in Contact.objects.get(pk=contact.pk).code
    with acting_as(wang):
        with pytest.raises(Refused):
            contacts.confirm(wang, "email", "000000" if code != "000000" else "1", at=MORNING)
        late = MORNING + timedelta(minutes=contacts.CODE_MINUTES + 1)
        with pytest.raises(Refused) as old:
            contacts.confirm(wang, "email", code, at=late)
        assert old.value.findings[0].id == "messaging.E004"
        assert contacts.confirm(wang, "email", code, at=MORNING).verified_at == MORNING


def test_a_code_is_tried_five_times_and_no_more() -> None:
    wang = actor("wang")
    with acting_as(wang):
        contact = contacts.enter_address(wang, "sms", "+86 138-1234-5678", at=MORNING)
    assert contact.address == "13812345678"
    delivering.send_code(contact.pk, at=MORNING)
    code = code_in(RECORDER.sent[0])
    wrong = "111111" if code != "111111" else "222222"
    found = []
    with acting_as(wang):
        for typed in [wrong] * contacts.CODE_TRIES + [code]:
            with pytest.raises(Refused) as refused:
                contacts.confirm(wang, "sms", typed, at=MORNING)
            found.append(refused.value.findings[0].id)
    assert found == ["messaging.E003"] * contacts.CODE_TRIES + ["messaging.E004"]


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("email", "a@b"),
        ("email", "a b@example.cn"),
        ("email", "a@example.cn\nBcc: b@example.cn"),
        ("email", "王@example.cn"),
        ("email", "a..b@example.cn"),
        ("sms", "1381234567"),
        ("sms", "138123456789"),
        ("sms", "١٣٨١٢٣٤٥٦٧٨"),
    ],
)
def test_what_is_no_address_is_refused(channel: str, typed: str) -> None:
    with pytest.raises(Refused):
        contacts.read_address(channel, typed)


def test_nobody_reads_where_another_is_reached() -> None:
    reachable(actor("wang"))
    for login in ("li", "shencha", "duban"):
        who = actor(login)
        with acting_as(who):
            assert not Contact.objects.exists()
            assert not Message.objects.filter(recipient=actor("wang").account).exists()


def test_the_office_sees_that_its_letter_arrived_and_was_opened() -> None:
    reachable(actor("wang"))
    made = delivery()
    delivering.deliver(made.pk, at=MORNING)
    letter = made.message.letter_id
    assert letter
    with acting_as(actor("shencha")):
        (arrived,) = queries.ways_of_letters(made.message.case_id)[letter]
    assert [way.state for way in arrived.ways] == ["sent"]
    assert arrived.ways[0].shown == "w***@example.cn"
    assert arrived.opened_at is None
    with acting_as(actor("gongzhuling")):
        assert queries.ways_of_letters(made.message.case_id) == {}


def test_nothing_of_a_message_is_written_by_whoever_reads() -> None:
    delivery_case = submitted(actor("wang"))
    handout.hand_out(delivery_case.pk)
    wang = actor("wang")
    forge = "UPDATE messaging_message SET title = '{}'"
    with (
        acting_as(wang),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(forge)


def test_the_quiet_hours_and_ways_are_chosen_by_each_person() -> None:
    wang = actor("wang")
    reachable(wang)
    with acting_as(wang):
        contacts.choose(wang, [])
        kept = contacts.prefer(
            wang, quiet=(time(20), time(7)), for_others=False, digest=True, language="en"
        )
    assert not kept.digest, "only officials have tasks"
    handout.hand_out(submitted(wang).pk)
    with acting_as(SYSTEM):
        assert not Delivery.objects.exists()
        assert Message.objects.count() == 1, "the inbox cannot be declined"


def test_a_demonstration_keeps_what_it_would_send(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    settings.XIANGYUN_MAIL = "xiangyun.adapters.mail.sender"
    settings.XIANGYUN_TEXTING = "xiangyun.adapters.sms.sender"
    wang = actor("wang")
    reachable(wang)
    reachable(wang, "sms", "13812345678")
    handout.hand_out(submitted(wang).pk)
    noon = datetime(2026, 4, 9, 12, tzinfo=ZONE)
    with acting_as(SYSTEM):
        ids = list(Delivery.objects.values_list("pk", flat=True))
    for each in ids:
        delivering.deliver(each, at=noon)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    (text,) = (tmp_path / "sms").glob("*.json")
    assert json.loads(text.read_text())["to"] == "13812345678"


def test_an_official_who_wants_it_is_told_once_a_working_morning_what_waits() -> None:
    submitted(actor("wang"))
    shencha, thursday = actor("shencha"), datetime(2026, 4, 9, 8, 3, tzinfo=ZONE)
    assert digest.send(thursday) == 0, "nobody asked for it"
    with acting_as(shencha):
        contacts.prefer(shencha, quiet=None, for_others=True, digest=True, language="en")
    assert digest.send(datetime(2026, 4, 11, 8, 3, tzinfo=ZONE)) == 0, "a Saturday"
    assert digest.send(datetime(2026, 4, 9, 7, 3, tzinfo=ZONE)) == 0, "too early"
    assert digest.send(thursday) == 1
    assert digest.send(thursday + timedelta(hours=1)) == 0, "of this day already"
    (message,) = inbox(shencha)
    assert message.title == {"zh": "今天有 1 件任务待办", "en": "1 task waits for you today"}
