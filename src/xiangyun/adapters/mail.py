"""E-mail by SMTP (RFC 5321), or as files of a folder where a demonstration has no server.

`XIANGYUN_SMTP` names the server and the sender:

    smtp://user@mail.example.cn:587?from=notice@example.cn       STARTTLS, the usual
    smtps://user@mail.example.cn:465?from=notice@example.cn      TLS from the first byte
    smtp://127.0.0.1:25?from=notice@example.cn&tls=none          a relay of this machine

`ca=FILE` names whom to trust instead of the system's authorities. A password, which
`XIANGYUN_SMTP_PASSWORD` holds, is sent under TLS alone.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP, default
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from xiangyun.domain.messaging.ports import NotNow, Outgoing, Sender, Unreachable
from xiangyun.kernel.findings import Finding, Refused, Text

TIMEOUT = 20
"""Seconds that a server may take for each answer."""
_MESSAGE_ID = re.compile(
    rb"^message-id:\s*(<xiangyun-[^>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def sender() -> Sender | None:
    """What the settings name; None where there is neither a server nor a demonstration."""
    if settings.SMTP:
        return Server.at(settings.SMTP, settings.SMTP_PASSWORD)
    return Folder(settings.HOME / "mail") if settings.DEMONSTRATION else None


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server. `tls`: `start` (STARTTLS, demanded), `always`, or `none`."""

    host: str
    port: int
    from_address: str
    user: str = ""
    password: str = ""
    tls: str = "start"
    ca: str = ""

    @classmethod
    def at(cls, address: str, password: str = "") -> Server:
        """The server of an address. Raises Refused `messaging.E007` for one that is none."""
        parts = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        always = parts.scheme == "smtps"
        tls = "always" if always else asked.get("tls", "start")
        sending = asked.get("from", "")
        if (
            parts.scheme not in ("smtp", "smtps")
            or not parts.hostname
            or "@" not in sending
            or tls not in ("start", "always", "none")
        ):
            raise Refused([NO_SERVER])
        port = parts.port or (465 if always else 587)
        user = unquote(parts.username or "")
        return cls(parts.hostname, port, sending, user, password, tls, asked.get("ca", ""))

    def send(self, message: Outgoing) -> str:
        """Hand a message over. Its Message-ID is made of its key, so that twice is told as once."""
        letter = as_mail(message, self.from_address)
        try:
            with self._connected() as server:
                server.send_message(letter, self.from_address, [message.address])
        except smtplib.SMTPRecipientsRefused as problem:
            code, said = next(iter(problem.recipients.values()))
            raise _refused(code, said) from problem
        except smtplib.SMTPDataError as problem:
            raise _refused(problem.smtp_code, problem.smtp_error) from problem
        except (
            smtplib.SMTPException,
            OSError,
        ) as problem:  # the server's or ours, not the address's
            raise NotNow(_away(str(problem) or type(problem).__name__)) from problem
        return str(letter["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=self.ca or None)
        if self.tls == "always":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            if self.tls == "start":
                server.starttls(context=context)
            if self.user and self.tls != "none":
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in which a demonstration keeps what it would send: KEY.eml."""

    root: Path

    def send(self, message: Outgoing) -> str:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        letter = as_mail(message, "demonstration@xiangyun.invalid")
        (self.root / f"{message.key}.eml").write_bytes(letter.as_bytes())
        return str(letter["Message-ID"])


def as_mail(message: Outgoing, from_address: str) -> EmailMessage:
    """A message as RFC 5322 has it. No word of it becomes a header: lines are joined in the title.

    Raises `Unreachable` for an address that no header can hold.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["To"] = Address(addr_spec=message.address)
    except (ValueError, IndexError, MessageError) as problem:
        raise Unreachable(_NO_ADDRESS) from problem
    mail["From"] = Address("祥云政务服务", addr_spec=from_address)
    mail["Subject"] = _CONTROLS.sub(" ", message.title)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{message.key}@{from_address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note answers
    mail.set_content(message.body, charset="utf-8", cte="base64")
    for each in message.attached:
        main, _, sub = each.media_type.partition("/")
        mail.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
    return mail


def _refused(code: int, said: bytes | str) -> NotNow:
    """RFC 5321, 4.2.1: 5yz for good, 4yz for now."""
    answer = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    answer = _CONTROLS.sub(" ", f"{code} {answer}")[:300]
    if 500 <= code < 600:
        return Unreachable(
            Text(
                "对方邮件服务器拒收：{answer}",
                "The mail server refused it: {answer}",
                answer=answer,
            )
        )
    return NotNow(
        Text(
            "对方邮件服务器暂时不收：{answer}",
            "The mail server does not take it now: {answer}",
            answer=answer,
        )
    )


def _away(why: str) -> Text:
    return Text(
        "邮件服务器暂时不可用：{why}",
        "The mail server is out of order: {why}",
        why=_CONTROLS.sub(" ", why)[:300],
    )


_NO_ADDRESS = Text("邮件地址无法使用。", "The e-mail address cannot be used.")
NO_SERVER = Finding(
    "messaging.E007",
    "error",
    Text("XIANGYUN_SMTP 不是邮件服务器的地址。", "XIANGYUN_SMTP is no address of a mail server."),
    hint=Text(
        "请写成 smtp://user@host:587?from=notice@example.cn。",
        "Write smtp://user@host:587?from=notice@example.cn.",
    ),
)


def returned(raw: bytes) -> tuple[str, Text] | None:
    """What a mail that came back says (RFC 3464): the Message-ID of ours, and why it failed.

    None for any other mail, and for a report that says of no recipient that it failed.
    """
    mail = message_from_bytes(raw, policy=default)
    if mail.get_content_type() != "multipart/report":
        return None
    why, ours = "", ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            why = why or _failure(part)
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            found = _MESSAGE_ID.search(part.as_bytes())
            ours = ours or (found[1].decode("ascii", "replace") if found else "")
    if not why or not ours:
        return None
    return ours, Text("邮件被退回：{why}", "The mail came back: {why}", why=why)


def _failure(report: Message) -> str:
    """Why the first recipient that failed for good did; empty where none did."""
    groups = report.get_payload()
    for group in groups if isinstance(groups, list) else ():
        if isinstance(group, Message) and str(group.get("Action", "")).strip().lower() == "failed":
            said = group.get("Diagnostic-Code") or group.get("Status") or "failed"
            return _CONTROLS.sub(" ", str(said)).strip()[:300]
    return ""
