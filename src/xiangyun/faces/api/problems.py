"""What the interface answers when it does not do what was asked: problem details by RFC 9457.

`application/problem+json` with `title`, `status` and `detail` as the RFC has them, and `findings`:
everything that is wrong, with ids, in both languages. Statuses: 400 what is no JSON, 401 no token,
403 not this account, 404 absent or not yours, 405 no such method, 409 changed meanwhile, 413 too
large, 422 what breaks a rule, 429 too often, 503 the database is away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Schema

from xiangyun.kernel.findings import Finding, Text

from .words import FindingOut, finding

MEDIA_TYPE = "application/problem+json"


class Problem(Schema):
    """Why nothing was done. `title` is the status in words, `detail` the first finding's.

    Both are English, as the names of the statuses are; `findings` say it in both languages.
    """

    type: str
    title: str
    status: int
    detail: str
    findings: list[FindingOut]


def problem(status: int, findings: Sequence[dict[str, Any]]) -> HttpResponse:
    """The answer of this status with these findings, as `words.finding` makes them."""
    said = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=findings[0]["message"]["en"] if findings else "",
        findings=[FindingOut(**found) for found in findings],
    )
    return JsonResponse(
        said.model_dump(),
        status=status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def _said(id_: str, message: Text, hint: Text | None = None) -> list[dict[str, Any]]:
    return [finding(Finding(id_, "error", message, hint=hint))]


NO_JSON = _said(
    "api.E400",
    Text("发来的内容不是正确的 JSON。", "What was sent is no well-formed JSON."),
    Text(
        '请按 RFC 8259 编码为 UTF-8，例如 {"a": 1}；不能含有 NUL 和不成对的代理字符。',
        'Send UTF-8 by RFC 8259, such as {"a": 1}; without NUL and without lone surrogates.',
    ),
)
NO_TOKEN = _said(
    "api.E401",
    Text("没有令牌，或者令牌无效、已过期。", "No token, or one that is unknown or has expired."),
    Text("请在请求头 Authorization 中发送 Bearer 令牌。", "Send it as Authorization: Bearer xy_…"),
)
NO_METHOD = _said(
    "api.E405",
    Text("这个地址不接受这种方法。", "This address does not take this method."),
    Text("各地址的方法见 /api/openapi.json。", "See /api/openapi.json for the methods."),
)
FAILED = _said(
    "api.E500",
    Text("系统出了问题，这一步没有执行。", "Something went wrong; nothing of it was done."),
    Text(
        "请稍后用同一个编号再发一次；报告问题时附上响应头 X-Request-Id。",
        "Send it again later under the same key; to report it, name the header X-Request-Id.",
    ),
)


def misshapen(errors: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings for values of another shape than the description asks for, by their places."""
    found = []
    for error in errors:
        place = [str(part) for part in error.get("loc", ())]
        said = finding(
            Finding(
                "api.E422",
                "error",
                Text(
                    "“{place}”的值不符合接口的要求。",
                    "The value of “{place}” is not what the interface takes: {why}.",
                    place=".".join(place[1:]) or ".".join(place),
                    why=str(error.get("msg", "")),
                ),
                hint=Text("要求见 /api/openapi.json。", "See /api/openapi.json."),
            )
        )
        found.append(said | {"field": ".".join(place[2:] or place[1:])})
    return found
