"""Where a case stands, in the words a citizen reads: where, what next, by when, what to do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.clocks import light_of
from xiangyun.kernel.findings import Text

_NOTHING = Text(
    "现在不用做什么，有变化会在这里告诉您。", "Nothing for now; any change will show here."
)
_YOURS = Text("等您办理", "waiting for you")
_TONES = {"issued": "good", "refused": "late"}


def line(case: Any) -> SimpleNamespace:
    """One case as a line of a list."""
    ended = case.ended_at is not None
    light = "none" if ended else light_of(cases.clock_of(case), timezone.localdate())
    mine = _waits_for_applicant(case)
    return SimpleNamespace(
        url=reverse("portal:case", args=[case.id]),
        subject=case.subject,
        service=cases.pack_of(case).service.name,
        where=_YOURS if mine else cases.stage_of(case),
        light="" if mine else light,
        tone=_TONES.get(case.outcome, "") if ended else "amber" if mine else light,
        must=must(case) if mine else None,
        ended=ended,
    )


def where(case: Any) -> Text:
    """The stage in words: waiting for whom, or how it ended."""
    stage = cases.stage_of(case)
    if case.ended_at is not None:
        return stage
    if _waits_for_applicant(case):
        return Text(f"{stage.zh}：等您办理", f"{stage.en}: waiting for you")
    return Text(f"{stage.zh}：办理机关正在办理", f"{stage.en}: with the office")


def what_next(case: Any) -> Text | None:
    """What follows the present step."""
    pack = cases.pack_of(case)
    if case.ended_at is not None:
        return pack.words(f"outcome.{case.outcome}.next")
    ahead = [stage for stage in cases.stages_of(case) if stage.state == "ahead"]
    if not ahead:
        return Text("办完这一步就办结。", "After this step the case is done.")
    return Text(f"这一步办完后进入“{ahead[0].name.zh}”。", f"After this step: {ahead[0].name.en}.")


def must(case: Any) -> Text:
    """What the applicant has to do now."""
    if case.ended_at is not None:
        return Text("不用再做什么。", "Nothing more to do.")
    waiting = [title for title, groups in cases.waiting_for(case) if "applicant" in groups]
    if not waiting:
        return _NOTHING
    zh, en = "、".join(t.zh for t in waiting), ", ".join(t.en for t in waiting)
    by = cases.answer_by(case)
    if by is None:
        return Text(zh, en)
    return Text(
        f"{zh}，请在{by.year}年{by.month}月{by.day}日前完成",
        f"{en}, by {by.day} {by:%B %Y}",
    )


def _waits_for_applicant(case: Any) -> bool:
    return any("applicant" in groups for _, groups in cases.waiting_for(case))
