"""Writing text: what the kinds of one line and of several have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import texts
from xiangyun.kernel.formspec.faults import too_few, too_many, wrong_type
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.properties import (
    REQUIRED,
    Property,
    default,
    longest,
    pattern,
    shortest,
    text,
)
from xiangyun.kernel.formspec.questionkind import QuestionKind

CHARACTERS = Text("个字", "characters")
ANSWER = Text("文字（NFC，首尾空白和不可见字符去掉）", "a text in NFC, its ends trimmed")
WRITTEN = (
    REQUIRED,
    shortest(Text("至少几个字。", "The fewest characters.")),
    longest(Text("至多几个字。", "The most characters.")),
    Property(
        "pattern",
        Text(
            "正则表达式，与 form-js 相同：在文字中任何位置匹配即可。",
            "A regular expression as in form-js: a match anywhere in the text will do.",
        ),
        pattern,
        rule="pattern",
        within="validate",
    ),
    Property(
        "patternErrorMessage",
        Text("不符合 pattern 时说的话。", "What is said when the pattern does not fit."),
        text,
        rule="pattern_words",
        within="validate",
        translated="pattern",
    ),
    default(
        Text("页面上预先填好的文字。", "The text that stands there when the page opens."), text
    ),
)


def writing(
    name: str,
    title: Text,
    about: Text,
    most: int,
    *,
    properties: tuple[Property, ...] = (),
    looks: frozenset[str] = frozenset(),
) -> QuestionKind:
    """A kind that takes text, of `most` characters where the form says nothing."""
    text_of = _Writing(most)
    return QuestionKind(
        name,
        title,
        about,
        ANSWER,
        '"…"',
        text_of.typed,
        text_of.given,
        text_of.judge,
        properties=(*WRITTEN, *properties),
        looks=looks,
        hint=hint,
    )


@dataclass(frozen=True, slots=True)
class _Writing:
    """Counts before it reads: a novel is refused unread."""

    most: int

    def typed(self, question: Question, sent: Sequence[str]) -> Value | Finding:
        return self.read(question, sent[-1] if sent else "")

    def given(self, question: Question, value: object) -> Value | Finding:
        return self.read(question, value) if isinstance(value, str) else wrong_type(question, '"…"')

    def read(self, question: Question, written: str) -> Value | Finding:
        """The text to store, or the finding that it is too long to be looked at."""
        longest_taken = question.rules.max_length or self.most
        if len(written) > 4 * longest_taken + 200:
            return too_many(question, longest_taken, len(written), CHARACTERS)
        found = texts.clean(written)
        if question.rules.format and found:
            found = FORMATS[question.rules.format].normal(found)
        return found or None

    def judge(self, question: Question, found: Value, on: date | None) -> Finding | None:
        """Format, length and pattern, in this order."""
        rules = question.rules
        longest_taken = rules.max_length or self.most
        if rules.format and (problem := FORMATS[rules.format].problem(found)):
            return problem
        if rules.min_length is not None and len(found) < rules.min_length:
            return too_few(question, rules.min_length, len(found), CHARACTERS)
        if len(found) > longest_taken:
            return too_many(question, longest_taken, len(found), CHARACTERS)
        if rules.pattern and not rules.pattern.fits(found):
            words = rules.pattern_words or Text(
                "“{label}”的格式不对。", "“{label}” has a wrong form.", label=question.label
            )
            return Finding("form.E106", "error", words, hint=question.why)
        return None


def hint(question: Question) -> Text | None:
    """What the format says to whoever writes."""
    return FORMATS[question.rules.format].hint if question.rules.format else None
