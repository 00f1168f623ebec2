"""Messages and appointments by the drawing: to parties and to officials, in their calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as steps
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests import calling
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.cases.tests.test_service_types import files_of
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.messaging import actions, calendars, delivering, queries
from xiangyun.domain.messaging.actions import About, Notice
from xiangyun.domain.messaging.models import Contact, Delivery, Entry, Message
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.service.tasks import calendar_enter, message_send

from .conftest import Post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def sent(files: dict[str, Any]) -> Case:
    with acting_as(SYSTEM) as system:
        catalogue.publish(calling.CODE, files, actor=system, at=MORNING)
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(calling.CODE, actor=wang, at=MORNING)
        drafts.keep_answers(
            draft.id, {"word": "厂", "place": "222404001001"}, actor=wang, at=MORNING
        )
        return steps.submit_case(draft.id, actor=wang, at=MORNING)


def addressed(files: dict[str, str], role: str) -> dict[str, str]:
    drawn = '<zeebe:header key="to" value="" />'
    assert drawn in files["process.bpmn"]
    changed = files["process.bpmn"].replace(drawn, f'<zeebe:header key="to" value="{role}" />')
    return files | {"process.bpmn": changed}


def test_a_message_to_officials_is_read_by_those_who_hold_the_role_there() -> None:
    case = sent(addressed(files_of(message_send.TYPE), "reviewer"))
    with acting_as(SYSTEM):
        told = list(Message.objects.filter(case=case))
    shencha, wang = actor("shencha"), actor("wang")
    assert {each.recipient for each in told} >= {shencha.account}
    assert all(each.office for each in told)
    with acting_as(shencha):
        assert [each.name for each in queries.inbox(shencha)] == ["told", "told"]
    with acting_as(wang):
        assert queries.inbox(wang) == []
        assert not Message.objects.exists(), "what is for the office is not the applicant's"


def test_a_message_to_nobody_known_is_refused_by_the_check() -> None:
    files = addressed(files_of(message_send.TYPE), "reviwer")
    found = [each for each in check_pack(files) if each.id == "pack.E028"]
    assert found
    assert "reviewer" in str(found[0].hint)


@pytest.mark.parametrize(
    ("change", "id"),
    [
        (
            ("message.told.body: 您填的是{application.word}。", "message.told.body: {aplication}"),
            "",
        ),
        (("message.told.title: 请带原件\n", ""), "pack.E031"),
        (("message.told.short", "message.told.shrot"), "pack.E031"),
    ],
)
def test_words_of_a_message_name_what_there_is(change: tuple[str, str], id: str) -> None:
    files = files_of(message_send.TYPE)
    assert change[0] in files["texts/zh-Hans.yaml"]
    files["texts/zh-Hans.yaml"] = files["texts/zh-Hans.yaml"].replace(*change)
    before = {each.id for each in check_pack(files_of(message_send.TYPE))}
    found = [each for each in check_pack(files) if each.id not in before or each.id == id]
    assert found
    if id:
        assert id in {each.id for each in found}


def test_the_same_entry_once_more_is_a_change_of_it() -> None:
    case = sent(files_of(calendar_enter.TYPE))
    wang = actor("wang")
    with acting_as(wang):
        (entry,) = Entry.objects.filter(case=case)
        messages = queries.inbox(wang)
    assert entry.sequence == 1
    assert (entry.first, entry.last, entry.place) == (
        date(2026, 4, 20),
        date(2026, 4, 21),
        "珲春市",
    )
    assert [each.kind for each in messages] == ["entry", "entry"]
    client = Client()
    client.post("/login", {"as": "wang"})
    shown = client.get(f"/messages/{messages[0].pk}").content.decode()
    assert "2026年4月20日" in shown
    file = client.get(f"/messages/{messages[0].pk}/appointment.ics")
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert event["SUMMARY"] == "上门核查"
    assert event["SEQUENCE"] == 1
    assert case.number in event["DESCRIPTION"]
    li = Client()
    li.post("/login", {"as": "li"})
    assert li.get(f"/messages/{messages[0].pk}/appointment.ics").status_code == 404


def test_an_entry_that_ends_before_it_begins_is_refused_with_the_step() -> None:
    files = files_of(calendar_enter.TYPE)
    files["process.bpmn"] = files["process.bpmn"].replace("2026-04-21", "2026-04-19")
    errors = [each for each in check_pack(files) if each.severity == "error"]
    assert any("start" in each.message.en and "two moments" in each.message.en for each in errors)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("date(2026, 4, 20)", 'date and time("2026-04-20T10:00:00")'),
        ('"2026-04-20"', "null"),
        ("null", "null"),
        ("1", "2"),
    ],
)
def test_what_is_no_time_is_refused(start: str, end: str) -> None:
    from xiangyun.kernel.feel import parse_expression  # noqa: PLC0415  of this test alone

    values = {
        "start": parse_expression(start).result({}),
        "end": parse_expression(end).result({}),
    }
    with pytest.raises(Refused):
        calendar_enter.read_times(values)


def test_hours_without_a_zone_are_those_of_the_office() -> None:
    from xiangyun.kernel.feel import parse_expression  # noqa: PLC0415

    start = parse_expression('date and time("2026-04-20T10:00:00")').result({})
    assert calendar_enter.read_times({"start": start})[0] == datetime(2026, 4, 20, 2, tzinfo=UTC)


def test_a_secret_address_shows_the_calendar_until_it_is_ended() -> None:
    sent(files_of(calendar_enter.TYPE))
    wang = Client()
    wang.post("/login", {"as": "wang"})
    made = wang.post("/messages/calendar/open").content.decode()
    token = _token(made)
    program = Client()
    feed = program.get(f"/messages/calendar/{token}.ics")
    assert feed["Content-Type"].startswith("text/calendar")
    assert len(Calendar.from_ical(feed.content).walk("VEVENT")) == 1
    assert token not in wang.get("/messages/calendar").content.decode()
    wang.post("/messages/calendar/open")
    assert program.get(f"/messages/calendar/{token}.ics").status_code == 404
    again = _token(wang.post("/messages/calendar/open").content.decode())
    wang.post("/messages/calendar/end")
    assert program.get(f"/messages/calendar/{again}.ics").status_code == 404


def _token(page: str) -> str:
    return (
        page.split('<code class="code">')[1]
        .split("</code>")[0]
        .split("/calendar/")[1]
        .removesuffix(".ics")
    )


def test_a_feed_leaves_out_what_was_changed_long_ago() -> None:
    sent(files_of(calendar_enter.TYPE))
    wang = actor("wang")
    with acting_as(wang):
        token = calendars.open_feed(wang, at=MORNING)
        assert [each.name for each in calendars.coming(wang, at=MORNING)] == ["told"]
        assert calendars.coming(wang, at=MORNING + timedelta(days=30)) == []
    assert "上门核查" in (calendars.feed(token, at=MORNING) or "")
    late = calendars.feed(token, at=MORNING + timedelta(days=500))
    assert late is not None
    assert "上门核查" not in late


def test_an_appointment_reaches_a_real_mail_server_with_its_entry(
    post: Post, settings: Any
) -> None:
    settings.XIANGYUN_MAIL = "xiangyun.adapters.mail.sender"
    settings.SMTP = f"smtp://127.0.0.1:{post.port}?from=notice@example.cn&tls=none"
    wang = actor("wang")
    with acting_as(SYSTEM):
        Contact.objects.create(
            account=wang.account, channel="email", address="w@example.cn", verified_at=MORNING
        )
    sent(files_of(calendar_enter.TYPE))
    with acting_as(SYSTEM):
        waiting = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    for each in waiting:
        delivering.deliver(each, at=MORNING)
    mail = message_from_bytes(post.taken[-1].content, policy=default)
    assert mail["To"] == "w@example.cn"
    assert mail["Subject"] == "上门核查"
    (file,) = mail.iter_attachments()  # type: ignore[attr-defined]
    (event,) = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert event.decoded("DTSTART") == date(2026, 4, 20)
    with acting_as(SYSTEM):
        last = Delivery.objects.get(pk=waiting[-1])
        assert (last.state, last.reference) == ("sent", f"<xiangyun-{last.pk}@example.cn>")
        assert last.reference == mail["Message-ID"]


def test_a_case_of_few_leaves_the_platform_without_a_word_of_it(post: Post, settings: Any) -> None:
    settings.XIANGYUN_MAIL = "xiangyun.adapters.mail.sender"
    settings.SMTP = f"smtp://127.0.0.1:{post.port}?from=notice@example.cn&tls=none"
    wang = actor("wang")
    assert wang.account
    with acting_as(SYSTEM):
        Contact.objects.create(
            account=wang.account, channel="email", address="w@example.cn", verified_at=MORNING
        )
    words = {"zh": "家暴举报已受理", "en": "Your report"}
    notice = Notice("s", "notice", "n", "applicant", words, words, About(need=1), short=words)
    (message,) = actions.put(notice, [wang.account], at=MORNING)
    assert message.title["zh"] == "有关您办件的消息"
    with acting_as(SYSTEM):
        delivering.deliver(Delivery.objects.get(message=message).pk, at=MORNING)
    whole = message_from_bytes(post.taken[0].content, policy=default).as_string()
    body = message_from_bytes(post.taken[0].content, policy=default)
    said = body.get_body(preferencelist=("plain",)).get_content()  # type: ignore[attr-defined]
    assert "家暴" not in said + whole
