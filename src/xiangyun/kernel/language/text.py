"""A sentence of the platform, and the languages it is read in.

A sentence stands in the code in both complete languages, `Text("第 {row} 行", "row {row}", row=3)`,
and is put together only when somebody reads it, in the reader's language. What makes it known to
other languages is its id, made from its two wordings: a sentence that changes has another id, and
falls back until it is translated anew. See docs/decisions/0016-languages-are-an-open-set.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2s
from typing import Any

from xiangyun.kernel.language.plural import Rule, read_rule
from xiangyun.kernel.language.template import BrokenTemplate, Hole, names, pieces

Escape = Callable[[Any], str]

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """What it takes to write in a language; all but zh-Hans and en are read from files.

    `sentences` are templates by sentence id. What is not among them is read in the language it
    falls back to.
    """

    tag: str
    """BCP 47, as `lang` of a page has it: zh-Hans, en, ko."""
    name: str
    """Its own name for itself."""
    falls_back: Language | None = None
    direction: str = "ltr"
    sentences: Mapping[str, str] = field(default_factory=dict, repr=False)
    plurals: tuple[tuple[str, Rule], ...] = ()
    """Categories with their rules; `other` is none of them."""
    day: str = "{year}-{month:02}-{day:02}"
    """A day, from year, month, day and name_of_month."""
    weekday: str = "{day} ({weekday})"
    """A day with its weekday."""
    moment: str = "{day} {time}"
    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    """From Monday on."""
    comma: str = ", "
    """Between the members of a list."""
    semicolon: str = "; "
    colon: str = ": "

    def chain(self) -> Iterator[Language]:
        """This language, and what it falls back to in turn."""
        language: Language | None = self
        while language is not None:
            yield language
            language = language.falls_back

    def form(self, number: int | float | Decimal, forms: tuple[str, ...]) -> str:
        """The plural form that fits a number. Raises BrokenTemplate when some are wanting."""
        if len(forms) != len(self.plurals) + 1:
            raise BrokenTemplate("|".join(forms))
        for (_, rule), form in zip(self.plurals, forms, strict=False):
            if rule.of(number):
                return form
        return forms[-1]

    def written_day(self, day: date, form: str = "") -> str:
        """A day as this language writes it; `form` is nothing, `weekday` or `iso`."""
        if form == "iso":
            return day.isoformat()
        written = self._filled(
            self.day,
            year=day.year,
            month=day.month,
            day=day.day,
            name_of_month=self.months[day.month - 1] if self.months else str(day.month),
        )
        if form != "weekday":
            return written
        name = self.weekdays[day.weekday()] if self.weekdays else ""
        return self._filled(self.weekday, day=written, weekday=name)

    def written_moment(self, at: datetime) -> str:
        """A moment, to the minute, in the time zone that it carries."""
        return self._filled(self.moment, day=self.written_day(at.date()), time=f"{at:%H:%M}")

    def _filled(self, template: str, **values: object) -> str:
        return _put_together(template, values, self, str)


CHINESE = Language(
    "zh-Hans",
    "中文",
    day="{year}年{month}月{day}日",
    weekday="{day}（{weekday}）",
    weekdays=tuple(f"星期{name}" for name in "一二三四五六日"),
    comma="、",
    semicolon="；",
    colon="：",
)
ENGLISH = Language(
    "en",
    "English",
    CHINESE,
    plurals=(("one", read_rule("i = 1 and v = 0")),),
    day="{day} {name_of_month} {year}",
    weekday="{weekday}, {day}",
    moment="{day}, {time}",
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
COMPLETE: Mapping[str, Language] = {each.tag: each for each in (CHINESE, ENGLISH)}
"""The languages that every sentence has."""


class Text:
    """Words in every language there is; complete in Chinese (zh-Hans) and in English.

    `Text("…", "…", name=value)` is a sentence of the platform: two templates, and the values of
    their holes. A value may itself be a Text, a day, or a list: each is shown in the language of
    the sentence. Without values braces are braces. `Text.given` holds words that came from outside.
    """

    __slots__ = ("_brief", "_en", "_others", "_values", "_zh")

    def __init__(self, zh: str, en: str, /, **values: object) -> None:
        self._zh = zh
        self._en = en
        self._values: Mapping[str, Any] = values
        self._others: Mapping[str, str] | None = None
        self._brief = False

    @classmethod
    def given(cls, zh: str, en: str, others: Mapping[str, str] = _NOTHING) -> Text:
        """Words of a pack, a register or a person: no template, and with translations of their own.

        `others` holds them by language tag. What is empty falls back.
        """
        made = cls(zh, en)
        made._others = others
        return made

    @classmethod
    def from_json(cls, stored: Mapping[str, str] | str) -> Text:
        """Words as `to_json` gave them; a plain string is the same in every language."""
        if isinstance(stored, str):
            return cls.given(stored, stored)
        return cls.given(stored["zh"], stored.get("en", ""))

    def replaced(self, old: str, new: Text) -> Text:
        """Words from outside with a placeholder filled in, in every language."""
        held = new._others or {}
        others = {
            tag: words.replace(old, held.get(tag, new.en))
            for tag, words in (self._others or {}).items()
        }
        return Text.given(self._zh.replace(old, new.zh), self._en.replace(old, new.en), others)

    @property
    def others(self) -> Mapping[str, str]:
        """What a pack has of the words in further languages, by tag."""
        return self._others or {}

    def to_json(self) -> dict[str, str]:
        """The words in both complete languages, put together: {zh, en}."""
        return {"zh": self.zh, "en": self.en}

    def brief(self) -> Text:
        """The same without most of a long text that it quotes."""
        made = Text(self._zh, self._en, **self._values)
        made._others, made._brief = self._others, True
        return made

    @property
    def zh(self) -> str:
        """The words in Chinese."""
        if self._zh and not self._values and not self._brief:
            return self._zh  # plain words, as most are
        return self.pick(CHINESE)

    @property
    def en(self) -> str:
        """The words in English."""
        if self._en and not self._values and not self._brief:
            return self._en
        return self.pick(ENGLISH)

    @property
    def id(self) -> str:
        """What other languages know the sentence by."""
        return sentence_id(self._zh, self._en)

    def pick(self, language: Language, escape: Escape = str) -> str:
        """The words in a language, or in the one it falls back to.

        A translation that asks for a value the sentence has not is passed over like a missing one.
        `escape` is asked for everything that is put together, so that HTML stays safe.
        """
        for each in language.chain():
            template = self._template(each)
            if template is None:
                continue
            if not self._values:
                return escape(self._cut(template))
            try:
                return self._cut(_put_together(template, self._values, each, escape))
            except BrokenTemplate:
                if each.tag in COMPLETE:
                    raise
        return escape(self._zh)

    def _cut(self, words: str) -> str:
        return f"{words[:200]}…{words[-60:]}" if self._brief and len(words) > 300 else words

    def _template(self, language: Language) -> str | None:
        """The one place that tells one language from another."""
        if language.tag in COMPLETE:
            words = self._zh if language.tag == CHINESE.tag else self._en
            return (words or None) if self._others is not None else words
        if self._others:
            return self._others.get(language.tag) or None
        return language.sentences.get(self.id)

    @property
    def template(self) -> tuple[str, str]:
        """The sentence in Chinese and in English with its holes as they are declared."""
        return self._zh, self._en

    @property
    def holes(self) -> frozenset[str]:
        """The names of the values that the sentence asks for in its complete languages."""
        return names(self._zh) | names(self._en)

    def filled(self, values: Mapping[str, object]) -> Text:
        """The same sentence about these values: for one that is declared before it is said."""
        return Text(self._zh, self._en, **values)

    def __str__(self) -> str:
        """In Chinese, the language of the house; whoever knows the reader asks `pick`."""
        return self.zh

    def __repr__(self) -> str:
        return f"Text({self.zh!r}, {self.en!r})"

    def __eq__(self, other: object) -> bool:
        """Two texts are one when they say the same in both complete languages."""
        if not isinstance(other, Text):
            return NotImplemented
        return self.zh == other.zh and self.en == other.en

    def __hash__(self) -> int:
        return hash((self.zh, self.en))


@lru_cache(maxsize=8192)
def sentence_id(zh: str, en: str) -> str:
    """A few English words to recognise a sentence by, and eight digits that tell it from others."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{[^{}]*\}", " ", en.lower()))
    digits = blake2s(f"{zh}\0{en}".encode(), digest_size=4).hexdigest()
    return "-".join([*words[:5], digits])


