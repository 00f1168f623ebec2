"""What is declared once is documented as it is declared: headers, service tasks, verbs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from declaring import REFERENCE, TABLES, with_table

from xiangyun import manifest
from xiangyun.kernel.record import checked_register
from xiangyun.kernel.service import headers
from xiangyun.manifest import verbs


@pytest.mark.parametrize(("page", "name"), TABLES, ids=lambda each: each)
def test_the_reference_says_what_is_declared(page: str, name: str) -> None:
    text = (REFERENCE / page).read_text("utf-8")
    assert with_table(text, name, TABLES[page, name]()) == text, "run: make reference"


def test_every_property_of_an_element_is_documented() -> None:
    text = (REFERENCE / "packs.md").read_text("utf-8")
    declared = (headers.CLOCK, headers.PAUSE, headers.STAGE, headers.MINUTES, headers.OUTCOME)
    declared += headers.SIGNATURES
    assert not [each.name for each in declared if f"`{each.name}`" not in text]
    values = [value for each in declared for value in each.values]
    assert not [value for value in values if f"`{value}`" not in text and value not in text]


def test_every_verb_that_code_writes_is_declared() -> None:
    source = Path(manifest.__file__).parent
    written = {
        found
        for path in source.rglob("*.py")
        if "tests" not in path.parts
        for found in re.findall(
            r"""(?:\b(?:record|record_platform|note|_record)\(\s*|\bverb=)"([a-z]+\.[a-z_]+)\"""",
            path.read_text("utf-8"),
        )
    }
    assert written
    assert written <= verbs().keys()


def test_every_key_of_a_register_is_documented() -> None:
    text = (REFERENCE / "registers.md").read_text("utf-8")
    source = (Path(manifest.__file__).parent / "kernel" / "record" / "reader.py").read_text("utf-8")
    read = set(re.findall(r"""\b(?:f|o)\.(?:\w+)\("(\w+)\"|_one\(f, "(\w+)\"""", source))
    keys = {key for pair in read for key in pair if key}
    assert len(keys) > 20
    assert sorted(key for key in keys if f"`{key}`" not in text and f"`{{{key}" not in text) == []


def test_the_example_on_the_page_about_registers_passes_the_check() -> None:
    text = (REFERENCE / "registers.md").read_text("utf-8")
    example = re.search(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert example
    assert checked_register(example[1], "registers/company.yaml")[1] == []
