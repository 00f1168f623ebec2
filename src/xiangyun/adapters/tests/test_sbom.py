"""The bill of materials says what the lock files pin, each thing with what asks for it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.adapters.sbom import bill, read_lock
from xiangyun.kernel.findings import Refused

ROOT = Path(__file__).resolve().parents[4]
LOCK = ROOT / "requirements" / "run.lock"
_HASHES = f"    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
SMALL = f"click==8.1.8 \\\n{_HASHES}    # via typer\nTyper_Slim==0.9 \\\n{_HASHES}"


def test_every_pin_of_the_shipped_lock_stands_in_the_bill_with_its_hashes() -> None:
    text = LOCK.read_text("utf-8")
    made = bill([read_lock(text, "run.lock")])
    assert len(made["components"]) == sum("==" in line for line in text.splitlines())
    hashes = [
        reference["hashes"][0]["content"]
        for component in made["components"]
        for reference in component["externalReferences"]
    ]
    assert len(hashes) == text.count("--hash=sha256:")
    django = next(each for each in made["components"] if each["name"] == "django")
    assert "BSD" in str(django["licenses"])


def test_each_asks_for_what_the_lock_says() -> None:
    made = bill([read_lock(LOCK.read_text("utf-8"), "run.lock")])
    asked = {each["ref"].partition("@")[0]: each["dependsOn"] for each in made["dependencies"]}
    assert any(ref.startswith("pkg:pypi/asgiref@") for ref in asked["pkg:pypi/django"])
    assert any(ref.startswith("pkg:pypi/django@") for ref in asked["pkg:pypi/xiangyun"])
    known = {each["ref"] for each in made["dependencies"]}
    assert known >= {ref for found in asked.values() for ref in found}


def test_names_are_normal_and_what_nobody_asks_for_the_platform_does() -> None:
    made = bill([read_lock(SMALL, "a.lock")])
    assert [each["purl"] for each in made["components"]] == [
        "pkg:pypi/click@8.1.8",
        "pkg:pypi/typer-slim@0.9",
    ]
    assert made["dependencies"][0]["dependsOn"] == [
        "pkg:pypi/click@8.1.8",
        "pkg:pypi/typer-slim@0.9",
    ]


def test_the_same_locks_give_the_same_bill_and_others_another() -> None:
    small = read_lock(SMALL, "a.lock")
    assert bill([small]) == bill([small, read_lock(SMALL, "b.lock")])
    other = read_lock(SMALL.replace("8.1.8", "8.1.9"), "a.lock")
    assert bill([small])["serialNumber"] != bill([other])["serialNumber"]


@pytest.mark.parametrize(
    "text", ["", "click>=8\n", "click==8.1.8\n", f"{_HASHES}", f"{SMALL}<html>\n", "a" * (5 << 20)]
)
def test_what_is_no_lock_with_hashes_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_lock(text, "a.lock")
    assert refused.value.findings[0].id == "sbom.E001"


@given(st.text(st.sampled_from("ab1=.-_#\\ \n;[]:") | st.characters(), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        assert read_lock(text, "a.lock")
