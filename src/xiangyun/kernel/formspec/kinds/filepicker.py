"""Files handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.faults import fault, too_few, too_many, wrong_type
from xiangyun.kernel.formspec.model import MAX_FILES, Question
from xiangyun.kernel.formspec.properties import (
    REQUIRED,
    Property,
    WrongValue,
    flag,
    longest,
    megabytes,
    shortest,
    text,
)
from xiangyun.kernel.formspec.questionkind import QuestionKind, Shown

_ACCEPT = {
    "image/*": (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic"),
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
}
_EXAMPLE = '[{"name": "a.pdf", "size": 1024, "reference": "…"}]'
_MEMBERS = ("name", "size", "reference", "sha256", "instead")
"""`instead`: by what it stands for a file that was not handed in, such as a certificate."""
_FILES = Text("个文件", "files")


def _endings(value: object) -> tuple[str, ...]:
    found: list[str] = []
    for part in (part.strip() for part in text(value).lower().split(",")):
        if part in _ACCEPT:
            found.extend(_ACCEPT[part])
        elif re.fullmatch(r"\.[a-z0-9]+", part):
            found.append(part)
        else:
            wanted = Text(
                "文件后缀或媒体类型，以逗号分隔", "file endings or media types with commas"
            )
            raise WrongValue(wanted, ".pdf,.jpg,image/*")
    return tuple(dict.fromkeys(found))


def _typed(question: Question, sent: Sequence[str]) -> Value | Finding:
    return None  # a file never comes as text


def _given(question: Question, value: object) -> Value | Finding:
    if not isinstance(value, list):
        return wrong_type(question, _EXAMPLE)
    if len(value) > MAX_FILES:  # counted before any is read
        return too_many(question, MAX_FILES, len(value), _FILES, "form.E117")
    if not all(_is_file(item) for item in value):
        return wrong_type(question, _EXAMPLE)
    return [{name: from_json(item[name]) for name in _MEMBERS if name in item} for item in value]


def _is_file(item: object) -> bool:
    return (
        isinstance(item, Mapping)
        and isinstance(item.get("name"), str)
        and isinstance(item.get("reference"), str)
        and isinstance(item.get("size"), int | Decimal)
        and not isinstance(item.get("size"), bool)
        and isinstance(item.get("sha256", ""), str)
        and isinstance(item.get("instead", ""), str)
    )


def _judge(question: Question, files: Value, on: date | None) -> Finding | None:
    rules = question.rules
    if len(files) > 1 and not question.multiple:
        return fault("form.E117", question, Text("只能上传一个文件。", "takes one file only."))
    if rules.min_length is not None and len(files) < rules.min_length:
        return too_few(question, rules.min_length, len(files), _FILES)
    most = MAX_FILES if rules.max_length is None else rules.max_length
    if len(files) > most:
        return too_many(question, most, len(files), _FILES, "form.E117")
    return next((found for file in files if (found := _judge_one(question, file))), None)


def _judge_one(question: Question, file: Mapping[str, Value]) -> Finding | None:
    name, size = file["name"], int(file["size"])
    known = bool(file.get("instead"))  # made by the platform, in a form of its own
    if question.accept and not known and not name.lower().endswith(question.accept):
        return fault(
            "form.E115",
            question,
            Text(
                "不接受文件“{name}”，可上传的类型：{endings}。",
                "does not take “{name}”; it takes {endings}.",
                name=name,
                endings=question.accept,
            ),
        )
    if size == 0:
        return fault(
            "form.E116",
            question,
            Text(
                "的文件“{name}”是空的，请重新选择。",
                "got an empty file, “{name}”: please choose it again.",
                name=name,
            ),
        )
    if size > question.max_bytes:
        limit = f"{question.max_bytes / 1_000_000:g} MB"
        return fault(
            "form.E114",
            question,
            Text(
                "的文件“{name}”为 {size:.1f} MB，不能超过 {limit}；请压缩后再传。",
                "takes files of up to {limit}; “{name}” has {size:.1f} MB. Please compress it.",
                name=name,
                size=size / 1000000,
                limit=limit,
            ),
        )
    return None


def _words(question: Question, files: Value) -> Shown:
    return [file["name"] for file in files]


def _hint(question: Question) -> Text:
    endings = [ending.removeprefix(".").upper() for ending in question.accept]
    limit = f"{question.max_bytes / 1_000_000:g}"
    types = endings or Text("任何类型", "Any type")
    if question.multiple:
        return Text(
            "{types}，每个不超过 {limit} MB。",
            "{types}, {limit} MB at most each.",
            types=types,
            limit=limit,
        )
    return Text(
        "{types}，不超过 {limit} MB。", "{types}, {limit} MB at most.", types=types, limit=limit
    )


KIND = QuestionKind(
    "filepicker",
    Text("上传文件", "Files"),
    Text("申请材料：扫描件、照片、PDF。", "What is handed in: scans, photographs, PDF."),
    Text(
        "列表，每个文件为 {name, size, reference}，交来的还有 sha256",
        "a list with {name, size, reference} for each file, and its sha256 once handed in",
    ),
    _EXAMPLE,
    _typed,
    _given,
    _judge,
    _words,
    properties=(
        REQUIRED,
        shortest(Text("至少几个文件。", "The fewest files.")),
        longest(Text("至多几个文件。", "The most files.")),
        Property(
            "accept",
            Text(
                "接受的后缀或媒体类型，以逗号分隔；不写则都接受。",
                "The endings or media types that are taken, with commas; absent means all.",
            ),
            _endings,
            rule="accept",
        ),
        Property(
            "multiple",
            Text("可以传几个文件。", "Several files may be handed in."),
            flag,
            "multiple",
        ),
        Property(
            "max_mb",
            Text("每个文件至多几 MB，不写为 20。", "The most MB of a file; 20 where it is absent."),
            megabytes,
            rule="max_bytes",
            within="properties",
        ),
    ),
    ask=Text("请上传", "Please attach"),
    hint=_hint,
    several=True,
    in_rows=False,
)
