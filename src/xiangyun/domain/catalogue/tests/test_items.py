"""Items of standard ways, published many at a time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions, queries
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.domain.journal.models import Entry

from .test_sheets import approved

AT = timezone.make_aware(datetime(2026, 5, 12, 10))
PACKS = Path(__file__).resolve().parents[5] / "packs"
ITEM = (PACKS / "market" / "stall-report" / "service.yaml").read_text("utf-8")


def items(many: int, old: str = "", new: str = "") -> dict[str, dict[str, str]]:
    """Items that differ in code and name."""
    return {
        f"own/stall-{n}": {
            "service.yaml": ITEM.replace("market/stall-report", f"own/stall-{n}")
            .replace("食品摊贩备案", f"食品摊贩备案{n}")
            .replace(old or "\0", new)
        }
        for n in range(many)
    }


def publish(packs: dict[str, dict[str, str]]) -> tuple[list[str], dict[str, list[str]]]:
    with acting_as(SYSTEM) as actor:
        done, refused = actions.publish_all(packs, actor=actor, at=AT)
    return (
        [f"{each.code} v{each.service.number}" for each in done],
        {code: [finding.id for finding in why.findings] for code, why in refused.items()},
    )


@pytest.mark.usefixtures("demonstration")
def test_items_are_published_together_and_each_stands_in_the_journal() -> None:
    assert publish(items(3)) == (["own/stall-0 v1", "own/stall-1 v1", "own/stall-2 v1"], {})
    with acting_as(SYSTEM):
        entries = Entry.objects.filter(verb="service.published", subject__startswith="own/stall-")
        assert [entry.subject for entry in entries.order_by("pk")] == list(items(3))
        found = queries.offered("own/stall-1")
        assert found is not None
        assert queries.pack(found.pk).service.name.zh == "食品摊贩备案1"


@pytest.mark.usefixtures("demonstration")
def test_the_same_items_again_change_nothing_and_a_changed_one_is_a_further_version() -> None:
    publish(items(2))
    with acting_as(SYSTEM):
        before = Entry.objects.count()
        publish(items(2))
        assert Entry.objects.count() == before
    changed = items(2, "摆摊卖吃的", "卖小吃")
    assert publish({"own/stall-1": changed["own/stall-1"]}) == (["own/stall-1 v2"], {})
    with acting_as(SYSTEM):
        versions = ServiceVersion.objects.filter(code="own/stall-1").order_by("number")
        assert [row.current for row in versions] == [False, True]
    publish(items(2))  # the first content again: the version that it had
    with acting_as(SYSTEM):
        versions = ServiceVersion.objects.filter(code="own/stall-1").order_by("number")
        assert [row.current for row in versions] == [True, False]


@pytest.mark.usefixtures("demonstration")
def test_an_item_with_an_error_is_refused_and_the_others_are_published() -> None:
    packs = items(3)
    broken = packs["own/stall-1"]["service.yaml"].replace("standard/report", "standard/fast")
    packs["own/stall-1"] = {"service.yaml": broken}
    assert publish(packs) == (
        ["own/stall-0 v1", "own/stall-2 v1"],
        {"own/stall-1": ["pack.E270"]},
    )
    assert publish({"own/other": items(1)["own/stall-0"]})[1] == {"own/other": ["pack.E035"]}


@pytest.mark.usefixtures("demonstration")
def test_a_changed_item_that_breaks_a_sheet_is_refused_and_a_new_one_beside_it_is_not() -> None:
    publish(items(1))
    promise = "promised: {days: 2, unit: working_day}\n"
    approved(f'item: own/stall-0\ndivision: "220184000000"\n{promise}')
    faster = items(2, "    days: 3\n", "    days: 1\n")
    assert publish(faster) == (["own/stall-1 v1"], {"own/stall-0": ["sheet.E023"]})
