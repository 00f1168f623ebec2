"""The place that an official looks at, within the own mandates, and the way up from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.duties.queries import widest
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class Above:
    """A place above the one that is looked at; `link` leads to the same page about it."""

    name: Text
    link: str


def asked_place(request: ActorRequest) -> tuple[int, int]:
    """The place that is asked for (`?place=`, twelve digits), and the official's widest.

    Without one the widest is meant. Http404 for a place outside of every mandate.
    """
    own = widest(request.actor)
    if own is None:
        raise Http404
    place = codes.typed(request.GET.get("place", "")) or own
    if not any(m.low <= place <= m.high for m in request.actor.mandates):
        raise Http404
    return place, own


def above(place: int, own: int, link: Callable[[int], str]) -> list[Above]:
    """The places above, from the official's widest down."""
    low, high = codes.subtree(f"{own:012}")
    return [
        Above(step.words, link(int(step.code)))
        for step in divisions.path(place)
        if low <= int(step.code) <= high and int(step.code) != place
    ]
