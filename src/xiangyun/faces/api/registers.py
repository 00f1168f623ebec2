"""Registers over the interface: what may be looked into, search, one record with its facts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from xiangyun.domain.registers import looking, queries, sealing
from xiangyun.domain.registers.states import State
from xiangyun.kernel.findings import Finding, Refused, Text

from .asking import actor_of
from .words import DepartmentOut, Words, department_out, words

router = Router(tags=["registers"])


class FieldOut(Schema):
    """A field of a register; `searched`: how it is found, empty for not at all."""

    name: str
    type: str
    words: Words
    searched: str
    sensitive: bool


class RegisterOut(Schema):
    """A register that you may look into, with its fields; `department`: whose it is."""

    code: str
    name: Words
    department: DepartmentOut | None
    version: int
    key: str
    fields: list[FieldOut]


class RecordOut(Schema):
    """What is true of a record on a day; sensitive values are masked, `data` null after its end."""

    key: str
    division: str
    fact: int
    data: dict[str, Any] | None
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    source: str
    why: str
    superseded_by: int | None


class RecordsOut(Schema):
    """A page of records; `next` asks for the next page, empty on the last."""

    rows: list[RecordOut]
    next: str


@router.get("/registers", response=list[RegisterOut])
def list_registers(request: HttpRequest) -> list[RegisterOut]:
    """The registers that you may look into."""
    return [
        RegisterOut(
            code=one.code,
            name=words(one.name),
            department=department_out(one.department),
            version=one.version,
            key=one.key_field,
            fields=[
                FieldOut(
                    name=field.name,
                    type=field.type,
                    words=words(field.words),
                    searched=field.searched,
                    sensitive=field.sensitive,
                )
                for field in (one.declaration.fields if one.declaration else ())
            ],
        )
        for one in queries.readable()
    ]


@router.get("/registers/{code}/records", response=RecordsOut)
def search_records(
    request: HttpRequest,
    code: str,
    text: str = "",
    where: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 - read, never written
    within: int | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
    after: str = "",
    limit: int = 50,
) -> RecordsOut:
    """Records by a code, a part of a name, its pinyin or initials.

    `where`, several times: `field=value`, or `field=from..to` of a number or day.
    """
    page = queries.search(
        code,
        text,
        filters=dict(map(filter_of, where)),
        within=within,
        as_of=as_of,
        known_on=known_on,
        after=after or None,
        limit=max(1, min(limit, 200)),
    )
    return RecordsOut(rows=[record_out(state) for state in page.states], next=page.after or "")


@router.get("/registers/{code}/records/{key}", response=RecordOut)
def read_record(
    request: HttpRequest,
    code: str,
    key: str,
    as_of: date | None = None,
    known_on: date | None = None,
) -> RecordOut:
    """One record on a day, as known on a day; a look at a person's is journalled."""
    found = queries.state(code, key, as_of=as_of, known_on=known_on)
    if found is None:
        raise Http404
    looking.note_look(found, actor=actor_of(request), at=timezone.now())
    return record_out(found)


@router.get("/registers/{code}/records/{key}/facts", response=list[RecordOut])
def read_facts(request: HttpRequest, code: str, key: str) -> list[RecordOut]:
    """Every fact of a record, in the order in which they were recorded."""
    record = queries.record_with(code, key)
    facts = queries.facts_of(record) if record else []
    if not facts:
        raise Http404
    looking.note_look(facts[-1], actor=actor_of(request), at=timezone.now())
    return [record_out(fact) for fact in facts]


def record_out(state: State) -> RecordOut:
    """A state as the interface gives it."""
    return RecordOut(
        key=state.key,
        division=f"{state.division:012}",
        fact=state.fact,
        data=None if state.data is None else sealing.masked(state.data),
        valid_from=state.valid_from,
        valid_to=state.valid_to,
        recorded_at=timezone.localtime(state.recorded_at),
        source=state.source,
        why=state.why,
        superseded_by=state.superseded_by,
    )


def filter_of(where: str) -> tuple[str, Any]:
    """A condition as it is written: `field=value` or `field=from..to`."""
    field, sign, value = where.partition("=")
    if not sign:
        raise Refused([_NO_FILTER])
    low, range_, high = value.partition("..")
    return field, (low or None, high or None) if range_ else value


_NO_FILTER = Finding(
    "register.E028",
    "error",
    Text("条件的写法是 字段=值。", "A condition is written field=value."),
    hint=Text(
        "例如 status=open，或 founded=2020-01-01..2020-12-31。",
        "Such as status=open, or founded=2020-01-01..2020-12-31.",
    ),
)
