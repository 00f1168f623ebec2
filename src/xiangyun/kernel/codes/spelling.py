"""How people write codes down, and how a code that is not right is answered."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from xiangyun.kernel.findings import Finding, Text


def normal(text: str) -> str:
    """The spelling that is stored: half-width capitals without spaces.

    A number pasted from a scan or typed with a Chinese keyboard is full-width, spaced, or in small
    letters; none of that is the citizen's mistake.
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def fault(id: str, words: Text, example: str) -> Finding:
    """A finding about a code: what is wrong, and an example of what would be right."""
    hint = Text(
        "正确的写法例如：{example}", "A right one looks like this: {example}", example=example
    )
    return Finding(id, "error", words, hint=hint)


def doubt(id: str, words: Text, example: str) -> Finding:
    """What is probably mistyped in a code, and may all the same be right: told, never refused."""
    return replace(fault(id, words, example), severity="warning")


def length_fault(id: str, code: str, wanted: int, name: Text, example: str) -> Finding | None:
    """Too few or too many characters, with both counts."""
    if not code:
        return fault(id, Text("没有填写{name}。", "The {name} is empty.", name=name), example)
    if len(code) != wanted:
        return fault(
            id,
            Text(
                "{name}应为 {wanted} 位，这里是 {count} 位。",
                "The {name} has {wanted} characters, not {count}.",
                name=name,
                wanted=wanted,
                count=len(code),
            ),
            example,
        )
    return None