def _put_together(
    template: str, values: Mapping[str, Any], language: Language, escape: Escape
) -> str:
    """A template with its values. Raises BrokenTemplate for a name or form that does not fit."""
    return "".join(
        escape(piece) if isinstance(piece, str) else _filled(piece, values, language, escape)
        for piece in pieces(template)
    )


def _filled(hole: Hole, values: Mapping[str, Any], language: Language, escape: Escape) -> str:
    if hole.name not in values:
        raise BrokenTemplate(hole.name)
    value = values[hole.name]
    if hole.forms:
        if not isinstance(value, int | float | Decimal):
            return escape(hole.forms[-1])  # of what is no number there is no plural to know
        return escape(language.form(value, hole.forms))
    return _shown(value, hole.format, language, escape)


def _shown(value: Any, format_: str, language: Language, escape: Escape) -> str:
    if isinstance(value, Text):
        return value.pick(language, escape)
    if isinstance(value, datetime):
        return escape(language.written_moment(value))
    if isinstance(value, date):
        return escape(language.written_day(value, format_))
    if isinstance(value, list | tuple):
        shown = (_shown(each, format_, language, escape) for each in value)
        return escape(language.comma).join(shown)
    if not format_:
        return escape(value)
    try:
        return escape(format(value, format_))
    except ValueError as error:
        raise BrokenTemplate(format_) from error
