"""YAML in packs: safe, with places, and without guesses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.packfile.yamltext import read_yaml


def read(text: str) -> tuple[object, list[Finding]]:
    findings: list[Finding] = []
    root = read_yaml(text, "x.yaml", findings.append)
    return (root.plain() if root else None), findings


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("8:30", "8:30"),
        ("0012", "0012"),
        ('"222404000000"', "222404000000"),
        ("200", Decimal(200)),
        ("-0.5", Decimal("-0.5")),
        ("2024-07-01", date(2024, 7, 1)),
        ("true", True),
        ("null", None),
        ("=precheck.name", "=precheck.name"),
    ],
)
def test_only_what_is_plain_is_more_than_words(written, value):
    assert read(f"key: {written}") == ({"key": value}, [])


def test_a_day_that_does_not_exist_is_named_with_its_line():
    _, findings = read("a: 1\nb: 2024-02-30")
    assert [(f.id, f.place.line) for f in findings] == [("pack.E006", 2)]


@pytest.mark.parametrize("text", ["a: &x [1]\nb: *x", "a: !!python/object:os.system {}", "a: !x 1"])
def test_anchors_aliases_and_tags_are_refused(text):
    value, findings = read(text)
    assert value is None
    assert [f.id for f in findings] == ["pack.E002"]


def test_a_deeply_nested_file_is_refused_and_does_not_crash():
    value, findings = read("[" * 5_000)
    assert value is None
    assert [f.id for f in findings] == ["pack.E002"]


def no_event(*args: object, **more: object) -> None:
    raise AssertionError("the text was parsed")


@pytest.mark.parametrize(
    "text", ["\n".join(f"k{n}: 1" for n in range(300_000)), "\n" * 20_001, "x" * 1_000_001]
)
def test_what_is_too_large_is_refused_before_it_is_parsed(text, monkeypatch):
    monkeypatch.setattr("yaml.parse", no_event)
    value, findings = read(text)
    assert value is None
    assert [f.id for f in findings] == ["pack.E008"]


def test_too_many_values_on_few_lines_are_refused_while_they_are_counted():
    value, findings = read("[" + "1, " * 60_000 + "1]")
    assert value is None
    assert [(f.id, f.place.line) for f in findings] == [("pack.E008", 1)]


def test_a_second_document_is_refused_with_its_line():
    value, findings = read("a: 1\n---\nb: 2\n")
    assert value is None
    assert [(f.id, f.place.line) for f in findings] == [("pack.E002", 2)]


@given(st.text(max_size=200))
def test_any_text_gives_nodes_or_one_finding_that_it_cannot_be_read(text):
    findings: list[Finding] = []
    root = read_yaml(text, "x.yaml", findings.append)
    assert (root is None) == ("pack.E002" in {finding.id for finding in findings})
