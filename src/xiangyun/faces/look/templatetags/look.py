"""Words in the reader's language, dates as people write them, icons and lights.

`{% say "中文" "English" %}` is the only way wording gets into a template, so that no sentence can
be there in one language alone. Both may name values, as in a `Text`:
`{% say "还剩 {n} 天" "{n} {n|day|days} left" n=3 %}`. Words and values are escaped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.library import Library, SimpleNode
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from xiangyun.domain.cases.queries import Answered, Case
from xiangyun.faces.look import icons, parts
from xiangyun.faces.look.answers import summary
from xiangyun.faces.look.languages import reader
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import visible_pages
from xiangyun.kernel.language import Language
from xiangyun.kernel.worktime import day_words

register = template.Library()

_LIGHTS = {
    "green": Text("时间充足", "In time"),
    "amber": Text("临近期限", "Due soon"),
    "red": Text("已超期", "Overdue"),
    "paused": Text("暂停计时", "Clock stands still"),
    "none": Text("未计时", "Not timed"),
}


@register.tag
def say(parser: Parser, token: Token) -> Node:
    """A sentence in the reader's language, with its values, escaped."""
    usual = _say(parser, token)
    if usual.kwargs or usual.target_var or any(each.filters for each in usual.args):
        return usual
    given = [each.var for each in usual.args]
    return Sentence(*given) if all(isinstance(each, str) for each in given) else usual


def _said(zh: str, en: str, **values: Any) -> SafeString:
    return mark_safe(Text(zh, en, **values).pick(reader(), conditional_escape))


def _compiled(function: Callable[..., Any], name: str) -> Callable[[Parser, Token], SimpleNode]:
    """What Django makes of a simple tag."""
    library = Library()
    library.simple_tag(function, name=name)
    return library.tags[name]


_say = _compiled(_said, "say")


_NOT_SAID: tuple[Language | None, SafeString] = None, SafeString()


class Sentence(Node):
    """A sentence without values, as most of a page are: put together once for each language."""

    child_nodelists = ()

    def __init__(self, zh: str, en: str) -> None:
        self._text = Text(zh, en)
        self._said: dict[str, tuple[Language, SafeString]] = {}

    def render(self, context: Context) -> SafeString:
        """Called by Django."""
        language = reader()
        known, said = self._said.get(language.tag, _NOT_SAID)
        if known is not language:
            said = mark_safe(self._text.pick(language, conditional_escape))
            self._said[language.tag] = language, said
        return said

    render_annotated = render


@register.filter
def words(text: Any) -> str:
    """A kernel `Text`, or a stored {zh, en}, in the reader's language; None as nothing."""
    if text is None:
        return ""
    if isinstance(text, Mapping) and "zh" in text:
        text = Text.from_json(text)
    return text.pick(reader()) if isinstance(text, Text) else str(text)


@register.filter
def few(number: int, coarse: bool) -> str:
    """A number; of coarse ones 0 says that there are fewer than five."""
    return "<5" if coarse and not number else str(number)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A day: 2026年4月9日, 9 April 2026."""
    return "" if value is None else reader().written_day(_local(value))


@register.filter
def weekday(value: dt.date | dt.datetime | None) -> str:
    """A day that counts, with its weekday: 2026年4月9日（星期四）, Thursday, 9 April 2026."""
    return "" if value is None else reader().written_day(_local(value), "weekday")


@register.filter
def until(value: dt.date | dt.datetime | None) -> str:
    """The end of a time limit: a day, or a moment where hours are counted."""
    return moment(value) if isinstance(value, dt.datetime) else day(value)


@register.filter
def until_weekday(value: dt.date | None) -> str:
    """The same with its weekday: 2026年4月9日（星期四）15:30."""
    return "" if value is None else words(day_words(value))


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment in local time: 2026年4月9日 14:05."""
    return "" if value is None else reader().written_moment(_local(value))


@register.filter
def shown(value: Any) -> str:
    """An answer or a fact as a person reads it."""
    match value:
        case None | "" | []:
            return words(Text("未填写", "not given"))
        case bool():
            return words(Text("是", "Yes") if value else Text("否", "No"))
        case Decimal() | int() | float():
            return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
        case dt.datetime():
            return moment(value)
        case dt.date():
            return day(value)
        case list() | tuple():
            return reader().semicolon.join(shown(item) for item in value)
        case dict() if "zh" in value:
            return words(value)
        case dict():
            return reader().semicolon.join(f"{k} {shown(v)}" for k, v in value.items())
    return words(value)


@register.filter
def size(count: int | None) -> str:
    """A file's size: 340 kB, 2.1 MB."""
    if count is None:
        return ""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


@register.simple_tag
def part(template: str, **values: Hashable) -> SafeString:
    """A template with these values and nothing else, drawn once; see `look.parts`."""
    return parts.part(template, _as_given, *values.items())


def _as_given(*values: tuple[str, Hashable]) -> dict[str, Hashable]:
    return dict(values)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon; a word must stand beside it."""
    return icons.icon(name)


@register.simple_tag
def mark() -> SafeString:
    """The mark of the platform."""
    return icons.mark()


@register.simple_tag
def light(name: str | None) -> SafeString:
    """A light's shape, with its meaning for those who do not see it."""
    meaning = _LIGHTS.get(name or "none", _LIGHTS["none"])
    return format_html(
        '{}<span class="visually-hidden">{}</span>', icons.light(name or ""), words(meaning)
    )


def _local(value: dt.date | dt.datetime) -> Any:
    """The value in local time when it is a moment; a day stays as it is."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.inclusion_tag("look/answered.html")
def answered(case: Case, found: Answered) -> dict[str, Any]:
    """What the form of a task was answered with, folded, with its files."""
    pages = visible_pages(found.form, found.answers)
    groups = summary(pages, found.answers, given_only=True)
    return {"case": case, "groups": groups, "files": found.evidence}


@register.inclusion_tag("look/downloads.html", takes_context=True)
def downloads(context: Mapping[str, Any]) -> dict[str, Any]:
    """The ways to what this page lists as files; see `look.downloads`."""
    asked = context["request"].GET.copy()
    for name in ("as", "after", "before", "skip"):
        asked.pop(name, None)
    ways = []
    for form, name in (("csv", "CSV"), ("xlsx", "Excel")):
        asked["as"] = form
        ways.append((name, f"?{asked.urlencode()}"))
    return {"ways": ways, "most": f"{10_000:,}"}
