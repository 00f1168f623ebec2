"""The content of files."""

from __future__ import annotations

import hashlib

from xiangyun.kernel.findings import Conflict, Finding, NotFound, Text

from . import ports


def content(digest: str) -> bytes:
    """The content with this digest, checked against it.

    Raises `NotFound` `content.E003` where it is gone or is no longer what was handed in, and
    `Conflict` `content.E004` where the store does not answer.
    """
    found = _stored(digest)
    if found is None or hashlib.sha256(found).hexdigest() != digest:
        raise NotFound([LOST])
    return found


def found_digest(digest: str) -> str:
    """The digest of what lies there under this digest, for an audit; empty where nothing does."""
    found = _stored(digest)
    return "" if found is None else hashlib.sha256(found).hexdigest()


def _stored(digest: str) -> bytes | None:
    try:
        return ports.store().get(digest)
    except ports.StoreUnavailable as problem:
        raise Conflict([_NO_ANSWER]) from problem


LOST = Finding(
    "content.E003",
    "error",
    Text(
        "这个文件在存放处找不到，或者与提交时不一致，不能显示。",
        "This file is gone from its place or is not what was handed in, and is not shown.",
    ),
    hint=Text(
        "请联系平台管理员；审计会记下这件事，文件可从备份恢复。",
        "Tell the administrator: the audit names it, and a backup brings it back.",
    ),
)
_NO_ANSWER = Finding(
    "content.E004",
    "error",
    Text("存放文件的地方暂时不可用。", "The place for files is out of order."),
    hint=Text("请过几分钟再试。", "Try again in a few minutes."),
)
