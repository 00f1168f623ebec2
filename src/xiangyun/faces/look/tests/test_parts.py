"""Parts of pages that are drawn once: by their values, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.template import Context, Template
from django.utils.translation import override

from xiangyun.faces.look import parts
from xiangyun.faces.look.fields import Choice, Field, Said
from xiangyun.faces.look.page import Entry
from xiangyun.kernel.findings import Text

ENTRIES = "look/entries.html"
made: list[object] = []


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    parts._drawn.cache_clear()
    made.clear()
    yield
    parts._drawn.cache_clear()


def entry(name: str, count: int = 0) -> Entry:
    return Entry(Text.given(name, f"{name} in English"), "/there", False, count)


def shown(*entries: Entry) -> dict[str, object]:
    made.append(entries)
    return {"entries": entries}


def test_a_part_is_drawn_once_for_equal_values_and_anew_for_others() -> None:
    first = parts.part(ENTRIES, shown, entry("待办"))
    assert "待办" in first
    assert parts.part(ENTRIES, shown, entry("待办")) is first
    assert "3" in parts.part(ENTRIES, shown, entry("待办", 3))
    assert "查办件" in parts.part(ENTRIES, shown, entry("查办件"))
    assert len(made) == 3


def test_each_language_has_parts_of_its_own() -> None:
    assert "in English" not in parts.part(ENTRIES, shown, entry("待办"))
    with override("en"):
        assert "待办 in English" in parts.part(ENTRIES, shown, entry("待办"))


def test_a_part_sees_nothing_of_the_page_around_it() -> None:
    page = Template('{% load look %}{% part "look/logout.html" %}')
    told = Context({"csrf_token": "of-this-browser", "actor": "somebody"})
    assert "of-this-browser" not in page.render(told)
    assert "of-this-browser" in Template('{% include "look/logout.html" %}').render(told)


@dataclass(frozen=True, slots=True)
class Listed:
    """A value that cannot be compared with others."""

    days: list[date]


def test_a_value_that_may_change_is_refused() -> None:
    with pytest.raises(TypeError):
        parts.part(ENTRIES, shown, Listed([]))  # type: ignore[arg-type]


def drawn(field: Field) -> str:
    return Template('{% include "look/field.html" %}').render(Context({"field": field}))


def test_what_somebody_typed_or_is_told_is_never_kept() -> None:
    label, said = Text("姓名", "Name"), Said(Text("慢", "slow"), Text("", ""), "amber")
    empty = Field("name", "text", label)
    assert 'value=""' in drawn(empty)
    before = parts._drawn.cache_info().currsize
    assert 'value="王样云"' in drawn(Field("name", "text", label, typed="王样云"))
    assert "慢" in drawn(Field("name", "text", label, said=[said]))
    long = [Choice(str(number), label) for number in range(60)]
    assert drawn(Field("name", "select", label, choices=long)).count("<option") == 61
    assert parts._drawn.cache_info().currsize == before
    assert drawn(empty) == drawn(Field("name", "text", Text("姓名", "Name")))


def test_a_sentence_without_values_is_said_in_the_language_of_each_reader() -> None:
    page = Template('{% load look %}{% say "登录" "Log in" %}')
    assert page.render(Context()) == "登录"
    with override("en"):
        assert page.render(Context()) == "Log in"
    assert page.render(Context()) == "登录"
    kept = Template('{% load look %}{% say "登录" "Log in" as words %}[{{ words }}]')
    assert kept.render(Context()) == "[登录]"
