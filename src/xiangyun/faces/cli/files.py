"""Single files by what they hold: which checker reads them, and which rewriting there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from xiangyun.kernel.bpmn import check_process
from xiangyun.kernel.dmn import check_model
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.formspec import check_form
from xiangyun.kernel.record import checked_register

from .folder import LARGEST

Kind = Literal["bpmn", "dmn", "form", "register"]

_ENDINGS: dict[str, Kind] = {".bpmn": "bpmn", ".bpmn2": "bpmn", ".dmn": "dmn", ".form": "form"}
_NAMESPACES: tuple[tuple[bytes, Kind], ...] = (
    (rb"http://www\.omg\.org/spec/BPMN/", "bpmn"),
    (rb"https?://www\.omg\.org/spec/DMN/", "dmn"),
)
_HEAD = 8_192
MOST_FINDINGS = 500


def kind_of(path: Path) -> Kind | None:
    """What a file is, by its ending, or for .xml and .json by how it begins."""
    if path.suffix.lower() in _ENDINGS:
        return _ENDINGS[path.suffix.lower()]
    if path.suffix.lower() == ".yaml" and path.resolve().parent.name == "registers":
        return "register"
    if path.suffix.lower() not in (".xml", ".json"):
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if path.suffix.lower() == ".json":
        return "form" if re.search(rb'"(components|fields)"\s*:\s*\[', head) else None
    return next((kind for space, kind in _NAMESPACES if re.search(space, head)), None)


def check_file(path: Path, name: str) -> list[Finding]:
    """All findings about one file, named `name`; what cannot be read is a finding too."""
    size = path.stat().st_size
    if size > LARGEST:
        return [_too_large(name, size)]
    kind = kind_of(path)
    checker = _CHECKERS.get(kind) if kind else None
    if checker is None:
        return [_unknown(name)]
    try:
        return bounded(checker(path.read_bytes(), name), name)
    except Refused as refused:
        return refused.findings
    except RecursionError:
        return [_too_deep(name)]


def bounded(findings: list[Finding], name: str) -> list[Finding]:
    """The findings up to a number nobody reads beyond, and how many more there are."""
    rest = len(findings) - MOST_FINDINGS
    if rest <= 0:
        return findings
    message = Text("还有 {rest} 条没有列出。", "{rest} more are not listed.", rest=rest)
    more = Finding("file.N005", "note", message, Place(name))
    ranked = sorted(findings, key=lambda each: each.severity != "error")
    return [*ranked[:MOST_FINDINGS], more]


def _form(data: bytes, name: str) -> list[Finding]:
    if b'"components"' not in data and b'"fields"' in data:
        return [_other_form(name)]
    try:
        return check_form(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        return [no_text(name)]


def _register(data: bytes, name: str) -> list[Finding]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [no_text(name)]
    return checked_register(text, name if "registers/" in name else f"registers/{name}")[1]


_CHECKERS: dict[Kind, Callable[[bytes, str], list[Finding]]] = {
    "bpmn": check_process,
    "dmn": lambda data, name: check_model(data, name, implicit_inputs=True),
    "register": _register,
    "form": _form,
}


def _too_large(name: str, size: int) -> Finding:
    return Finding(
        "file.E001",
        "error",
        Text(
            "文件有 {size} MB，超过 {largest} MB，没有读。",
            "The file has {size} MB, more than {largest} MB; it was not read.",
            size=size // 1_000_000,
            largest=LARGEST // 1_000_000,
        ),
        Place(name),
        Text("请拆成几个文件。", "Split it into several files."),
    )


def _unknown(name: str) -> Finding:
    return Finding(
        "file.E002",
        "error",
        Text(
            "认不出这是什么文件：不是 BPMN、DMN，也不是表单。",
            "This is neither BPMN nor DMN nor a form.",
        ),
        Place(name),
        Text("请导出为 .bpmn、.dmn 或 .form。", "Export it as .bpmn, .dmn or .form."),
    )


def no_text(name: str) -> Finding:
    """A file that is no UTF-8 text."""
    return Finding(
        "file.E003",
        "error",
        Text("文件不是 UTF-8 文字。", "The file is no UTF-8 text."),
        Place(name),
        Text("请另存为 UTF-8。", "Save it as UTF-8."),
    )


def _other_form(name: str) -> Finding:
    return Finding(
        "file.E005",
        "error",
        Text(
            "这是 Flowable 或 Activiti 的表单（fields），不是 form-js 的（components）。",
            "This is a form of Flowable or Activiti (fields), not of form-js (components).",
        ),
        Place(name),
        Text(
            "请用 xiangyun convert 改写，再看留给人改的。",
            "Rewrite it by xiangyun convert, then do what it leaves.",
        ),
    )


def _too_deep(name: str) -> Finding:
    return Finding(
        "file.E004",
        "error",
        Text("嵌套太深，没有读完。", "It is nested too deeply to be read."),
        Place(name),
        Text("请减少嵌套层数。", "Nest it less deeply."),
    )
