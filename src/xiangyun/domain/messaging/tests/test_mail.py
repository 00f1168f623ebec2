"""E-mail goes to a real server, under TLS where it is told, and cannot be made to say more."""

from __future__ import annotations

import socket
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from xiangyun.adapters.mail import Server, returned
from xiangyun.domain.messaging.ports import Attached, NotNow, Outgoing, Unreachable
from xiangyun.kernel.findings import Refused

from .conftest import Post

FROM = "notice@example.cn"
LETTER = Outgoing("xiangyun-7", "wang@example.cn", "准予登记通知书", "您好。\n\n.一行以点开头\n完")


def plainly(post: Post) -> Server:
    return Server.at(f"smtp://127.0.0.1:{post.port}?from={FROM}&tls=none")


def mail_of(post: Post) -> Any:
    return message_from_bytes(post.taken[-1].content, policy=default)


def test_a_mail_arrives_as_it_was_written(post: Post) -> None:
    sent = plainly(post).send(
        Outgoing(
            LETTER.key,
            LETTER.address,
            LETTER.title,
            LETTER.body,
            (Attached("visit.ics", "text/calendar", "日程".encode()),),
        )
    )
    mail = mail_of(post)
    assert post.taken[0].mail_from == FROM
    assert post.taken[0].rcpt_tos == ["wang@example.cn"]
    assert mail["Subject"] == "准予登记通知书"
    assert mail["Message-ID"] == sent == "<xiangyun-7@example.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body(preferencelist=("plain",)).get_content()
    assert body.strip().replace("\r\n", "\n") == LETTER.body
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "visit.ics"
    assert file.get_payload(decode=True).decode() == "日程"


@pytest.mark.parametrize("title", ["通知\r\nBcc: all@example.cn", "通知\nX-Evil: 1", "a\r\n\r\nb"])
def test_no_word_of_a_title_becomes_a_header(post: Post, title: str) -> None:
    plainly(post).send(Outgoing("k", "wang@example.cn", title, "x"))
    mail = mail_of(post)
    assert post.taken[0].rcpt_tos == ["wang@example.cn"]
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert mail.get_content().strip() == "x"


@pytest.mark.parametrize(
    "address",
    ["a@example.cn\r\nBcc: b@example.cn", "a@example.cn, b@example.cn", "", "nobody", "@"],
)
def test_an_address_that_is_more_than_one_is_sent_nothing(post: Post, address: str) -> None:
    with pytest.raises(Unreachable):
        plainly(post).send(Outgoing("k", address, "t", "x"))
    assert not post.taken


@pytest.mark.parametrize(
    ("recipient", "data", "kind"),
    [
        ("550 5.1.1 no such user", "250 OK", Unreachable),
        ("450 4.2.2 mailbox full", "250 OK", NotNow),
        ("250 OK", "554 5.7.1 spam", Unreachable),
        ("250 OK", "451 4.3.0 try later", NotNow),
    ],
)
def test_what_a_server_refuses_is_told_for_good_or_for_now(
    post: Post, recipient: str, data: str, kind: type[NotNow]
) -> None:
    post.to_recipient, post.to_data = recipient, data
    with pytest.raises(NotNow) as problem:
        plainly(post).send(LETTER)
    assert type(problem.value) is kind
    said = recipient if data.startswith("250") else data
    assert said in problem.value.said.zh
    assert said in problem.value.said.en


def test_a_server_that_is_away_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(NotNow) as problem:
        Server.at(f"smtp://127.0.0.1:{port}?from={FROM}&tls=none").send(LETTER)
    assert not isinstance(problem.value, Unreachable)


def test_a_password_goes_under_tls_alone(post: Post, post_under_tls: Post) -> None:
    under = post_under_tls
    address = f"smtp://office@127.0.0.1:{under.port}?from={FROM}&ca={under.ca}"
    Server.at(address, "secret").send(LETTER)
    assert under.logins == [(b"office", b"secret")]
    assert len(under.taken) == 1
    for wrong in (
        Server.at(address, "wrong"),
        Server.at(f"smtp://office@127.0.0.1:{under.port}?from={FROM}", "secret"),  # unknown CA
        Server.at(f"smtp://office@127.0.0.1:{post.port}?from={FROM}", "secret"),  # offers no TLS
    ):
        with pytest.raises(NotNow):
            wrong.send(LETTER)
    assert len(under.taken) == 1
    assert not post.taken


@pytest.mark.parametrize(
    "address",
    ["mail.example.cn", "smtp://mail.example.cn", "http://a?from=a@b.cn", "smtp://?from=a@b.cn"],
)
def test_an_address_that_names_no_server_is_refused(address: str) -> None:
    with pytest.raises(Refused) as refused:
        Server.at(address)
    assert refused.value.findings[0].id == "messaging.E007"


REPORT = """\
From: MAILER-DAEMON@example.cn
To: notice@example.cn
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.cn

Final-Recipient: rfc822; wang@example.cn
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: {kind}

Message-ID: <{id}@example.cn>
Subject: =?utf-8?b?5YeG5LqI?=

--b--
"""


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_says_which_mail_came_back_and_why(kind: str) -> None:
    found = returned(REPORT.format(action="failed", kind=kind, id="xiangyun-7").encode())
    assert found is not None
    assert found[0] == "<xiangyun-7@example.cn>"
    assert "550 5.1.1 no such user" in found[1].en


@pytest.mark.parametrize(
    "raw",
    [
        REPORT.format(action="delayed", kind="message/rfc822", id="xiangyun-7"),
        REPORT.format(action="failed", kind="message/rfc822", id="somebody-elses"),
        "Subject: Out of office\n\nBack on Monday. Message-ID: <xiangyun-7@example.cn>",
        "",
    ],
)
def test_what_is_no_report_about_ours_is_left_alone(raw: str) -> None:
    assert returned(raw.encode()) is None
