"""Searches that somebody keeps, and messages when something new answers or fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.messaging import actions as messaging
from xiangyun.domain.messaging.actions import About, Notice
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers import settled
from xiangyun.domain.registers.queries import State
from xiangyun.kernel.findings import Forbidden, Refused, Text
from xiangyun.kernel.service.model import APPLICANT

from . import checks, own, partners
from .models import Search

MOST = 30
"""Searches of one account."""
_LONGEST = 60
_NAMED = 5
"""Of what is new, so many are named in a message."""
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search asks for: words, fields, a place; or whatever fits an own record."""

    text: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    within: int | None = None
    fits: str = ""
    """The register and the key of an own record, with a slash between."""

    @property
    def told(self) -> dict[str, Any]:
        """As JSON keeps it, without what is not asked."""
        found: dict[str, Any] = {
            "text": self.text,
            "filters": {k: list(v) if isinstance(v, tuple) else v for k, v in self.filters.items()},
            "within": self.within,
            "fits": self.fits,
        }
        return {name: value for name, value in found.items() if value}


def asked_of(told: Mapping[str, Any]) -> Asked:
    """The search that `Asked.told` kept."""
    filters = {
        k: tuple(v) if isinstance(v, list) else v for k, v in told.get("filters", {}).items()
    }
    return Asked(told.get("text", ""), filters, told.get("within"), told.get("fits", ""))


def searches_of(actor: Actor) -> list[Search]:
    """What the account keeps, by their names."""
    if actor.account is None:
        return []
    with acting_as(actor):
        return list(Search.objects.filter(account=actor.account).order_by("name", "pk"))


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """Saved searches, and what the party entered through another record, for the own copy.

    What it entered in its own name is among its records; see `registers`.
    """
    for search in searches_of(actor):
        told = {"name": search.name, "register": search.register, "asked": search.asked}
        yield f"offers/searches/{search.pk}.json", told | {"made_at": search.made_at}
    for used in own.enterable():
        found = own.entered_in(used)
        if found is not None and found[1].through:
            for state in own.records_of(actor, used):
                yield f"offers/{used.code}/{state.key}.json", state.data


def save(actor: Actor, register: str, name: str, asked: Asked, *, at: datetime) -> Search:
    """Keep a search over a register, in the place of one of this name; told is what comes later.

    Raises Refused `offer.E008` without a name, `offer.E009` for too many, Forbidden `offer.E001`
    for a register that not everybody sees, or an own record that is none.
    """
    name = name.strip()[:_LONGEST]
    used = registers.used(register)
    if actor.account is None or actor.subject is None or not own.is_public(used):
        raise Forbidden([checks.not_entered(used)])
    if asked.fits and own.own_state(actor, *asked.fits.split("/", 1)) is None:
        raise Forbidden([checks.not_entered(used)])
    if not name:
        raise Refused([checks.NAMELESS])
    newest = settled.newest_fact()
    with transaction.atomic(), acting_as(actor):
        mine = Search.objects.filter(account=actor.account)
        mine.filter(register=register, name=name).delete()
        if mine.count() >= MOST:
            raise Refused([checks.too_many(MOST)])
        return Search.objects.create(
            account=actor.account,
            party=actor.subject,
            register=register,
            name=name,
            asked=asked.told,
            fact=newest,
            made_at=at,
        )


def drop(actor: Actor, number: int) -> None:
    """Keep a search no longer; nothing where there is none."""
    if actor.account is not None:
        with acting_as(actor):
            Search.objects.filter(account=actor.account, pk=number).delete()


def look(at: datetime) -> int:
    """Tell whoever keeps a search what is new; how many messages. As often as one likes."""
    told = 0
    with acting_as(SYSTEM):
        newest = settled.newest_fact()
        waiting = list(Search.objects.filter(fact__lt=newest).order_by("pk"))
    for search in waiting:
        told += _look(search, newest, at)
    return told


def _look(search: Search, newest: int, at: datetime) -> int:
    try:
        states = _new(search, newest)
    except Refused:  # the register is declared no more, or no longer searched by this field
        states = []
    with acting_as(SYSTEM):
        taken = Search.objects.filter(pk=search.pk, fact=search.fact).update(fact=newest)
        if not taken or not states:
            return 0
        messaging.put(_notice(search, states, newest), [search.account], at=at)
    return 1


def _new(search: Search, newest: int) -> list[State]:
    """What answers and was recorded since, up to the newest, as everybody sees it."""
    asked = asked_of(search.asked)
    if asked.fits:
        register, key = asked.fits.split("/", 1)
        with acting_as(SYSTEM):
            return [
                each.state
                for found in partners.found(register, key, most=_LOOKED_AT)
                if found.other.code == search.register
                for each in found.partners
                if each.judged.fits
                and each.state is not None
                and search.fact < each.state.fact <= newest
            ]
    with transaction.atomic(), acting_as(ANONYMOUS):
        page = registers.search(
            search.register,
            asked.text,
            filters=asked.filters,
            within=asked.within,
            limit=_LOOKED_AT,
            recorded=(search.fact, newest),
        )
    return list(page.states)


def _notice(search: Search, states: list[State], newest: int) -> Notice:
    used = registers.used(search.register)
    names = [title_of(used, each) for each in states[:_NAMED]]
    title = Text("“{name}”有新的", "New for “{name}”", name=search.name)
    body = Text(
        "{register}里有 {n} 条新的：{names}。请到“供需”查看。",
        "{n} new in {register}: {names}. See the offers.",
        register=used.name,
        n=len(states),
        names=names,
    )
    return Notice(
        key=f"search:{search.pk}:{newest}",
        kind="notice",
        name="search",
        role=APPLICANT,
        title=messaging.words_of(title),
        body=messaging.words_of(body),
        about=About(),
    )


def title_of(used: registers.Used, state: State) -> str:
    """What a record is called: its first field that is found as a name, with its key."""
    for each in used.declaration.fields if used.declaration else ():
        if each.searched == "name" and (said := (state.data or {}).get(each.name)):
            return f"{said} {state.key}"
    return state.key
