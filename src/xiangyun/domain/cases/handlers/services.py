"""Answers to the service tasks every pack may use: codes, letters, departments."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from xiangyun.domain.cases.models import Decision
from xiangyun.domain.numbers import actions as numbers
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.pack import RuleFinding, letter
from xiangyun.kernel.service.model import APPLICANT
from xiangyun.kernel.service.tasks import (
    code_assign,
    department_notify,
    letter_send,
    number_assign,
)

from .casestep import CaseStep, service


@service("code.assign")
def assign_code(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """A fresh code of the kind asked for; its serial number is drawn once and never again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registers_organisation')")
        serial: int = cursor.fetchone()[0]
    assign = code_assign.ASSIGNERS[wanted.headers.get("kind", "uscc")]
    return {"code": assign(str(wanted.inputs["division"]), serial)}


@service("number.assign")
def assign_number(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """The next number of a declared kind; it is given back if the step does not happen."""
    rule = step.pack.service.number(wanted.headers["number"])
    assert rule is not None  # the check of the pack saw to it
    counted = rule.counted(step.pack.code, str(step.case.division), step.today)
    serial = numbers.take(counted.series, counted.year, counted.place)
    division = step.overall["division"]
    assert isinstance(division, dict)
    number = rule.written(serial, step.overall, division, step.today)
    step.record_platform(number_assign.ASSIGNED.id, {"number": number})
    return {"number": number}


@service("letter.send")
def send_letter(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Write a letter to a party of the case in both languages and keep it with the case."""
    name = wanted.headers["letter"]
    findings = latest_findings(step)
    zh, en = (
        letter(step.pack, name, step.context, language, findings, step.at, step.said)
        for language in (CHINESE, ENGLISH)
    )
    step.writes.letters.append(
        {
            "kind": name,
            "to": wanted.headers.get("to") or APPLICANT,
            "at": step.at,
            "title": {"zh": zh.title, "en": en.title},
            "body": {
                "zh": zh.body,
                "en": en.body,
                **({"number": str(given)} if (given := _number_of(wanted)) else {}),
                **({"short": {"zh": zh.short, "en": en.short}} if zh.short else {}),
            },
        }
    )
    step.record_platform(letter_send.SENT.id, {"letter": name}, {"body": zh.body})
    return {}


def _number_of(wanted: ServiceWanted) -> Value:
    """The number that a letter bears as a document, where it was given one."""
    return wanted.inputs.get("number") if wanted.inputs else None


def latest_findings(step: CaseStep) -> tuple[RuleFinding, ...]:
    """The findings of the case's last decision that had any."""
    last = Decision.objects.filter(case=step.case).order_by("-pk").first()
    return tuple(
        RuleFinding(
            id=found["id"],
            severity=found["severity"],
            field=found["field"],
            text=Text.from_json(found["text"]),
            basis=found["basis"],
        )
        for found in (last.trace.get("findings", []) if last else [])
    )


@service("department.notify")
def notify_department(step: CaseStep, wanted: ServiceWanted) -> None:
    """Queue work for another department, in the same transaction; a job brings the answer."""
    step.writes.asked.append(
        {
            "token": wanted.id,
            "element": wanted.element,
            "type": wanted.type,
            "headers": dict(wanted.headers),
            "inputs": to_stored(dict(wanted.inputs)),
            "asked_at": step.at,
        }
    )
    asked = {name: wanted.headers[name] for name in ("department", "work")}
    step.record_platform(department_notify.NOTIFIED.id, asked)
