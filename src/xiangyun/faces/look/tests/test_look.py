"""The stylesheet, the tags and the partials."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.translation import override

from xiangyun.faces.look.fields import Field
from xiangyun.kernel.findings import Finding, Text

LOOK = Path(__file__).resolve().parents[1]
CSS = (LOOK / "static/look/look.css").read_text("utf-8")


def shown(template: str, language: str = "zh-hans", **context: object) -> str:
    with override(language):
        return Template("{% load look %}" + template).render(Context(context))


def test_the_stylesheet_stays_under_thirty_kilobytes() -> None:
    assert len(CSS.encode()) < 30_000


def test_colours_stand_only_among_the_tokens() -> None:
    body = CSS[CSS.index("/* ---- page") : CSS.index("/* ---- print")]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", body)) <= {"#fff"}  # the paper of certificates


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tokens(scheme: str) -> dict[str, str]:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    part = light if scheme == "light" else dark[: dark.index("/* ---- page")]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", part))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "accent", "accent-deep", "good", "amber", "late"])
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_words_have_contrast_aa(scheme: str, ink: str, ground: str) -> None:
    found = tokens(scheme)
    assert contrast(found[ink], found[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_buttons_and_edges_have_contrast(scheme: str) -> None:
    found = tokens(scheme)
    assert contrast(found["on-accent"], found["accent"]) >= 4.5
    assert contrast(found["edge"], found["paper"]) >= 3
    for state in ("good", "amber", "late"):
        assert contrast(found[state], found[f"{state}-tint"]) >= 4.5
        assert contrast(found["ink"], found[f"{state}-tint"]) >= 4.5


def test_say_speaks_both_languages_and_escapes_values() -> None:
    template = '{% say "找到 {q}" "Found {q}" q=q %}'
    assert shown(template, q="<b>") == "找到 &lt;b&gt;"
    assert shown(template, "en", q="<b>") == "Found &lt;b&gt;"


def test_days_are_written_as_people_write_them() -> None:
    day = dt.date(2026, 4, 9)
    assert shown("{{ d|day }}", d=day) == "2026年4月9日"
    assert shown("{{ d|weekday }}", d=day) == "2026年4月9日（星期四）"
    assert shown("{{ d|weekday }}", "en", d=day) == "Thursday, 9 April 2026"


def test_a_moment_is_shown_in_local_time() -> None:
    at = dt.datetime(2026, 4, 9, 22, 30, tzinfo=dt.UTC)
    assert shown("{{ d|moment }}", d=at) == "2026年4月10日 06:30"


def test_stored_words_are_read_in_the_readers_language() -> None:
    assert shown("{{ t|words }}", "en", t={"zh": "营业执照", "en": "Business licence"}) == (
        "Business licence"
    )


def test_a_light_is_a_shape_and_a_word_besides_a_colour() -> None:
    shapes = {name: shown("{% light n %}", n=name) for name in ("green", "amber", "red")}
    assert len({re.sub(r"green|amber|red", "", s.split("</svg>")[0]) for s in shapes.values()}) == 3
    assert "已超期" in shapes["red"]


def test_a_field_ties_its_message_to_its_control() -> None:
    fault = Finding("x.E1", "error", Text("不对。", "Wrong."), hint=Text("例如 1", "Such as 1"))
    field = Field("n", "text", Text("数", "Number"), typed='"><script>', error=fault)
    html = shown('{% include "look/field.html" %}', field=field)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="f-n-error"' in html
    assert "例如 1" in html
    assert "<script>" not in html


@pytest.mark.parametrize("kind", ["text", "textarea", "select", "radio", "checklist", "file"])
def test_every_kind_of_field_can_be_reached_from_the_summary(kind: str) -> None:
    html = shown('{% include "look/field.html" %}', field=Field("n", kind, Text("数", "N")))
    assert 'id="f-n"' in html
