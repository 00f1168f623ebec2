"""Where a case stands, in the words a citizen reads: where, what next, by when, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.materials import queries as materials
from xiangyun.domain.payments.queries import Order
from xiangyun.faces.look.clocks import left_words, light_of
from xiangyun.faces.look.tones import OUTCOME_TONES
from xiangyun.kernel.findings import Text
from xiangyun.kernel.payment import shown_amount

_NOTHING = Text(
    "现在不用做什么，有变化会在这里告诉您。", "Nothing for now; any change will show here."
)
_NO_MORE = Text("不用再做什么。", "Nothing more to do.")
_YOURS = Text("等您办理", "waiting for you")


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A case as a line of a list.

    `light` is empty where the case waits for the applicant, whose sign is another; `left` says in
    words how much time the office has, `must` what the applicant has to do.
    """

    url: str
    number: str
    sent_at: datetime
    subject: str
    service: Text
    where: Text
    light: str
    tone: str
    left: Text | None
    must: Text | None
    again_url: str


def lines(found: Iterable[cases.Case], fees: Sequence[Order] = ()) -> list[StandingLine]:
    """Cases as lines of a list, what the applicant has to do first; `fees`: what is to be paid."""
    made = [line(case, [fee for fee in fees if fee.case_id == case.id]) for case in found]
    return sorted(made, key=lambda one: one.must is None)


def line(case: cases.Case, fees: Sequence[Order] = ()) -> StandingLine:
    """One case as a line of a list."""
    ended, now = case.ended_at is not None, timezone.localtime()
    clock = None if ended else cases.clock_of(case)
    light = light_of(clock, now) if clock else "none"
    mine = bool(fees) or _waits_for_applicant(case)
    return StandingLine(
        url=reverse("portal:case", args=[case.id]),
        number=case.number,
        sent_at=case.submitted_at,
        subject=case.subject,
        service=cases.pack_of(case).service.name,
        where=_YOURS if mine else cases.stage_of(case),
        light="" if mine or ended else light,
        tone=tone_of_end(case) if ended else "amber" if mine else light,
        left=left_words(clock, now) if clock else None,
        must=must(case, fees) if mine else None,
        again_url=reverse("portal:again", args=[case.id]) if ended else "",
    )


def tone_of_end(case: cases.Case) -> str:
    """How the end of a case looks, by what its service says of the outcome."""
    outcome = cases.pack_of(case).service.outcome(case.outcome)
    return OUTCOME_TONES[outcome.tone] if outcome else ""


def where(case: cases.Case, fees: Sequence[Order] = ()) -> Text:
    """The stage in words: waiting for whom, or how it ended."""
    stage = cases.stage_of(case)
    if case.ended_at is not None:
        return stage
    if fees or _waits_for_applicant(case):
        return Text("{stage}：等您办理", "{stage}: waiting for you", stage=stage)
    return Text("{stage}：办理机关正在办理", "{stage}: with the office", stage=stage)


def what_next(case: cases.Case) -> Text | None:
    """What follows the present step."""
    pack = cases.pack_of(case)
    if case.ended_at is not None:
        return pack.words(f"outcome.{case.outcome}.next")
    ahead = [stage for stage in cases.stages_of(case) if stage.state == "ahead"]
    if not ahead:
        return Text("办完这一步就办结。", "After this step the case is done.")
    return Text("这一步办完后进入“{name}”。", "After this step: {name}.", name=ahead[0].name)


def must(
    case: cases.Case, fees: Sequence[Order] = (), papers: Sequence[materials.Standing] = ()
) -> Text:
    """What the applicant has to do now; `papers`: what was left for later and is not there yet."""
    own = _must(case, fees)
    if not papers:
        return own
    follow = Text(
        "补交{names}，最迟{by}",
        "Hand in {names}, by {by}",
        names=[one.name for one in papers],
        by=min(one.due for one in papers if one.due),
    )
    if own is _NOTHING or own is _NO_MORE:
        return follow
    return Text("{own}；{follow}", "{own}; {follow}", own=own, follow=follow)


def _must(case: cases.Case, fees: Sequence[Order]) -> Text:
    if case.ended_at is not None:
        return _NO_MORE
    if fees:
        return Text(
            "{what}，最迟{by}",
            "{what}, by {by}",
            what=[to_pay(fee) for fee in fees],
            by=min(fee.last_day for fee in fees),
        )
    waiting = [title for title, groups in cases.waiting_for(case) if "applicant" in groups]
    if not waiting:
        return _NOTHING
    by = cases.answer_by(case)
    if by is None:
        return Text("{all}", "{all}", all=waiting)
    return Text("{all}，请在{by}前完成", "{all}, by {by}", all=waiting, by=by)


def to_pay(fee: Order) -> Text:
    """A fee that is to be paid, as a button says it."""
    return Text(
        "缴{name} {amount} 元",
        "Pay {name}: {amount} yuan",
        name=Text.from_json(fee.name),
        amount=shown_amount(fee.amount),
    )


def _waits_for_applicant(case: cases.Case) -> bool:
    return any("applicant" in groups for _, groups in cases.waiting_for(case))
