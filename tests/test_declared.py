"""What is declared once is documented as it is declared: headers, service tasks, verbs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from declaring import REFERENCE, TABLES, with_table

from xiangyun import manifest
from xiangyun.kernel.service import headers
from xiangyun.manifest import verbs


@pytest.mark.parametrize(("page", "name"), TABLES, ids=lambda each: each)
def test_the_reference_says_what_is_declared(page: str, name: str) -> None:
    text = (REFERENCE / page).read_text("utf-8")
    assert with_table(text, name, TABLES[page, name]()) == text, "run: make reference"


def test_every_property_of_an_element_is_documented() -> None:
    text = (REFERENCE / "packs.md").read_text("utf-8")
    declared = (headers.CLOCK, headers.PAUSE, headers.STAGE, headers.MINUTES, headers.OUTCOME)
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
