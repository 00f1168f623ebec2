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


def fault(id: str, zh: str, en: str, example: str) -> Finding:
    """A finding about a code: what is wrong, and an example of what would be right."""
    hint = Text(f"正确的写法例如：{example}", f"A right one looks like this: {example}")
    return Finding(id, "error", Text(zh, en), hint=hint)


def doubt(id: str, zh: str, en: str, example: str) -> Finding:
    """What is probably mistyped in a code, and may all the same be right: told, never refused."""
    return replace(fault(id, zh, en, example), severity="warning")


def length_fault(id: str, code: str, wanted: int, name: Text, example: str) -> Finding | None:
    """Too few or too many characters, with both counts."""
    if not code:
        return fault(id, f"没有填写{name.zh}。", f"The {name.en} is empty.", example)
    if len(code) != wanted:
        return fault(
            id,
            f"{name.zh}应为 {wanted} 位，这里是 {len(code)} 位。",
            f"The {name.en} has {wanted} characters, not {len(code)}.",
            example,
        )
    return None
