"""A carbon note from its issue to its end: issued, called, substituted, redeemed; or in default."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.archive import actions as archive
from xiangyun.domain.archive.models import Volume
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import act, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.duties import actions as duties
from xiangyun.domain.evidence import archive as zipped
from xiangyun.domain.evidence import checking
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries
from xiangyun.kernel.formspec import from_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HUNCHUN, ISSUED = "222404000000", date(2023, 3, 20)
VINTAGE = {"vintage": 2022, "tonnes": 1_700_000, "haircut": 20, "expires_on": "2023-12-31"}
NEXT = {"vintage": 2023, "tonnes": 2_000_000, "haircut": 20, "expires_on": "2024-12-31"}


def on(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def issue(number: str, **changed: object) -> Case:
    """The issuer files an issue, and the registrar enters it."""
    who, at = actor("dianli"), on(ISSUED - timedelta(days=3))
    with acting_as(who):
        draft = drafts.start_draft("finance/carbon-note", actor=who, at=at)
        pack = catalogue.pack(draft.version_id)
        answers = {**pack.examples[0].answers, "number": number, "division": HUNCHUN, **changed}
        reading = from_json(pack.form, answers)
        given = {key: value for key, value in reading.answers.items() if key in answers}
        drafts.keep_answers(draft.id, given, actor=who, at=at)
        case = cases.submit_case(draft.id, actor=who, at=at)
    return act("piaoju", case, "enter-issue", at=at)


def test_what_has_ended_moves_to_the_archive_whole_and_proves_itself(
    settings, tmp_path: Path
) -> None:
    settings.ARCHIVE = str(tmp_path)
    case = issue("23样电CB003")
    with acting_as(SYSTEM):
        done = archive.move_what_is_due(at=timezone.now(), signer=signer())
        assert (done.cases, done.refused) == (1, [])
        assert not Case.objects.filter(pk=case.pk).exists()
        volume = Volume.objects.get(pk=case.number)
    data = (tmp_path / volume.place).read_bytes()
    assert [each.part for each in checking.check(data, signer().trusted) if not each.holds] == []
    assert b"794,958.90" in b"".join(zipped.read(data).values())
    assert note("23样电CB003")["state"] == "open"  # registers keep what they know


def note(number: str) -> dict[str, object]:
    with acting_as(SYSTEM):
        state = queries.state("note_issue", number)
    assert state is not None
    return dict(state.data or {})


def price_of(day: date, yuan: str) -> None:
    with acting_as(SYSTEM):
        registers.record(
            "carbon_price",
            "latest",
            {"number": "latest", "day": str(day), "price": yuan},
            valid_from=day,
            source="样例交易所（虚构）",
            at=on(day, 1),
            pack="finance/carbon-note",
        )


def opened(duty: str, day: date) -> Case:
    """The case that a duty opens on a day; it is one."""
    (ran,) = duties.run(day, at=on(day, 2), only=duty)
    assert not ran.problems
    (made,) = ran.opened
    with acting_as(SYSTEM):
        return Case.objects.get(number=made.case)


def test_a_note_is_issued_called_substituted_and_redeemed_on_the_monday_after() -> None:
    assert issue("23样电CB001").outcome == "issued"
    kept = note("23样电CB001")
    assert (kept["interest"], kept["pays_on"]) == ("794958.9", "2023-09-18")
    called = date(2023, 6, 21)
    price_of(called, "50.00")
    watch = opened("finance/carbon-watch:daily", called)
    assert watch.ended_at is None
    answers = {"pledges": [NEXT], "released": "23样电CB001-2022"}
    watch = act("dianli", watch, "top-up-pledge", at=on(called), answers=answers)
    assert watch.outcome == "pledge_topped_up"
    with acting_as(SYSTEM):
        pledged = queries.lookup("note_pledge", "issue", "23样电CB001", as_of=called)
    assert [each["vintage"] for each in pledged] == [2023]
    paid = act("piaoju", opened("finance/carbon-redemption:due", date(2023, 9, 18)),
               "paid-in-full", at=on(date(2023, 9, 18)))  # fmt: skip
    assert paid.outcome == "note_redeemed"
    assert note("23样电CB001")["state"] == "redeemed"


def test_a_note_that_is_not_paid_is_in_default_and_its_pledge_is_sold() -> None:
    issue("23样电CB002", pledges=[VINTAGE])
    day = date(2023, 9, 18)
    unpaid = act("piaoju", opened("finance/carbon-redemption:due", day), "not-paid",
                 note="没有到账（虚构）。", at=on(day))  # fmt: skip
    assert unpaid.outcome == "note_defaulted"
    assert note("23样电CB002")["state"] == "defaulted"
