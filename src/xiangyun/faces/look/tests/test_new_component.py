"""A new form component is one module and one template: no file that is there already changes."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import override_settings

from xiangyun.faces.look.answers import in_words
from xiangyun.faces.look.asking import Asking, Rows
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import check, check_form, from_json, kinds, read_form
from xiangyun.kernel.formspec.reference import reference

DECLARATION = '''
"""How satisfied somebody is, in stars."""

from decimal import Decimal

from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.faults import fault, wrong_type
from xiangyun.kernel.formspec.properties import REQUIRED, Property, count
from xiangyun.kernel.formspec.questionkind import QuestionKind


def typed(question, sent):
    text = sent[-1].strip() if sent else ""
    if not text:
        return None
    return Decimal(text) if text.isdigit() else fault("form.E107", question, "应为数。", "number.")


def given(question, value):
    return Decimal(value) if type(value) in (int, Decimal) else wrong_type(question, "3")


def judge(question, value, on):
    most = question.rules.more.get("stars", 5)
    return None if value <= most else fault("form.E109", question, "太多。", "has too many.")


def words(question, value):
    return "★" * int(value)


KIND = QuestionKind(
    "stars", Text("星级", "Stars"), Text("几颗星。", "How many."),
    Text("数", "a number"), "3",
    typed, given, judge, words,
    properties=(REQUIRED, Property("stars", Text("至多几颗。", "The most."), count)),
)
'''
TEMPLATE = """{% extends "look/kinds/_one.html" %}
{% block control %}<meter name="{{ field.key }}"
data-stars="{{ field.typed }}"{% include "look/kinds/_aria.html" %}>{% endblock %}
"""
FORM = """{"components": [
 {"type": "stars", "key": "how", "label": "满意吗", "stars": 4, "validate": {"required": true}},
 {"type": "dynamiclist", "path": "rows", "label": "逐项", "components": [
  {"type": "stars", "key": "each", "label": "几星"}]}]}"""


@pytest.fixture
def stars(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package elsewhere that is walked as well, and a folder of templates."""
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "stars.py").write_text(DECLARATION, "utf-8")
    template = tmp_path / "look" / "kinds" / "stars.html"
    template.parent.mkdir(parents=True)
    template.write_text(TEMPLATE, "utf-8")
    package = import_module(kinds.__module__)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / "kinds")])
    kinds.cache_clear()
    with override_settings(TEMPLATES=[{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]):
        yield
    monkeypatch.undo()
    kinds.cache_clear()


def test_a_new_component_is_read_asked_judged_shown_and_documented(stars: None) -> None:
    form = read_form(FORM)
    how, _ = form.questions
    assert from_json(form, {"how": 5}).errors["how"].id == "form.E109"
    assert from_json(form, {"how": "x"}).errors["how"].id == "form.E103"
    assert check(form, {}).keys() == {"how"}
    reading = form.read(None, {"how": ["3"], "rows.0.each": ["2"]}, {})
    assert (reading.errors, reading.answers) == ({}, {"how": 3, "rows": [{"each": 2}]})
    assert in_words(how, reading.answers["how"]) == "★★★"
    asked, listed = Asking(form.questions, reading.answers).fields
    assert isinstance(listed, Rows)
    html = render_to_string(asked.template, {"field": asked})
    assert 'name="how"' in html
    assert 'data-stars="3"' in html
    assert 'data-stars="2"' in render_to_string(listed.template, {"field": listed})
    assert "### stars: Stars, 星级" in reference()
    assert "| `stars` | The most. | 至多几颗。 |" in reference()


def test_a_kind_that_nobody_declared_is_an_error_with_its_line_and_never_accepted() -> None:
    found = check_form(FORM)
    assert [f.id for f in found][:2] == ["form.E005", "form.E005"]
    assert found[0].place
    assert found[0].place.line == 2
    assert isinstance(found[0].message, Text)


def test_every_kind_has_its_template(settings) -> None:
    folder = Path(__file__).parents[1] / "templates" / "look" / "kinds"
    assert {f"{name}.html" for name in kinds()} <= {path.name for path in folder.iterdir()}
