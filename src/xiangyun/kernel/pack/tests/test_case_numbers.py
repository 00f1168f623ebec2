"""Two services whose cases could get one number are found before either is published."""

from __future__ import annotations

import pytest

from xiangyun.kernel.pack import Known, check_pack, read_contents
from xiangyun.kernel.pack.tests.shipped import files

CODE = "market/company-registration"
NUMBERS = """
numbers:
  - name: case
    words: {{zh-Hans: 办件编号, en: Case number}}
    per: [year, county]
    format: "{form}"
{more}
"""


def numbered(form: str, more: str = "", code: str = CODE) -> dict[str, str]:
    found = dict(files())
    text = found["service.yaml"]
    found["service.yaml"] = text.replace(f"code: {CODE}", f"code: {code}") + NUMBERS.format(
        form=form, more=more
    )
    return found


def collisions(form: str, other: str, more: str = "") -> list[str]:
    """What is found of a service beside another one with this form."""
    beside = read_contents(numbered(other, more, "market/other"), "market/other").declarations
    found = check_pack(numbered(form, more), CODE, Known(beside))
    return [str(each.message.en) for each in found if each.id == "pack.E121"]


@pytest.mark.parametrize(
    ("form", "other", "collide"),
    [
        ("HG{place.code}-{year}-{serial}", "HG{place.code}-{year}-{serial}", True),
        ("HG{place.code}-{year}-{serial}", "LK{place.code}-{year}-{serial}", False),
        ("A{place.code}{year}-{serial}", "A{year}{place.code}-{serial}", True),
        ("{place.name}许{year}-{serial}", "{place.name}证{year}-{serial}", False),
        ("{place.name}许{year}-{serial}", "{division.name}许{year}-{serial}", True),
        ("X{place.code}-{year}-{serial}", "X{place.code}.{year}-{serial}", False),
    ],
)
def test_forms_that_have_a_text_in_common_collide(form: str, other: str, collide: bool) -> None:
    assert bool(collisions(form, other)) is collide
    assert bool(collisions(other, form)) is collide


def test_services_that_share_one_count_never_collide() -> None:
    form = "HG{place.code}-{year}-{serial}"
    assert collisions(form, form, "    series: shared") == []


def test_digits_alone_could_be_the_usual_number() -> None:
    (said,) = collisions("{place.code}{year}{serial}", "LK{place.code}-{year}-{serial}")
    assert "services without a form of their own" in said
