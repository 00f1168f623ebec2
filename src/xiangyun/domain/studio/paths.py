"""How a file of a pack may be called, and how much one holds."""

from __future__ import annotations

import re

from xiangyun.kernel.findings import Finding, Place, Refused, Text

MOST_CHARACTERS = 1_000_000
MOST_FILES = 500
_PATH = re.compile(r"[A-Za-z0-9_][\w.-]{0,80}(/[A-Za-z0-9_][\w.-]{0,80}){0,3}", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*/[a-z][a-z0-9]*(-[a-z0-9]+)*")


def good_path(path: str) -> str:
    """The path, if a file of a pack may have it. Raises Refused `studio.E004`."""
    if not _PATH.fullmatch(path):
        raise Refused([_wrong_path(path)])
    return path


def good_code(code: str) -> str:
    """The code, if it is area/name. Raises Refused `studio.E006`."""
    if len(code) > 120 or not _CODE.fullmatch(code):
        raise Refused([_wrong_code(code)])
    return code


def good_text(path: str, text: str) -> str:
    """The text of a file, with lines that end as packs' do. Raises Refused `studio.E005`."""
    if len(text) > MOST_CHARACTERS or "\0" in text:
        raise Refused([wrong_text(path)])
    return text.replace("\r\n", "\n")


def _wrong_path(path: str) -> Finding:
    return Finding(
        "studio.E004",
        "error",
        Text("文件不能叫“{path}”。", "A file cannot be called “{path}”.", path=path[:100]),
        hint=Text(
            "用字母、数字、点、下划线和连字符，如 texts/zh-Hans.yaml。",
            "Use letters, digits, dots, underscores and hyphens, such as texts/zh-Hans.yaml.",
        ),
    )


def _wrong_code(code: str) -> Finding:
    return Finding(
        "studio.E006",
        "error",
        Text("事项包不能叫“{code}”。", "A pack cannot be called “{code}”.", code=code[:100]),
        hint=Text(
            "写 领域/名称，只用小写字母、数字和连字符，如 own/reading-card。",
            "Write area/name in small letters, digits and hyphens, such as own/reading-card.",
        ),
    )


def wrong_text(path: str) -> Finding:
    """A file that is too large, or whose bytes are no text."""
    return Finding(
        "studio.E005",
        "error",
        Text(
            "文件“{path}”太大，或者不是文字。",
            "The file “{path}” is too large, or is no text.",
            path=path,
        ),
        Place(path),
        Text(
            "一个文件至多 {most} 个字符，编码为 UTF-8。",
            "A file has at most {most} characters, in UTF-8.",
            most=MOST_CHARACTERS,
        ),
    )
