"""Verbs of draws: plan a year, order one, reveal it, open what was drawn, recuse."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import openings
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.files import actions as files
from xiangyun.domain.files import queries as contents
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as heads
from xiangyun.domain.numbers import actions as numbers
from xiangyun.domain.registers.queries import used
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
from xiangyun.kernel.draw.beacon import value_of
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text
from xiangyun.kernel.ledger import Frontier, peaks
from xiangyun.kernel.occasion.draws import DRAWN, DeclaredDraw
from xiangyun.kernel.pack.kind import Declaration
from xiangyun.kernel.service.openings import DRAW

from . import freezing, ports
from .models import Draw, Outcome, Plan, Secret, Visit

PROVINCE = 220000000000
"""Where what belongs to no county lies; draws of a whole register do."""
LATER = 2
"""So many entries must follow the order before the journal's head may be a beacon."""
_AT_A_TIME = 200


def plan(code: str, year: int, month: int, *, at: datetime, note: str = "") -> Plan:
    """Publish that a year's plan foresees a draw in a month. The same once more changes nothing."""
    _declared(code)
    if not 1 <= month <= 12 or not 2000 <= year <= 2999:
        raise Refused([_no_month(year, month)])
    with acting_as(SYSTEM), transaction.atomic():
        given = {"note": note, "published_at": at}
        found, new = Plan.objects.get_or_create(code=code, year=year, month=month, defaults=given)
        if new:
            data = {"draw": code, "year": year, "month": month}
            _record("draw.planned", f"plan:{year}", SYSTEM, at, data)
    return found


def order(
    code: str, on: date, beacon: Mapping[str, Any], *, actor: Actor = SYSTEM, at: datetime
) -> Draw:
    """Freeze the lists of a draw as they are on a day, commit to a secret, publish the order.

    `beacon`: what will be revealed, as docs/reference/draw.md has it; of the kind `journal` without
    a size, the head that follows this order. Raises Conflict `draw.E008` where no plan of the year
    foresees the draw, and Refused for what cannot be frozen.
    """
    declaration = _declared(code)
    declared: DeclaredDraw = declaration.value
    with acting_as(SYSTEM), transaction.atomic():
        foreseen = Plan.objects.filter(code=code, year=on.year, month__lte=on.month)
        planned = foreseen.filter(ordered=None).order_by("month").first()
        if planned is None:
            raise Conflict([_not_planned(code, on)])
        frame = freezing.frame_of(declared, on.year, on)
        people = freezing.inspectors_of(declared, on)
        read_frame(frame)
        secret, ident = secrets.token_hex(32), uuid4()
        number = f"CC{on.year}-{numbers.take('draw', on.year, 0):04}"
        written = _written(declaration, number, on, frame, people, secret, _named(beacon))
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
        )
        Secret.objects.create(draw=made, value=secret)
        data = {"draw": number, "digest": digest, "commitment": committed(secret)}
        _record("draw.ordered", f"draw:{number}", actor, at, data)
    return made


def reveal(number: str, given: Mapping[str, Any] | None, *, actor: Actor = SYSTEM, at: datetime
) -> Outcome:  # fmt: skip
    """Reveal secret and beacon, and draw. Done again, the same outcome answers.

    `given`: the beacon; of the journal's head the platform knows it. Raises Conflict `draw.E009`
    where it is not there yet, is not the one ordered, or could not be checked.
    """
    with acting_as(SYSTEM), transaction.atomic():
        found = _found(number)
        with connection.cursor() as cursor:  # two at once: the second finds what the first drew
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), 0)", [number])
        if (done := Outcome.objects.filter(draw=found).first()) is not None:
            return done
        ordered = read_order(found.order)
        beacon = _head(ordered.beacon) if given is None else given
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


def open_cases(number: str, *, at: datetime, at_most: int = 5_000) -> tuple[int, int]:
    """Open the case of each visit that has none yet; how many opened, and how many could not.

    Each is a transaction of its own; killed in the middle, the next run goes on, and no case opens
    twice: its id follows from draw and object.
    """
    with acting_as(SYSTEM):
        found = _found(number)
        declared: DeclaredDraw = _declared(found.code).value
    opened = failed = 0
    after = 0
    while opened + failed < at_most:
        with acting_as(SYSTEM):
            waiting = Visit.objects.filter(draw=found, case=None, skipped=False, pk__gt=after)
            some = list(waiting.order_by("pk")[:_AT_A_TIME])
            keys = [each.key for each in some]
            rows = {
                row.key: row
                for row in freezing.rows_of(declared.frame.register, None, found.ordered_on, keys)
            }
            people = _people(declared, found)
        for visit in some:
            after = visit.pk
            problem = _open(found, declared, visit, rows.get(visit.key), people, at)
            opened, failed = opened + (not problem), failed + bool(problem)
        if len(some) < _AT_A_TIME:
            break
    return opened, failed


