"""A language model, asked for better wording over an interface like OpenAI's; off by default.

    POST {XIANGYUN_MODEL}/chat/completions    Authorization: Bearer XIANGYUN_MODEL_KEY
    {"model": "…", "messages": […], "temperature": 0}
    → {"choices": [{"message": {"content": "[{\\"place\\": …, \\"after\\": …, \\"reason\\": …}]"}}]}

What it answers is a proposal: the kernel takes only what invents nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import requests
from django.conf import settings

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.wording import Line
from xiangyun.kernel.wording.proposing import Proposal

TIMEOUT = 60
"""Seconds that a model may take."""
_MOST_BYTES = 200_000
_TOLD = (
    "你为简历润色。逐行改写给出的句子：动词开头，写明做了什么、结果怎样，更短更清楚。"
    "绝不添加原文没有的事实、数字、日期、名称。不需要改的行不要返回。"
    "每一行用它原来的语言写。"
    '只返回数组，每项为 {"place": 原样的位置, "after": 改写, "reason": 一句理由}。'
)


@dataclass(frozen=True, slots=True)
class Model:
    """A model by its address; `host` is what people are told before anything is sent."""

    address: str
    name: str
    key: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or self.address

    def propose(self, lines: Sequence[Line]) -> list[Proposal]:
        """What it would write instead of these lines; what it answers otherwise is left out.

        Raises Refused `wording.E017` where it does not answer as agreed.
        """
        if not lines:
            return []
        sent = json.dumps(
            [{"place": line.place, "text": line.text} for line in lines], ensure_ascii=False
        )
        asked: dict[str, Any] = {
            "model": self.name,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": _TOLD},
                {"role": "user", "content": sent},
            ],
        }
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            answer = requests.post(
                f"{self.address}/chat/completions",
                json=asked,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            if answer.status_code != 200 or len(answer.content) > _MOST_BYTES:
                raise Refused([_silent(str(answer.status_code))])
            written = str(answer.json()["choices"][0]["message"]["content"])
            return _read(written)
        except (requests.RequestException, ValueError, LookupError, TypeError) as problem:
            raise Refused([_silent(type(problem).__name__)]) from problem


def language_model() -> Model | None:
    """The model that the settings name; None where none is, as by default."""
    if not settings.MODEL:
        return None
    parts = urlsplit(settings.MODEL)
    name = (parse_qs(parts.query).get("model") or [""])[0]
    address = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    return Model(address, name, settings.MODEL_KEY)


def _read(written: str) -> list[Proposal]:
    """The array in an answer, which may stand in a fence of Markdown. ValueError for none."""
    found = re.search(r"\[.*\]", written, re.DOTALL)
    items = json.loads(found[0]) if found else json.loads(written)
    if not isinstance(items, list):
        raise TypeError("no list")
    return [
        Proposal(str(each["place"]), str(each["after"]), str(each.get("reason") or ""))
        for each in items
        if isinstance(each, dict) and "place" in each and "after" in each
    ]


def _silent(why: str) -> Finding:
    return Finding(
        "wording.E017",
        "error",
        Text("语言模型没有按约定回答（{why}）。",
             "The language model did not answer as agreed ({why}).", why=why),
        hint=Text("可以不用它，按规则提出的修改不受影响。",
                  "Go on without it; what the rules propose does not depend on it."),
    )  # fmt: skip
