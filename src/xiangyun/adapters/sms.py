"""Text messages by an HTTP provider, or as files of a folder in a demonstration.

Providers differ; this is the smallest agreement, which a gateway in front of any of them speaks:

    POST XIANGYUN_SMS        Authorization: Bearer XIANGYUN_SMS_KEY
    {"to": "13812345678", "text": "…", "key": "xiangyun-17"}
    → 200 {"id": "…"}        taken; the same key again is taken and not sent again
    → 400, 422 {"message"}   this number takes nothing; everything else is tried again
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import requests
from django.conf import settings

from xiangyun.domain.messaging.ports import NotNow, Outgoing, Sender, Unreachable
from xiangyun.kernel.findings import Text

TIMEOUT = 20
"""Seconds that a provider may take."""


def sender() -> Sender | None:
    """What the settings name; None where there is neither a provider nor a demonstration."""
    if settings.SMS:
        return Provider(settings.SMS, settings.SMS_KEY)
    return Folder(settings.HOME / "sms") if settings.DEMONSTRATION else None


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that is asked over HTTP."""

    url: str
    key: str

    def send(self, message: Outgoing) -> str:
        asked = {"to": message.address, "text": message.body, "key": message.key}
        try:
            answer = requests.post(
                self.url,
                json=asked,
                headers={"Authorization": f"Bearer {self.key}"},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            said = answer.json() if answer.content else {}
        except (requests.RequestException, ValueError) as problem:
            raise NotNow(_away(type(problem).__name__)) from problem
        given = said if isinstance(said, dict) else {}
        if answer.status_code in (400, 422):
            raise Unreachable(_refused(str(given.get("message") or answer.status_code)[:300]))
        if not answer.ok or answer.is_redirect:
            raise NotNow(_away(str(answer.status_code)))
        return str(given.get("id") or message.key)[:200]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in which a demonstration keeps what it would send: KEY.json."""

    root: Path

    def send(self, message: Outgoing) -> str:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = json.dumps({"to": message.address, "text": message.body}, ensure_ascii=False)
        (self.root / f"{message.key}.json").write_text(kept, encoding="utf-8")
        return message.key


def _refused(why: str) -> Text:
    return Text("短信平台拒收：{why}", "The provider refused it: {why}", why=why)


def _away(why: str) -> Text:
    return Text("短信平台暂时不可用：{why}", "The provider is out of order: {why}", why=why)
