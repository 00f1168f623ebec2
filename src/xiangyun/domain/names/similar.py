"""Why one name is too near to another: the same, the same distinctive part, its sound, a sign."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.domain.registers.names import is_chinese, normal, readings
from xiangyun.kernel.findings import Text

SAME, SAME_OF_KIND, SAME_PART, SOUNDS, NEARLY = range(5)
REASONS = {
    SAME: Text("名称相同", "the same name"),
    SAME_OF_KIND: Text(
        "同行业，字号相同", "the same distinctive part in the same line of business"
    ),
    SAME_PART: Text("字号相同，行业不同", "the same distinctive part in another line of business"),
    SOUNDS: Text("字号读音相同", "a distinctive part that sounds the same"),
    NEARLY: Text("字号只差一个字", "a distinctive part that differs by one sign"),
}
"""Worst first; the first two rule a name out."""
RULED_OUT = SAME_OF_KIND


@dataclass(frozen=True, slots=True)
class Parts:
    """A name with its distinctive part, and its line of business where it is known."""

    name: str
    part: str
    kind: str = ""


def reason(asked: Parts, other: Parts) -> int | None:
    """The worst reason why the other name stands near to the one asked for; None: it does not."""
    if normal(asked.name) == normal(other.name):
        return SAME
    mine, theirs = normal(asked.part), normal(other.part)
    if not mine or not theirs:
        return None
    if mine == theirs:
        return SAME_OF_KIND if asked.kind and asked.kind == other.kind else SAME_PART
    if is_chinese(mine) and is_chinese(theirs) and readings(mine) == readings(theirs):
        return SOUNDS
    return NEARLY if _one_sign_apart(mine, theirs) else None


def _one_sign_apart(one: str, other: str) -> bool:
    """Whether one sign was changed, added or left out; of two signs nothing would be left."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    if len(shorter) < 2 or len(longer) < 3:
        return False
    if len(longer) == len(shorter):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
