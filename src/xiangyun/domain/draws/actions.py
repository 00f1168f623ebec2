"""Verbs of draws: plan a year, order one, reveal it, open what was drawn, recuse."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import actions as files
from xiangyun.domain.files import queries as contents
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as heads
from xiangyun.domain.numbers import actions as numbers
from xiangyun.kernel.draw import (
    FORMAT,
    FRAME,
    INSPECTORS,
    Recusal,
    committed,
    draw,
    read_frame,
    read_inspectors,
    read_order,
    write_result,
)
from xiangyun.kernel.draw import Visit as Drawn
from xiangyun.kernel.draw.beacon import cannot_name, value_of
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.ledger import Frontier, peaks
from xiangyun.kernel.occasion.draws import DeclaredDraw
from xiangyun.kernel.pack.kind import Declaration

from . import access, freezing, opened, ports, queries
from .models import Draw, Outcome, Plan, Secret, Visit
from .opened import open_cases as open_cases

LATER = 2
"""The journal's head may be a beacon with so many entries more than are committed when it is
ordered, waiting ones too: the order itself, and one more. That one may be under way at this very
moment (docs/reference/draw.md)."""


@transaction.atomic  # what is refused leaves the caller's transaction whole
def plan(
    code: str, year: int, month: int, *, actor: Actor = SYSTEM, at: datetime, note: str = ""
) -> Plan:
    """Publish that a year's plan foresees a draw in a month. The same once more changes nothing.

    Raises Forbidden `draw.E012` for whoever lacks the role that orders it.
    """
    access.place_of(actor, queries.declared(code))
    if not 1 <= month <= 12 or not 2000 <= year <= 2999:
        raise Refused([_no_month(year, month)])
    with acting_as(SYSTEM), transaction.atomic():
        given = {"note": note, "published_at": at}
        found, new = Plan.objects.get_or_create(code=code, year=year, month=month, defaults=given)
        if new:
            data = {"draw": code, "year": year, "month": month}
            _record("draw.planned", f"plan:{year}", actor, at, data)
    return found


@transaction.atomic  # what is refused leaves the caller's transaction whole
def order(
    code: str, on: date, beacon: Mapping[str, Any], *, actor: Actor = SYSTEM, at: datetime
) -> Draw:
    """Freeze the lists of a draw as they are on a day, commit to a secret, publish the order.

    `beacon`: what will be revealed, as docs/reference/draw.md has it; of the kind `journal` without
    a size, the head that follows this order. An official draws from what lies in the place of the
    mandate; each place orders what is planned once. Raises Conflict `draw.E008` where no plan of
    the year foresees the draw, Forbidden `draw.E012`, and Refused for what cannot be frozen:
    `draw.E016` for a beacon that nothing can be, `draw.E017` where nothing can be drawn or nobody
    can be sent. What is refused leaves the plan as it was.
    """
    declaration = queries.declared(code)
    declared: DeclaredDraw = declaration.value
    beacon = _named(beacon)
    within = access.place_of(actor, declaration)
    place = f"{within[0]:012}" if within else ""
    with acting_as(SYSTEM), transaction.atomic():
        foreseen = Plan.objects.filter(code=code, year=on.year, month__lte=on.month)
        _one_at_a_time(code)
        here = Q(order__place=place) if place else Q(order__place__isnull=True)
        done = Draw.objects.filter(here, code=code).values("plan_id")
        planned = foreseen.exclude(pk__in=done).order_by("month").first()
        if planned is None:
            raise Conflict([_not_planned(code, on)])
        frame = freezing.frame_of(declared, on.year, on, within)
        people = freezing.inspectors_of(declared, on)
        _refuse_empty(declaration.name, frame, people, declared.teams)
        secret, ident = secrets.token_hex(32), uuid4()
        number = f"CC{on.year}-{numbers.take('draw', on.year, 0):04}"
        written = _written(declaration, number, on, frame, people, secret, beacon)
        written |= {"place": place} if place else {}
        digest = read_order(written).digest
        made = Draw.objects.create(
            id=ident,
            number=number,
            code=code,
            version=catalogue.declared_version("draw", code) or 1,
            year=on.year,
            plan=planned,
            order=written,
            digest=digest,
            frame=files.put(frame),
            inspectors=files.put(people),
            ordered_on=on,
            ordered_at=at,
            ordered_by=actor.name,
            account=actor.account,
        )
        Secret.objects.create(draw=made, value=secret)
        data = {"draw": number, "digest": digest, "commitment": committed(secret)}
        _record("draw.ordered", f"draw:{number}", actor, at, data)
    return made


@transaction.atomic  # what is refused leaves the caller's transaction whole
def reveal(number: str, given: Mapping[str, Any] | None, *, actor: Actor = SYSTEM, at: datetime
) -> Outcome:  # fmt: skip
    """Reveal secret and beacon, and draw. Done again, the same outcome answers.

    `given`: the beacon; of the journal's head the platform knows it. Raises Conflict `draw.E009`
    where it is not there yet, is not the one ordered, or could not be checked, Forbidden
    `draw.E012`, and Forbidden `draw.E013` for the official who ordered it: four eyes see a draw.
    """
    with acting_as(SYSTEM), transaction.atomic():
        found = queries.numbered(number)
        _permitted(found, actor)
        if actor.account is not None and actor.account == found.account:
            raise Forbidden([_same_hand(number)])
        _one_at_a_time(number)
        if (done := Outcome.objects.filter(draw=found).first()) is not None:
            return done
        ordered = read_order(found.order)
        beacon = _head(number, ordered.beacon) if given is None else given
        value, checked = value_of(ordered.beacon, beacon, ports.beacons())
        if not checked.passed:
            raise Conflict([_no_beacon(number, checked.text)])
        secret = Secret.objects.get(draw=found).value
        made = _Draws(found, secret, value, [])
        hidden = timedelta(days=int(found.order.get("days_hidden") or 0))
        outcome = Outcome.objects.create(
            draw=found,
            reveal={"secret": secret, "beacon": dict(beacon), "value": value},
            recusals=[],
            result=files.put(made.result),
            drawn_at=at,
            public_at=at + hidden,
        )
        Visit.objects.bulk_create(list(made.rows(outcome.public_at)), batch_size=2_000)
        data = {"draw": number, "result": outcome.result, "value": value}
        _record("draw.revealed", f"draw:{number}", actor, at, data)
    return outcome


@transaction.atomic  # what is refused leaves the caller's transaction whole
def recuse(
    number: str, key: str, inspector: str, why: str, *, actor: Actor = SYSTEM, at: datetime
) -> Visit:
    """Strike an inspector from the visit to an object, and draw another one by the same seed.

    The case of the visit, where there is one, gets the answers that follow from who goes there now;
    its tasks pass from whoever was struck to the one drawn.
    Inspectors may strike themselves; others are struck by whoever orders the draw.
    Raises NotFound where that inspector does not go there, Forbidden `draw.E012`, and Refused
    `draw.E014` without a reason, or where the case refuses the other inspector.
    """
    if not why.strip():
        raise Refused([_NO_REASON])
    with acting_as(SYSTEM), transaction.atomic():
        found = queries.numbered(number)
        if not _is_own(found, key, inspector, actor):
            _permitted(found, actor)
        outcome = Outcome.objects.select_for_update().filter(draw=found).first()
        visit = Visit.objects.filter(draw=found, key=key).first()
        going = queries.codes_of(visit) if visit else []
        if outcome is None or visit is None or inspector not in going:
            raise NotFound([_not_going(number, key, inspector)])
        recusals = [*outcome.recusals, {"object": key, "inspector": inspector, "reason": why}]
        struck = [Recusal(each["object"], each["inspector"]) for each in recusals]
        made = _Draws(found, outcome.reveal["secret"], outcome.reveal["value"], struck)
        before, visit.inspectors = visit.inspectors, made.of(key).inspectors.split()
        visit.save(update_fields=["inspectors"])
        opened.follow(visit, before, at=at)
        outcome.recusals, outcome.result = recusals, files.put(made.result)
        outcome.save(update_fields=["recusals", "result"])
        data = {"draw": number, "object": key, "result": outcome.result}
        _record("draw.recused", f"draw:{number}", actor, at, data, {"why": why})
    return visit


class _Draws:
    """What comes of an ordered draw with a secret, the value of its beacon and recusals."""

    def __init__(self, found: Draw, secret: str, value: str, recusals: list[Recusal]) -> None:
        ordered = read_order(found.order)
        self.found = found
        self.frame, self.visits = draw(
            ordered,
            ordered.seed(secret, value),
            contents.content(found.frame),
            contents.content(found.inspectors),
            recusals,
        )
        self.result = write_result(self.frame, self.visits)

    def of(self, key: str) -> Drawn:
        """The visit to an object."""
        return next(each for each in self.visits if self.frame.code(each.row) == key)

    def rows(self, public_at: datetime) -> list[Visit]:
        """The visits as they are kept."""
        return [
            Visit(
                draw=self.found,
                year=self.found.year,
                register=self.found.order["register"],
                key=self.frame.code(each.row),
                division=int(self.frame.place(each.row)),
                stratum=each.stratum,
                number=each.number,
                skipped=each.skipped,
                inspectors=each.inspectors.split(),
                public_at=public_at,
            )
            for each in self.visits
        ]


def _written(
    declaration: Declaration,
    number: str,
    on: date,
    frame: bytes,
    people: bytes,
    secret: str,
    beacon: Mapping[str, Any],
) -> dict[str, Any]:
    """The order as it is published and hashed."""
    declared: DeclaredDraw = declaration.value

    def listed(name: str, content: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(content).hexdigest()
        return {"file": name, "sha256": digest, "lines": content.count(b"\n") - 1}

    return {
        "format": FORMAT,
        "number": number,
        "draw": declaration.code,
        "name": declared.name.to_json(),
        "register": declared.frame.register,
        "on": on.isoformat(),
        "frame": listed(FRAME, frame),
        "inspectors": listed(INSPECTORS, people),
        "strata": [{"stratum": name, "take": take} for name, take in declared.strata],
        "teams": [{"team": name, "inspectors": count} for name, count in declared.teams],
        "days_hidden": declared.days_hidden,
        "commitment": committed(secret),
        "beacon": dict(beacon),
    }


def _named(beacon: Mapping[str, Any]) -> Mapping[str, Any]:
    """The beacon; of the journal without a size, the head that soon follows.

    Raises Refused `draw.E016` for what cannot be revealed later, or could be known now.
    """
    known = heads.entry_count()
    if beacon.get("kind") == "journal" and "size" not in beacon:
        return {"kind": "journal", "size": known + LATER}
    if why := cannot_name(beacon):
        raise Refused([_wrong_beacon(why)])
    if beacon["kind"] == "journal" and beacon["size"] < known + LATER:
        there = Text(
            "日志已经有 {n} 条，至少要到第 {least} 条。",
            "The journal has {n} entries by now; name {least} or more.",
            n=known,
            least=known + LATER,
        )
        raise Refused([_wrong_beacon(there)])
    return beacon


def _refuse_empty(
    name: Text, frame: bytes, people: bytes, teams: tuple[tuple[str, int], ...]
) -> None:
    """Raises Refused `draw.E017` where no object has a weight, or a team has nobody to send."""
    if not any(read_frame(frame).weights):
        nothing = Text("名录里没有可抽的对象。", "No object in its register may be drawn.")
        raise Refused([_nothing_to_draw(name, nothing)])
    here = {each.team for each in read_inspectors(people) if each.at_most}
    if lacking := [team for team, _ in teams if team not in here]:
        nobody = Text("没有可派的人员：{teams}。", "Nobody can be sent by {teams}.", teams=lacking)
        raise Refused([_nothing_to_draw(name, nobody)])


def _head(number: str, beacon: Mapping[str, Any]) -> Mapping[str, Any]:
    """The journal's head at the size that an order names, proved by the one signed last."""
    size, head = beacon.get("size"), heads.latest_head()
    if beacon.get("kind") != "journal" or type(size) is not int:
        raise Conflict([_no_beacon(number, Text("请给出信标。", "Give the beacon."))])
    if head is None or head.size < size:
        later = Text("日志还没有 {size} 条。", "The journal has no {size} entries yet.", size=size)
        raise Conflict([_no_beacon(number, later)])
    wanted = peaks(size)
    stored = heads.stored_nodes(wanted)
    root = Frontier(size, tuple(stored[position] for position in wanted)).root()
    return {
        "size": size,
        "root": root.hex(),
        "head": heads.head_json(head),
        "proof": heads.consistency(size, head.size),
    }


