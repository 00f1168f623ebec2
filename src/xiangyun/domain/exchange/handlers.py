"""The answer to `connector.call`: the message is written in the transaction of the step.

So no message is sent for a step that did not happen, and none is lost at a crash: a job that is
queued in the same transaction sends it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Max

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import sealing
from xiangyun.domain.cases.handlers import CaseStep, service
from xiangyun.domain.cases.handlers.carrying import Call, carried
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.connector.bodies import write_body
from xiangyun.kernel.connector.mapping import write
from xiangyun.kernel.connector.model import RECIPIENT, Connector, Sent
from xiangyun.kernel.connector.requirement import givers
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Text
from xiangyun.kernel.service.tasks import connector_call, evidence_providers

from . import actions, onceonly, outbox, queries
from .models import Outgoing

_MESSAGES = UUID("5f0a2b52-3a0e-5f8c-9a55-1d6c0b0a3c11")
"""The space of names in which the numbers of messages lie (RFC 9562, 5.5)."""


@service(connector_call.TYPE.name)
def call(step: CaseStep, wanted: ServiceWanted) -> None:
    """Write a message to another system; a job sends it, and its answer comes to the case.

    Raises Refused where the message does not fit its schema, and Forbidden where no right covers
    it on this day: then nothing of the step has happened.
    """
    connector, sent = _declared(wanted.headers["connector"], wanted.headers["message"])
    inputs = dict(wanted.inputs or {})
    organisation = connector.organisation or str(inputs.get(RECIPIENT) or "")
    if not connector.may_call(step.pack.code):
        raise Forbidden([_no_right(connector, sent, organisation)])
    if not connector.allows(organisation, sent.name, step.today):
        raise Forbidden([_no_right(connector, sent, organisation)])
    written = write(sent, inputs, step.today)
    body = write_body(written.body)
    if len(body) > connector.limits.most_bytes:
        raise Conflict([too_long(sent.name, len(body), connector.limits.most_bytes)])
    number = uuid5(_MESSAGES, f"{step.case.pk}:{wanted.id}")
    series = _series(connector, organisation, written.order)
    text, digest = body.decode(), hashlib.sha256(body).hexdigest()
    if sealing.is_sealed(step.case):
        about = f"{Outgoing._meta.db_table}.body"
        text = sealing.sealed_value(step.case, text, about)
    with acting_as(SYSTEM):
        _, new = Outgoing.objects.get_or_create(
            pk=number,
            defaults={
                "connector": connector.code,
                "message": sent.name,
                "organisation": organisation,
                "case_id": step.case.pk,
                "number": step.case.number,
                "token": wanted.id,
                "division": step.case.division,
                "matter": step.case.matter,
                "need": step.case.need,
                "key": written.key,
                "series": series,
                "serial": _place_in(connector.code, organisation, series),
                "body": text,
                "digest": digest,
                "asked_at": step.at,
                "due_at": step.at,
            },
        )
    if new:
        outbox.send(number)
    step.writes.asked.append(
        {
            "token": wanted.id,
            "element": wanted.element,
            "type": wanted.type,
            "headers": dict(wanted.headers),
            "inputs": to_stored(inputs),
            "asked_at": step.at,
        }
    )
    said = {name: wanted.headers[name] for name in ("connector", "message", "work")}
    said |= {"organisation": organisation, "message_id": str(number), "sha256": digest}
    step.record_platform(connector_call.ASKED.id, said)


@service(evidence_providers.TYPE.name)
def givers_of(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Who gives evidence about a place and may be asked today. Raises Conflict where the
    requirement is not published."""
    code = wanted.headers["requirement"]
    requirement = onceonly.requirement(code)
    if requirement is None:
        raise Conflict([_no_requirement(code)])
    connectors = {each.code: each for each in queries.connectors()}
    return givers(requirement, connectors, evidence_providers.place_asked(wanted), step.today)


@carried(connector_call.TYPE.name)
def again(asked: Call) -> None:
    """A supervisor has a message sent again that could not be delivered."""
    actions.send_again(uuid5(_MESSAGES, f"{asked.case_id}:{asked.token}"))


def _declared(code: str, name: str) -> tuple[Connector, Sent]:
    """The connector and the message as they are published now. Raises Conflict for neither."""
    connector = queries.connector(code)
    if connector is None or name not in connector.sends:
        raise Conflict([_not_published(code, name)])
    return connector, connector.sends[name]


def _series(connector: Connector, organisation: str, order: str) -> str:
    """What messages in one order share, without saying what it is."""
    if not order:
        return ""
    return hashlib.sha256(f"{connector.code}:{organisation}:{order}".encode()).hexdigest()[:32]


def _place_in(connector: str, organisation: str, series: str) -> int:
    """The next place in a series: whoever else writes in it waits until this step is over."""
    if not series:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [connector, series]
        )
    before = Outgoing.objects.filter(
        connector=connector, organisation=organisation, series=series
    ).aggregate(last=Max("serial"))["last"]
    return (before or 0) + 1


def _not_published(code: str, name: str) -> Finding:
    return Finding(
        "exchange.E030",
        "error",
        Text(
            "没有发布连接器“{code}”，或者它不发“{name}”。",
            "No connector “{code}” is published, or it sends no “{name}”.",
            code=code,
            name=name,
        ),
        hint=Text("请发布声明它的包。", "Publish the pack that declares it."),
    )


def _no_requirement(code: str) -> Finding:
    return Finding(
        "exchange.E037",
        "error",
        Text(
            "没有发布要求“{code}”，不知道谁能给出证据。",
            "No requirement “{code}” is published: nobody knows who gives the evidence.",
            code=code,
        ),
        hint=Text("请发布声明它的包。", "Publish the pack that declares it."),
    )


def _no_right(connector: Connector, sent: Sent, organisation: str) -> Finding:
    return Finding(
        "exchange.E031",
        "error",
        Text(
            "今天没有授权可以向 {organisation} 发“{name}”。",
            "On this day no right allows to send “{name}” to {organisation}.",
            organisation=organisation or "—",
            name=sent.words,
        ),
        hint=Text(
            "依据和起止日期写在 connectors/{code}.yaml 的 rights 里。",
            "Basis and days stand in `rights` of connectors/{code}.yaml.",
            code=connector.code,
        ),
    )


def too_long(name: str, bytes_: int, most: int) -> Finding:
    """A message that is longer than its connector allows."""
    return Finding(
        "exchange.E032",
        "error",
        Text(
            "报文“{name}”有 {bytes:,} 字节，超过 {most:,}。",
            "The message “{name}” has {bytes:,} bytes, more than {most:,}.",
            name=name,
            bytes=bytes_,
            most=most,
        ),
        hint=Text("文件请用摘要引用，不要放在报文里。", "Refer to files by digest instead."),
    )
