"""What is repaired is on no page for everybody and in no download: all of them are walked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.datasets import actions as datasets
from xiangyun.domain.datasets.forgetting import take
from xiangyun.domain.datasets.models import Release
from xiangyun.domain.datasets.tests.test_releases import steward
from xiangyun.domain.draws.tests.test_enforcement import CODES, DAY, HUNCHUN, decided, enter
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import actions as registers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
KEY = "珲市监罚〔2026〕77号"
SET = "penalty-decisions"
OBJECT = {"register": "inspected_object", "object_key": CODES[0]}
LINK = re.compile(rb'(?:href|src)="([^"#]+)"')
MOST = 150


def begun() -> list[str]:
    """Where a walk begins: the object, its draws, the data set with each release, the catalogue."""
    with acting_as(SYSTEM):
        numbers = list(Release.objects.filter(dataset=SET).values_list("number", flat=True))
    files = [
        reverse("open:release", args=[SET, number, form])
        for number in numbers
        for form in ("csv", "jsonl")
    ]
    return [
        reverse("lots:object", kwargs={"register": "inspected_object", "object_key": CODES[0]}),
        reverse("lots:draws"),
        reverse("open:dataset", args=[SET]),
        reverse("open:latest", args=[SET, "csv"]),
        f"/search?q={CODES[0]}",
        reverse("credit:public-file", args=[CODES[0]]),
        *files,
    ]


def walked() -> Iterator[tuple[str, bytes]]:
    """Every address that a visitor reaches from there, with what it answers."""
    visitor, waiting = Client(headers={"accept-language": "zh-hans"}), begun()
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        answer = visitor.get(address, follow=True)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield address, content
        near = address.startswith(("/draws/", "/open/", "/credit/", "/registers/"))
        for link in LINK.findall(content) if near else ():
            found = link.decode().replace("&amp;", "&")
            if found.startswith("/") and found not in seen and len(seen) < MOST:
                seen.add(found)
                waiting.append(found)


def published(one: Actor, other: Actor) -> Release:
    assert datasets.build_release(SET, actor=one, at=MORNING, on=DAY + timedelta(days=1))
    return datasets.publish(SET, actor=other, at=MORNING)


def naming() -> list[str]:
    return [address for address, content in walked() if KEY.encode() in content]


def test_what_is_repaired_is_on_no_page_and_in_no_download() -> None:
    two = steward("yi"), steward("er")
    with acting_as(SYSTEM):
        parties.ensure("organisation", CODES[0], "样祥仓储", division=HUNCHUN)
    more = {"kind": "company", "risk": "D", "items": ["XYJC-001"], "state": "open"}
    more |= {"code": CODES[0], "name": "样祥仓储", "division": str(HUNCHUN)}
    enter("inspected_object", CODES[0], **more)
    decided(KEY, DAY + timedelta(days=900))
    published(*two)
    before = naming()
    assert reverse("lots:object", kwargs=OBJECT) in before
    assert reverse("open:release", args=[SET, 1, "csv"]) in before
    with acting_as(SYSTEM):
        registers.end(
            "penalty_decision", KEY, on=DAY + timedelta(days=1), why="信用修复", source="test",
            at=MORNING, pack="credit/repair",
        )  # fmt: skip
        ended = list(Entry.objects.filter(verb="record.ended"))
        take(ended)
        assert journal.history(ended[0].subject)  # that it was there stays proved
    assert naming() == []
    published(*two)  # the next one is given out, without it
    assert naming() == []
    with acting_as(SYSTEM):
        states = list(Release.objects.filter(dataset=SET).order_by("number").values_list("state"))
    assert states == [("withdrawn",), ("published",)]
