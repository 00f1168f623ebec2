"""What outcomes, actions, stages and codes mean is said by the pack, and checked."""

from __future__ import annotations

import re

import pytest

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import check_pack, published_pack, read_pack
from xiangyun.kernel.pack.tests.shipped import broken, errors, files

ITEM, PROCESS = "service.yaml", "process.bpmn"


def found(changed: dict[str, str], id: str, code: str = "") -> list[Finding]:
    return [each for each in check_pack(changed, code) if each.id == id]


def renamed(old: str, new: str) -> dict[str, str]:
    """The pack with an outcome called otherwise, wherever it is named."""
    return {
        path: re.sub(rf'(outcome" value=")({old})"', rf'\1{new}"', text)
        .replace(f"outcome.{old}", f"outcome.{new}")
        .replace(f"  {old}: {{meaning", f"  {new}: {{meaning")
        .replace(f"outcome: {old}\n", f"outcome: {new}\n")
        for path, text in files().items()
    }


def test_an_outcome_may_have_any_name_since_the_service_says_what_it_means() -> None:
    changed = renamed("issued", "licence_in_hand")
    assert errors(check_pack(changed)) == []
    outcome = read_pack(changed).service.outcome("licence_in_hand")
    assert outcome is not None
    assert (outcome.meaning, outcome.tone, outcome.stage) == ("granted", "good", "issue")


def test_an_end_with_an_outcome_that_is_not_declared_is_refused() -> None:
    changed = broken(PROCESS, 'name="outcome" value="refused"', 'name="outcome" value="refuzed"')
    [finding] = found(changed, "pack.E027")
    assert finding.hint is not None
    assert "refused" in finding.hint.en


def test_an_outcome_that_no_end_says_is_named() -> None:
    changed = broken(
        ITEM, "  lapsed: {meaning", "  forgotten: {meaning: closed}\n  lapsed: {meaning"
    )
    [finding] = found(changed, "pack.W006")
    assert "forgotten" in finding.message.en


def test_a_meaning_that_there_is_not_is_refused() -> None:
    changed = broken(ITEM, "withdrawn: {meaning: taken_back}", "withdrawn: {meaning: gone}")
    [finding] = errors(check_pack(changed))
    assert "taken_back" in finding.message.en


def test_the_stage_of_an_outcome_must_exist() -> None:
    changed = broken(ITEM, "stage: issue}", "stage: issuing}")
    assert [each.id for each in errors(check_pack(changed))] == ["pack.E026"]


def test_an_action_that_no_task_has_is_named() -> None:
    changed = broken(ITEM, "  refuse: {grave", "  refuze: {grave")
    [finding] = found(changed, "pack.W007")
    assert finding.hint is not None
    assert "refuse" in finding.hint.en


def test_a_version_from_before_outcomes_were_declared_keeps_its_meanings() -> None:
    text = files()[ITEM]
    start, end = text.index("outcomes: "), text.index("roles: ")
    before = (text[:start] + text[end:]).replace("{id: correct, announced: false}", "correct")
    assert "pack.W008" in {each.id for each in check_pack({**files(), ITEM: before})}
    event = "{code: starting_a_business, name: {zh-Hans: 开办企业, en: Starting a business}}"
    item = published_pack({**files(), ITEM: before.replace(event, "starting_a_business")}).service
    issued = item.outcome("issued")
    assert issued is not None
    assert (issued.tone, issued.stage) == ("good", "issue")
    assert item.is_grave("refuse")
    assert item.follows("correct") == {"correct"}
    assert item.unannounced == ("correct",)
    assert item.life_event is not None
    assert item.life_event.code == "starting_a_business"


def test_a_life_event_without_its_name_is_refused() -> None:
    changed = broken(ITEM, "{code: starting_a_business, name: {zh", "starting # {zh")
    assert "pack.E006" in {each.id for each in errors(check_pack(changed))}


@pytest.mark.parametrize(
    ("code", "path", "wanted"),
    [
        ("market/company-registration", "market/firms", "market/firms"),
        ("company-registration", "", "area/company-registration"),
        ("a/b/c", "", "a/b"),
        ("Market/Firms", "", "market/firms"),
    ],
)
def test_a_code_that_is_not_the_path_is_refused(code: str, path: str, wanted: str) -> None:
    changed = broken(ITEM, "code: market/company-registration ", f"code: {code} ")
    [finding] = found(changed, "pack.E035", path)
    assert finding.place is not None
    assert finding.place.line == 5
    assert finding.hint is not None
    assert f"code: {wanted}" in finding.hint.en


def test_the_spelling_of_earlier_packs_is_a_warning() -> None:
    changed = broken(ITEM, "code: market/company", "code: market.company")
    [finding] = found(changed, "pack.E035", "market/company-registration")
    assert finding.severity == "warning"


def test_a_code_that_is_the_path_is_fine() -> None:
    assert found(files(), "pack.E035", "market/company-registration") == []
    assert found(files(), "pack.E035") == []
