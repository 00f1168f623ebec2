"""The plan of a fair for everybody; one's own interviews, and the pass that opens the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.fairs import known as fairs
from xiangyun.faces.fairs.known import Known
from xiangyun.faces.look import records
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.faces.look.templatetags.look import shown
from xiangyun.kernel.fair import Hall
from xiangyun.kernel.findings import Refused

_FOUND = 30
_OFFERS = 12
"""Offers of one exhibitor on a page of it: some have forty, each with all that it asks for."""


@dataclass(frozen=True, slots=True)
class Booth:
    """A booth, who stands there, and what they are called."""

    code: str
    hall: str
    exhibitor: str
    name: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer that was found: what it is called, and whose it is."""

    title: str
    exhibitor: str
    name: str


@require_safe
def declared(request: ActorRequest) -> HttpResponse:
    """The fairs that there are."""
    return public_page(
        request, "fairs/declared.html", {"fairs": fairs.fairs(), "today": timezone.localdate()}
    )


@require_safe
def plan(request: ActorRequest, code: str) -> HttpResponse:
    """Halls with their booths, and the talks; found by words, pinyin or initials."""
    found = fairs.known(code)
    text = request.GET.get("text", "").replace("\0", "")[:100].strip()
    with acting_as(ANONYMOUS):
        names = _names(found)
        booths = [
            Booth(
                state.key,
                str(data["hall"]),
                str(data["exhibitor"]),
                names.get(str(data["exhibitor"]), ""),
            )
            for state in fairs.all_of(found.fair.kept["booths"])
            if (data := state.data)
        ]
        halls: list[tuple[Hall, list[Booth]]] = [
            (hall, sorted((b for b in booths if b.hall == hall.id), key=lambda b: b.code))
            for hall in found.fair.halls
        ]
        talks = [(talk, names.get(talk.exhibitor, "")) for talk in fairs.talks(found)]
        wanted, offers = _found(found, text, names) if text else (set(), [])
    context = {
        "fair": found.fair,
        "today": timezone.localdate(),
        "halls": [(hall, some) for hall, some in halls if some],
        "talks": talks,
        "text": text,
        "wanted": wanted,
        "offers": offers,
        "entered": fairs.entered(found),
        "advice": fairs.advice(code),
    }
    return public_page(request, "fairs/plan.html", context)


@require_safe
def exhibitor(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Who stands at a booth: what is known of them, what they offer, when they speak."""
    found = fairs.known(code)
    own = found.fair.exhibitors
    with acting_as(ANONYMOUS):
        state = registers.state(found.exhibitors, key)
        if state is None:
            raise Http404
        used = registers.used(found.offers)
        after = request.GET.get("after", "")[:500] or None
        try:
            offered = registers.search(
                found.offers, filters={own.named_by: state.key}, limit=_OFFERS, after=after
            )
        except Refused:  # a mark of another page
            raise Http404 from None
        offers = [
            (records.title_of(used, each), values, _asked(values))
            for each in offered.states
            for values in [records.values_of(used, each.data or {})]
        ]
        booths = fairs.of_key(found.fair.kept["booths"], "exhibitor", state.key)
        talks = [each for each in fairs.talks(found) if each.exhibitor == state.key]
        about = registers.used(found.exhibitors)
        context: dict[str, Any] = {
            "fair": found.fair,
            "name": records.title_of(about, state),
            "values": records.values_of(about, state.data or {}),
            "booths": [each["key"] for each in booths],
            "talks": talks,
            "offers": offers,
            "next_url": f"?{urlencode({'after': offered.after})}" if offered.after else "",
        }
    return public_page(request, "fairs/exhibitor.html", context)


@require_safe
@logged_in
def mine(request: ActorRequest, code: str) -> HttpResponse:
    """One's own interviews, and the pass to show at the entrance."""
    found = fairs.known(code)
    subject = request.actor.subject or request.actor.account
    state = registers.record_of(subject, found.demands) if subject else None
    stands = registers.record_of(subject, found.exhibitors) if subject else None
    own = state or stands
    context: dict[str, Any] = {"fair": found.fair, "key": own.key if own else ""}
    if own is not None:
        field = "demand" if state else "exhibitor"
        # Interviews are read by officials; who takes part reads those of his own and no others.
        with acting_as(SYSTEM):
            names = _names(found)
            meetings = [
                {**each, "begins": fairs.moment(each.get("begins")),
                 "name": names.get(str(each.get("exhibitor")), ""),
                 "title": _title(found, str(each.get("offer")))}
                for each in fairs.of_key(found.fair.kept["interviews"], field, own.key)
            ]  # fmt: skip
        meetings.sort(key=lambda each: str(each["begins"]))
        context |= {
            "meetings": meetings,
            "matching": found.matching.code if found.matching.followed else "",
            "code": fairs.pass_of(code, own.key),
            "visits": state is not None,
        }
    return public_page(request, "fairs/mine.html", context)


def _asked(values: list[records.Value]) -> str:
    """An offer as the text of an advertisement, for whoever compares a resume with it."""
    return "\n".join(f"{each.label.pick(reader())}：{shown(each.shown)}" for each in values)


def _names(found: Known) -> dict[str, str]:
    own = found.fair.exhibitors
    return {
        state.key: str((state.data or {}).get(own.name, state.key))
        for state in fairs.all_of(found.exhibitors)
    }


def _found(found: Known, text: str, names: dict[str, str]) -> tuple[set[str], list[Offered]]:
    """The exhibitors that answer, and offers with whose they are."""
    own = found.fair.exhibitors
    wanted: set[str] = set()
    offers = []
    try:
        stands = registers.search(found.exhibitors, text, limit=_FOUND)
        wanted = {state.key for state in stands.states}
        used = registers.used(found.offers)
        for state in registers.search(found.offers, text, limit=_FOUND).states:
            whose = str((state.data or {}).get(own.named_by))
            offers.append(Offered(records.title_of(used, state), whose, names.get(whose, "")))
    except Refused:  # the words are of no kind that a register is searched by
        return wanted, offers
    return wanted, offers


def _title(found: Known, key: str) -> str:
    state = registers.state(found.offers, key)
    return records.title_of(registers.used(found.offers), state) if state else key
