"""No two rules of a stylesheet fight over a property: where it stands, it holds."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

FACES = Path(__file__).resolve().parents[2]
SHEETS = sorted(FACES.glob("*/static/*/*.css"))
PART = re.compile(r"(@media[^{]*)\{|([^{}@]+)\{([^{}]*)\}|\}")


def said(css: str) -> Counter[tuple[str, str, str]]:
    """How often each selector sets each property, within the same condition."""
    found: Counter[tuple[str, str, str]] = Counter()
    within = ""
    for part in PART.finditer(re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
        media, selectors, rules = part.groups()
        if selectors is None:
            within = media or ""
            continue
        names = {rule.partition(":")[0].strip() for rule in rules.split(";") if ":" in rule}
        for selector in selectors.split(","):
            found.update((within, selector.strip(), name) for name in names)
    return found


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_selector_sets_a_property_twice(sheet: Path) -> None:
    css = sheet.read_text("utf-8")
    found = said(css)
    # Every property is read: a sheet that the pattern does not understand would pass unseen.
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    assert {name for _, _, name in found} == set(
        re.findall(r"[{;]\s*([\w-]+)\s*:(?=[^{}]*[;}])", plain)
    )
    assert [each for each, number in found.items() if number > 1] == []


def test_a_property_that_is_set_twice_is_found() -> None:
    assert (
        said("a, b { color: red; } @media print { a { color: red; } } a { color: blue; }")[
            "", "a", "color"
        ]
        == 2
    )
