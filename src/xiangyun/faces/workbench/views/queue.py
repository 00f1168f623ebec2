"""The queue: what waits for this official, by deadline, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import downloads
from xiangyun.faces.look.lists import APPLICANT, CASE, NUMBER, SERVICE, STEP
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.parts import part
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.kernel.findings import Text

from .choosing import offered

_LIGHTS = {
    "red": Text("已超期", "Overdue"),
    "amber": Text("临近期限", "Due soon"),
    "green": Text("时间充足", "In time"),
    "paused": Text("暂停计时", "Clock stands still"),
}
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the queue, as they stand in its address."""

    light: str
    service: str
    q: str

    def url(self, after: str = "") -> str:
        """The queue with these filters, from behind a line."""
        all_of_it = {"light": self.light, "service": self.service, "q": self.q, "after": after}
        asked = {key: value for key, value in all_of_it.items() if value}
        return f"{reverse('workbench:queue')}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class CountLink:
    """How many there are of a light, or of all, with the way to them."""

    url: str
    number: str
    name: Text
    light: str
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the queue; without `due` where its clock stands still."""

    light: str
    url: str
    subject: str
    number: str
    applicant: str
    service: Text
    step: Text
    due: date | None
    left: Text
    item: int | None = None
    """The task as a batch takes it."""
    holder: str = ""


_TABLE: downloads.Table[cases.QueueRow] = downloads.Table(
    "queue",
    Text("待我办理", "Waiting for me"),
    (
        (Text("灯", "Light"), lambda row: _LIGHTS[row.light]),
        (CASE, lambda row: row.subject),
        (NUMBER, lambda row: row.number),
        (APPLICANT, lambda row: row.applicant),
        (SERVICE, lambda row: row.service),
        (STEP, lambda row: row.step),
        (Text("由谁办理", "Who has it"), lambda row: row.holder),
        (Text("期限", "Due"), lambda row: row.hours.at if row.hours else row.due_on),
        (Text("还剩工作日", "Working days left"), lambda row: row.days_left),
    ),
)


@require_safe
@officials_only
def queue(request: ActorRequest) -> HttpResponse:
    """Counts per light, filters, rows; further pages by the key of the last row."""
    light, service = request.GET.get("light", ""), request.GET.get("service", "")
    typed, after = request.GET.get("q", "").strip()[:100], request.GET.get("after", "")
    if light and light not in get_args(cases.Light):
        raise Http404

    def asked(after: str, limit: int) -> cases.Queue:
        return cases.queue(
            request.actor,
            today=timezone.localdate(),
            now=timezone.localtime(),
            light=light or None,
            service=service,
            words=typed,
            after=after,
            limit=limit,
        )

    def piece(after: str) -> tuple[Sequence[cases.QueueRow], str]:
        found = asked(after, downloads.PIECE)
        return found.rows, found.next

    if downloads.wanted(request):
        return downloads.answer(request, _TABLE, piece)
    try:
        found = asked(after, _PAGE)
    except ValueError:  # a key that no page has given out
        raise Http404 from None
    chosen = Chosen(light, service, typed)
    first = not (light or service or typed or after)
    untaken, overseen = cases.untaken_and_overseen() if first else ([], [])
    context = {
        "untaken": untaken,
        "overseen": overseen,
        "counts": _counts(found, chosen),
        "services": offered(request.GET.get("of", "")[:100], service),
        "chosen": chosen,
        "filtered": bool(light or service or typed),
        "rows": [part("workbench/line.html", _row, row) for row in found.rows],
        "next_url": chosen.url(found.next) if found.next else None,
        "searching": bool(typed and found.next),
        "first_url": chosen.url() if after else None,
    }
    return office_page(request, "workbench/queue.html", context)


def _counts(found: cases.Queue, chosen: Chosen) -> list[CountLink]:
    """How many of each light, each a link to its list."""
    counts = found.counts.values()
    number = _number(sum(c.number for c in counts), any(c.more for c in counts))
    everything = replace(chosen, light="").url()
    return [
        CountLink(everything, number, Text("全部", "All"), "", not chosen.light),
        *(
            CountLink(
                replace(chosen, light=key).url(),
                _number(*found.counts[key]),
                name,
                key,
                chosen.light == key,
            )
            for key, name in _LIGHTS.items()
        ),
    ]


def _number(number: int, more: bool) -> str:
    """A count, which goes no further than `COUNTED`."""
    return f"{min(number, cases.COUNTED)}+" if more or number > cases.COUNTED else str(number)


def _row(row: cases.QueueRow) -> dict[str, object]:
    line = Line(
        light=row.light,
        url=reverse("workbench:case", args=[row.case_id]),
        subject=row.subject,
        number=row.number,
        applicant=row.applicant,
        service=row.service,
        step=row.step,
        due=row.hours.at if row.hours else row.due_on,
        left=_left(row),
        item=row.item_id,
        holder=row.holder,
    )
    return {"row": line}


def _left(row: cases.QueueRow) -> Text:
    if row.days_left is None:
        return _LIGHTS["paused"]
    return days_left(row.days_left) if row.hours is None else hours_left(row.hours.left)


def hours_left(hours: int) -> Text:
    """Hours left or over, short."""
    if hours < 0:
        return Text("超期 {n} 小时", "{n} {n|hour|hours} over", n=-hours)
    if hours == 0:
        return Text("不到 1 小时", "under 1 hour")
    return Text("{hours} 小时", "{hours} {hours|hour|hours}", hours=hours)


def days_left(days: int) -> Text:
    """Working days left or over, short."""
    if days < 0:
        return Text("超期 {n} 天", "{n} {n|day|days} over", n=-days)
    if days == 0:
        return Text("今天", "today")
    return Text("{days} 天", "{days} {days|day|days}", days=days)
