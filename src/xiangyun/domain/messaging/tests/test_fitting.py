"""The test service “fitting”: a numbered order, a computed cost, a visit that is moved."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as steps
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases.models import Letter
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.messaging import handout, queries
from xiangyun.domain.messaging.models import Entry
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.feel import from_stored
from xiangyun.kernel.formspec import from_json
from xiangyun.kernel.pack import check_pack, read_pack

PACK = Path(__file__).parents[5] / "tests" / "packs" / "reaching" / "fitting"
CODE = "reaching/fitting"


def test_the_service_passes_its_check_with_its_example() -> None:
    assert {each.severity for each in check_pack(read_folder(PACK))} <= {"note"}


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_an_order_is_numbered_computed_written_told_and_in_the_calendar() -> None:
    files, wang = read_folder(PACK), actor("wang")
    with acting_as(SYSTEM) as system:
        catalogue.publish(CODE, files, actor=system, at=MORNING)
    pack = read_pack(files)
    with acting_as(wang):
        draft = drafts.start_draft(CODE, actor=wang, at=MORNING)
        answers = from_json(pack.form, pack.examples[0].answers).answers
        drafts.keep_answers(draft.id, answers, actor=wang, at=MORNING)
        case = steps.submit_case(draft.id, actor=wang, at=MORNING)
    assert case.number == "AZ222404-2026-0001"
    assert from_stored(case.variables["application"]["cost"]) == Decimal("836.88")
    handout.hand_out(case.pk)
    with acting_as(wang):
        told = queries.inbox(wang)
        letter = Letter.objects.get(case=case)
        (entry,) = Entry.objects.filter(case=case)
    assert [each.kind for each in told] == ["letter", "entry", "entry"]
    assert told[0].short["zh"] == "派工单珲春市装〔2026〕1号已开出，请留意上门时间"
    assert letter.body["number"] == "珲春市装〔2026〕1号"
    assert "费用 836.88 元（捌佰叁拾陆元捌角捌分）" in letter.body["zh"]
    assert (entry.starts, entry.sequence) == (datetime(2026, 4, 20, 6, 0, tzinfo=UTC), 1)
    shencha = actor("shencha")
    with acting_as(shencha):
        assert [each.name for each in queries.inbox(shencha)] == ["order"]
