"""A resume diagnosed: every remark, a score that cites them, and what could not be looked at.

The score counts only what was looked at: points kept over points there were. The same text, rules
and month give the same score; nothing unread is counted as passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.findings import Text

from . import contact, posts, said, whole
from .document import Line, is_chinese
from .remark import Check, Looked, Remark
from .resume import Resume, read_resume
from .rules import Skill, WordRules


def _always(looked: Looked) -> Text | None:
    return None


def _undated(looked: Looked) -> Text | None:
    if any(entry.span for _, entry in looked.resume.entries()):
        return None
    return Text("没有找到起止年月。", "No span of months was found.")


CHECKS: tuple[Check, ...] = (
    Check("structure", Text("结构", "Structure"), 15, _always, whole.structure),
    Check("timeline", Text("时间", "Time line"), 15, _undated, whole.timeline),
    Check("contact", Text("联系方式", "Contact"), 10, _always, contact.contact),
    Check("length", Text("篇幅", "Length"), 10, _always, whole.length),
    Check("doing", Text("做了什么", "What was done"), 20, said.nothing_done, said.doing),
    Check("repetition", Text("重复", "Repetition"), 10, _always, said.repetition),
    Check("typing", Text("错字", "Typing errors"), 10, _always, said.typing),
    Check("phrase", Text("空话", "Empty phrases"), 5, _always, said.phrases),
    Check("post", Text("岗位要求", "What the post asks for"), 15, posts.no_post, posts.post),
)
_EACH = 5
"""Points that one remark takes, where the rules say nothing else."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A kind of check that could not look, and why."""

    kind: str
    words: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found; `points` of `of`, and what was not looked at."""

    resume: Resume
    remarks: tuple[Remark, ...]
    points: int
    of: int
    unchecked: tuple[Unchecked, ...]

    @property
    def score(self) -> int:
        """Of a hundred, over what was looked at."""
        return self.points * 100 // self.of if self.of else 0

    def to_json(self) -> dict[str, Any]:
        return {
            "score": self.score,
            "points": self.points,
            "of": self.of,
            "findings": [each.to_json() for each in self.remarks],
            "unchecked": [
                {"kind": each.kind, "words": each.words.to_json(), "why": each.why.to_json()}
                for each in self.unchecked
            ],
        }


def diagnose(
    lines: Sequence[Line],
    rules: WordRules,
    now: int,
    asked: tuple[Skill, ...] | None = None,
) -> Diagnosis:
    """Look at a resume: `now` is the month of today, `asked` what a chosen post asks for."""
    resume = read_resume(lines, rules, now)
    looked = Looked(resume, rules, now, is_chinese(lines), asked)
    remarks: list[Remark] = []
    unchecked: list[Unchecked] = []
    points = of = 0
    for check in CHECKS:
        if (why := check.unable(looked)) is not None:
            unchecked.append(Unchecked(check.kind, check.words, why))
            continue
        found = list(dict.fromkeys(check.find(looked)))
        remarks += found
        of += check.points
        lost = sum(
            rules.weights.get(each.id, rules.weights.get(check.kind, _EACH)) for each in found
        )
        points += max(0, check.points - lost)
    remarks.sort(key=lambda each: _position(each.place))
    return Diagnosis(resume, tuple(remarks), points, of, tuple(unchecked))


def look(lines: Sequence[Line], rules: WordRules, now: int) -> list[Remark]:
    """A text that is no resume, such as an advertisement: its phrases and typing errors."""
    looked = Looked(Resume(tuple(lines), ()), rules, now, is_chinese(lines))
    found = [*said.needed(looked), *said.phrases(looked), *said.typing(looked)]
    return sorted(found, key=lambda each: _position(each.place))


def _position(place: str) -> tuple[int, int, str]:
    line, _, column = place.partition(":")
    if line.isdigit() and column.isdigit():
        return int(line), int(column), ""
    return 0, 0, place