def _open(
    found: Draw,
    declared: DeclaredDraw,
    visit: Visit,
    row: freezing.Row | None,
    people: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> str:
    """Open the case of one visit; why not, where it could not be opened."""
    if row is None:
        return _note(visit, "the object is in its register no more")
    known = [people.get(each.partition("/")[2], {}) for each in visit.inspectors]
    drawn = (visit.key, found.ordered_on, found.number, [dict(each) for each in known if each],
             f"{visit.division:012}", visit.register)  # fmt: skip
    seen = {**row.values, **dict(zip(DRAWN, drawn, strict=True))}
    try:
        answers = {name: formula.value(seen) for name, formula in declared.answers.items()}
        begun = openings.Begun(
            DRAW,
            f"{found.pk}:{visit.key}",
            openings.Subject() if declared.days_hidden else _subject(declared, row),
            answers,
            place=visit.division,
            by=found.code,
            source=found.number,
        )
        with acting_as(SYSTEM), transaction.atomic():
            case, _ = openings.open_case(declared.service, begun, at=at)
            Visit.objects.filter(pk=visit.pk).update(case=case.pk, problem="")
    except (Refused, ObjectDoesNotExist) as problem:
        return _note(visit, str(problem)[:500])
    return ""


def _subject(declared: DeclaredDraw, row: freezing.Row) -> openings.Subject:
    """Whom the case is about: whom the record is about, entered as a party if nobody knew it.

    Of a visit without notice it is about the place: whoever a case is about sees it at once.
    """
    register = used(declared.frame.register).declaration
    code = row.data.get(register.subject_field) if register else None
    if row.holder is not None or register is None or register.subject == "none" or code is None:
        return openings.Subject(row.holder)
    named = (each.name for each in register.fields if each.searched == "name")
    name = next((str(row.data[each]) for each in named if row.data.get(each)), str(code))
    return openings.Subject(None, register.subject, str(code), name)


def _note(visit: Visit, problem: str) -> str:
    with acting_as(SYSTEM):
        Visit.objects.filter(pk=visit.pk).update(problem=problem)
    return problem


def recuse(
    number: str, key: str, inspector: str, why: str, *, actor: Actor = SYSTEM, at: datetime
) -> Visit:
    """Strike an inspector from the visit to an object, and draw another one by the same seed.

    Raises NotFound where that inspector does not go there.
    """
    with acting_as(SYSTEM), transaction.atomic():
        found = _found(number)
        outcome = Outcome.objects.select_for_update().filter(draw=found).first()
        visit = Visit.objects.filter(draw=found, key=key).first()
        going = [each.partition("/")[2] for each in visit.inspectors] if visit else []
        if outcome is None or visit is None or inspector not in going:
            raise NotFound([_not_going(number, key, inspector)])
        recusals = [*outcome.recusals, {"object": key, "inspector": inspector, "reason": why}]
        struck = [Recusal(each["object"], each["inspector"]) for each in recusals]
        made = _Draws(found, outcome.reveal["secret"], outcome.reveal["value"], struck)
        visit.inspectors = made.of(key).inspectors.split()
        visit.save(update_fields=["inspectors"])
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
    """The beacon; of the journal without a size, the head that soon follows."""
    if beacon.get("kind") == "journal" and "size" not in beacon:
        return {"kind": "journal", "size": heads.leaf_count() + LATER}
    return beacon


def _head(beacon: Mapping[str, Any]) -> Mapping[str, Any]:
    """The journal's head at the size that an order names, proved by the one signed last."""
    size, head = beacon.get("size"), heads.latest_head()
    if beacon.get("kind") != "journal" or type(size) is not int:
        raise Conflict([_no_beacon("", Text("请给出信标。", "Give the beacon."))])
    if head is None or head.size < size:
        later = Text("日志还没有 {size} 条。", "The journal has no {size} entries yet.", size=size)
        raise Conflict([_no_beacon("", later)])
    wanted = peaks(size)
    stored = heads.stored_nodes(wanted)
    root = Frontier(size, tuple(stored[position] for position in wanted)).root()
    return {
        "size": size,
        "root": root.hex(),
        "head": heads.head_json(head),
        "proof": heads.consistency(size, head.size),
    }


def _people(declared: DeclaredDraw, found: Draw) -> dict[str, dict[str, Any]]:
    """Who may visit, by their codes, as answers of a case name them."""
    people = declared.inspectors
    listed = {each.code: each.team for each in read_inspectors(contents.content(found.inspectors))}
    return {
        row.key: {
            "code": row.key,
            "name": row.data.get(people.name) if people.name else row.key,
            "account": row.data.get(people.account) if people.account else None,
            "team": listed[row.key],
        }
        for row in freezing.rows_of(people.register, None, found.ordered_on)
        if row.key in listed
    }


def _declared(code: str) -> Declaration:
    with acting_as(SYSTEM):
        found = [each for each in catalogue.declared("draw") if each.code == code]
    if not found:
        raise NotFound([_unknown(code)])
    return found[0]


def _found(number: str) -> Draw:
    found = Draw.objects.filter(number=number).first()
    if found is None:
        raise NotFound([_unknown(number)])
    return found


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
            division=PROVINCE,
            owner=None,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data=data,
            private=private,
        )
    )


def _unknown(code: str) -> Finding:
    return Finding(
        "draw.E010", "error", Text("没有抽查“{code}”。", "There is no draw “{code}”.", code=code)
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


def _not_going(number: str, key: str, inspector: str) -> Finding:
    return Finding(
        "draw.E006",
        "error",
        Text("抽查 {number} 里，{inspector} 不检查 {key}。",
             "In draw {number}, {inspector} does not visit {key}.",
             number=number, inspector=inspector, key=key),
    )  # fmt: skip
