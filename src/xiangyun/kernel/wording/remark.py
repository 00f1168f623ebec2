"""What there is to say of a text: one remark, with its place, reason and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.findings import Text

from .resume import Resume
from .rules import Skill, WordRules


@dataclass(frozen=True, slots=True)
class Remark:
    """A thing found. `id` is `kind.what`; `text` is cited from the source, empty for what lacks.

    `better` is what may stand in the place of `text` without anything being invented, None where
    only the writer knows.
    """

    id: str
    place: str
    text: str
    reason: Text
    suggestion: Text
    better: str | None = None

    @property
    def kind(self) -> str:
        return self.id.partition(".")[0]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "place": self.place,
            "text": self.text,
            "reason": self.reason.to_json(),
            "suggestion": self.suggestion.to_json(),
            "better": self.better,
        }


@dataclass(frozen=True, slots=True)
class Looked:
    """What a check is given: the resume, the rules, the month of today, what the post asks for."""

    resume: Resume
    rules: WordRules
    now: int
    chinese: bool
    asked: tuple[Skill, ...] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A kind of check: its words, its points, why it could not look (None when it could), and what
    it finds."""

    kind: str
    words: Text
    points: int
    unable: Callable[[Looked], Text | None]
    find: Callable[[Looked], Iterable[Remark]]
