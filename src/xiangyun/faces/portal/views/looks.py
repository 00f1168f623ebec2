"""Who looked at the data of the one who asks: every look that the journal has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyun import manifest
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.kernel.findings import Text

_PAGE = 50
_DIGITS = 18  # of the id of an entry at most


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, who, at which desk, at what, and why where a reason was wanted.

    `subject`: the number of what was looked at, empty where its owner knows it by none.
    """

    at: datetime
    who: str
    desk: str
    what: Text
    subject: str
    why: str


@require_safe
@logged_in
def looks(request: ActorRequest) -> HttpResponse:
    """The latest first, a page at a time."""
    assert request.actor.subject is not None
    after = request.GET.get("after", "")
    if after and not (after.isascii() and after.isdigit() and len(after) <= _DIGITS):
        raise Http404  # no page has given it out
    found = journal.looks_at(request.actor.subject, int(after) if after else None, _PAGE + 1)
    shown, here = found[:_PAGE], reverse("portal:looks")
    context = {
        "looks": list(_in_words(shown)),
        "next_url": f"{here}?after={shown[-1].pk}" if len(found) > _PAGE else None,
        "first_url": here if after else None,
    }
    return public_page(request, "portal/looks.html", context)


def _in_words(entries: Iterable[journal.Entry]) -> Iterator[Look]:
    verbs = manifest.verbs()
    named = {one.code: one.name for one in registers.all_used()}
    for entry in entries:
        code = entry.data.get("register")
        what = verbs[entry.verb].say({**entry.data, "register": named.get(code, code)})
        subject = "" if "/" in entry.subject else entry.subject
        why = str(entry.private.get("why") or "")
        yield Look(entry.at, entry.actor_name, entry.desk, what, subject, why)