def _one_at_a_time(name: str) -> None:
    """Of two at once, the second finds what the first did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), 0)", [name])


def _permitted(found: Draw, actor: Actor) -> None:
    """Raises Forbidden for a draw that an actor does not order, NotFound for one of elsewhere."""
    if not access.sees(actor, queries.declared(found.code), found.order):
        raise NotFound([queries.unknown(found.number)])


def _is_own(found: Draw, key: str, inspector: str, actor: Actor) -> bool:
    """Whether an actor is the inspector that is to be struck from a visit."""
    if actor.account is None or not access.visited_by(actor):
        return False
    account = accounts.account(actor.account)
    own = queries.visits_by(account.login, [found.code], found.year) if account else []
    mine = ((each.draw.number, each.key, code) for each, code in own)
    return (found.number, key, inspector) in mine


def _record(
    verb: str,
    subject: str,
    actor: Actor,
    at: datetime,
    data: Mapping[str, object],
    private: Mapping[str, object] | None = None,
) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=subject,
            division=access.PROVINCE,
            owner=None,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data=data,
            private=private,
        )
    )


def _no_month(year: int, month: int) -> Finding:
    return Finding(
        "draw.E011",
        "error",
        Text("{year} 年 {month} 月不是月份。", "{year}-{month} is no month.",
             year=str(year), month=str(month)),
    )  # fmt: skip


def _not_planned(code: str, on: date) -> Finding:
    return Finding(
        "draw.E008",
        "error",
        Text(
            "{on} 以前的年度计划里没有还未进行的抽查“{code}”。",
            "The year's plan foresees no draw “{code}” until {on} that was not ordered yet.",
            code=code,
            on=on,
        ),
        hint=Text("请先列入年度抽查计划。", "Put it into the plan of the year first."),
    )


def _no_beacon(number: str, why: Text) -> Finding:
    return Finding(
        "draw.E009",
        "error",
        Text("抽查 {number} 还不能抽：{why}", "Draw {number} cannot be drawn yet: {why}",
             number=number, why=why),
    )  # fmt: skip


def _wrong_beacon(why: Text) -> Finding:
    return Finding(
        "draw.E016",
        "error",
        Text("令中不能用这个信标：{why}", "The order cannot name this beacon: {why}", why=why),
        hint=Text("格式见 docs/reference/draw.md。", "See docs/reference/draw.md for its form."),
    )


def _nothing_to_draw(name: Text, why: Text) -> Finding:
    return Finding(
        "draw.E017",
        "error",
        Text("抽查“{name}”不能发令：{why}", "The draw “{name}” cannot be ordered: {why}",
             name=name, why=why),
        hint=Text("请补全库里的记录；计划仍然有效。",
                  "Complete the registers; the plan still stands."),
    )  # fmt: skip


def _not_going(number: str, key: str, inspector: str) -> Finding:
    return Finding(
        "draw.E006",
        "error",
        Text("抽查 {number} 里，{inspector} 不检查 {key}。",
             "In draw {number}, {inspector} does not visit {key}.",
             number=number, inspector=inspector, key=key),
    )  # fmt: skip


def _same_hand(number: str) -> Finding:
    return Finding(
        "draw.E013",
        "error",
        Text("抽查 {number} 是您发的令，由另一位公布结果。",
             "You ordered draw {number}; somebody else reveals it.", number=number),
    )  # fmt: skip


_NO_REASON = Finding(
    "draw.E014",
    "error",
    Text("没有写回避的理由。", "There is no reason for the recusal."),
    hint=Text("请写明理由，日志里会留下。", "Give the reason; the journal keeps it."),
)
