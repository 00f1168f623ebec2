"""Grants over the interface: for the company that gives them and the bank that looks by them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from xiangyun.domain.grants import actions, asking, queries, using
from xiangyun.domain.grants.queries import Grant

from .asking import actor_of
from .registers import RecordOut, record_out

router = Router(tags=["grants"])


class GrantIn(Schema):
    """What you let a bank see: its unified social credit code, and codes of registers.

    `until`: the last day; null for one look within a day. `answers_only`: its questions are
    answered, and it sees no record.
    """

    bank: str = Field(max_length=18)
    purpose: str = Field(max_length=200)
    registers: list[str] = Field(max_length=50)
    until: date | None = None
    answers_only: bool = False


class AmendmentIn(Schema):
    """`merge` adds registers, `replace` leaves these alone; `version`: the one that you saw."""

    how: Literal["merge", "replace"]
    version: int = Field(ge=1, le=2**31 - 1)
    registers: list[str] = Field(max_length=50)
    until: date | None = None
    purpose: str = Field("", max_length=200)


class LookIn(Schema):
    """By which version you look; into the register with this code, or into all granted."""

    version: int = Field(ge=1, le=2**31 - 1)
    code: str = Field("", max_length=100)


class QuestionIn(Schema):
    """By which version you ask, the code of an inquiry, and what it lets you choose, by name."""

    version: int = Field(ge=1, le=2**31 - 1)
    inquiry: str = Field(max_length=100)
    chosen: dict[str, str] = Field(default_factory=dict, max_length=20)


class AnswerOut(Schema):
    """Yes or no, and why: a fixed sentence in both languages, no figure."""

    answer: bool
    row: str
    reason: dict[str, str]


class InquiryOut(Schema):
    """A question that may be asked: the registers it reads, and what is chosen, with the values."""

    code: str
    asks: dict[str, str]
    registers: list[str]
    chosen: dict[str, list[str]]


class GrantOut(Schema):
    """A grant as its two parties see it; `stands`: whether it opens anything now."""

    id: UUID
    version: int
    company: str
    bank: str
    purpose: str
    registers: list[str]
    answers_only: bool
    until: date | None
    given_at: datetime
    ended_at: datetime | None
    stands: bool


class UseOut(Schema):
    """What happened to a grant, as the journal has it; `grant.used` is a look."""

    at: datetime
    verb: str
    by: str
    data: dict[str, Any]


class SeenOut(Schema):
    """What a register says of the company; sensitive values are masked."""

    code: str
    record: RecordOut


@router.get("/grants/given", response=list[GrantOut])
def grants_given(request: HttpRequest) -> list[GrantOut]:
    """What the company that you act for has granted, the latest first."""
    return _out(queries.given_by(actor_of(request)))


@router.get("/grants/held", response=list[GrantOut])
def grants_held(request: HttpRequest) -> list[GrantOut]:
    """What was granted to the bank that you act for, the latest first."""
    return _out(queries.held_by(actor_of(request)))


@router.post("/grants", response={201: GrantOut})
def give_grant(request: HttpRequest, given: GrantIn) -> Status[GrantOut]:
    """Let a bank look into the records of the company that you represent."""
    made = actions.give(
        actor_of(request),
        bank=given.bank,
        purpose=given.purpose,
        codes=given.registers,
        until=given.until,
        at=timezone.now(),
        answers_only=given.answers_only,
    )
    return Status(201, _out([made])[0])


@router.get("/grants/{uuid:grant}", response=GrantOut)
def read_grant(request: HttpRequest, grant: UUID) -> GrantOut:
    """A grant, for its two parties."""
    return _out([queries.find(grant, actor_of(request))])[0]


@router.get("/grants/{uuid:grant}/uses", response=list[UseOut])
def grant_uses(request: HttpRequest, grant: UUID) -> list[UseOut]:
    """Who gave, amended, looked and revoked, the latest first; for its two parties."""
    actor = actor_of(request)
    found = queries.uses_of(queries.find(grant, actor), actor)
    return [
        UseOut(at=timezone.localtime(e.at), verb=e.verb, by=e.actor_name, data=dict(e.data))
        for e in found
    ]


@router.post("/grants/{uuid:grant}/amend", response=GrantOut)
def amend_grant(request: HttpRequest, grant: UUID, given: AmendmentIn) -> GrantOut:
    """Amend a grant: looks by the version of before are refused from then on."""
    amended = actions.amend(
        actor_of(request),
        grant,
        how=given.how,
        seen=given.version,
        codes=given.registers,
        until=given.until,
        purpose=given.purpose,
        at=timezone.now(),
    )
    return _out([amended])[0]


@router.post("/grants/{uuid:grant}/revoke", response=GrantOut)
def revoke_grant(request: HttpRequest, grant: UUID) -> GrantOut:
    """End a grant at once, as the company, or as the bank that needs it no more."""
    return _out([actions.revoke(actor_of(request), grant, at=timezone.now())])[0]


@router.post("/grants/{uuid:grant}/look", response=list[SeenOut])
def look_by_grant(request: HttpRequest, grant: UUID, given: LookIn) -> list[SeenOut]:
    """What the granted registers say of the company today; the company sees that you looked."""
    shown = using.look(
        actor_of(request),
        grant,
        version=given.version,
        register=given.code or None,
        at=timezone.now(),
    )
    return [SeenOut(code=each.register, record=record_out(each)) for each in shown.states]


@router.get("/inquiries", response=list[InquiryOut])
def read_inquiries(request: HttpRequest) -> list[InquiryOut]:
    """The questions that a bank may ask under a grant of the registers that they read."""
    actor_of(request)
    return [
        InquiryOut(
            code=each.code,
            asks={"zh-Hans": each.asks.zh, "en": each.asks.en},
            registers=list(each.reads.values()),
            chosen={one.name: list(one.options) for one in each.chosen},
        )
        for each in asking.inquiries()
    ]


@router.post("/grants/{uuid:grant}/ask", response=AnswerOut)
def ask_by_grant(request: HttpRequest, grant: UUID, given: QuestionIn) -> AnswerOut:
    """Ask a question about the company: the answer with its reason; the company sees that."""
    told = asking.ask(
        actor_of(request),
        grant,
        version=given.version,
        inquiry=given.inquiry,
        chosen=given.chosen,
        at=timezone.now(),
    )
    reason = {"zh-Hans": told.reason.zh, "en": told.reason.en}
    return AnswerOut(answer=told.answer, row=told.row_id, reason=reason)


def _out(grants: list[Grant]) -> list[GrantOut]:
    return [
        GrantOut(
            id=each.grant.pk,
            version=each.grant.version,
            company=each.company,
            bank=each.bank,
            purpose=each.grant.purpose,
            registers=[one.code for one in each.registers],
            answers_only=each.grant.answers_only,
            until=each.grant.until,
            given_at=timezone.localtime(each.grant.given_at),
            ended_at=each.grant.ended_at and timezone.localtime(each.grant.ended_at),
            stands=each.stands,
        )
        for each in queries.shown(grants, timezone.now())
    ]
