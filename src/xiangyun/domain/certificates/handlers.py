"""Answers the service tasks of a process about certificates: issue, look up, end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from xiangyun.domain.cases import foreign
from xiangyun.domain.cases.handlers import CaseStep, service
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.pack import certificate_content
from xiangyun.kernel.service.tasks.certificate_look_up import matching

from . import actions, queries
from .forms import FORMS
from .ports import signer


@service("certificate.issue")
def issue_certificate(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Issue what the pack's certificate.yaml says, from the case's variables.

    An input `replaces` with an identifier makes it the next version of that certificate. Answers
    {identifier, code, issued_on, file}; `code` is the number that the certificate is known by,
    `file` its page as {name, sha256, bytes}.
    """
    replaces = wanted.inputs.get("replaces") if wanted.inputs else None
    issued = actions.issue(
        certificate_content(step.pack, step.context, step.today, step.at),
        owner=step.case.owner,
        matter=step.case.matter,
        need=step.case.need,
        case_number=step.case.number,
        actor=step.actor,
        at=step.at,
        signer=signer(),
        replaces=str(replaces) if replaces else None,
    )
    return {
        "identifier": issued.identifier,
        "code": issued.number,
        "issued_on": issued.issued_on,
        "file": {
            "name": f"{issued.identifier}{FORMS['html'].suffix}",
            "sha256": hashlib.sha256(issued.page.encode()).hexdigest(),
            "bytes": Decimal(len(issued.page.encode())),
        },
    }


@foreign.also_keeps
def page_of(case_number: str, digest: str) -> foreign.Handed | None:
    """The page of a certificate that a case has led to, by its digest; for whom a message named
    it. What has ended since is handed over, too: whoever has it asks whether it stands."""
    for found in queries.issued_for(case_number):
        content = found.page.encode()
        if hashlib.sha256(content).hexdigest() == digest:
            of = FORMS["html"]
            return foreign.Handed(f"{found.identifier}{of.suffix}", of.media_type, content)
    return None


@service("certificate.look_up")
def look_up_certificates(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """What the applicant of the case holds of a kind; see `queries.held_by`."""
    held = queries.held_by(step.case.owner, on=step.today)
    return matching(held, wanted.inputs["kind"], wanted.inputs.get("number"))


@service("certificate.end")
def end_certificate(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """End a certificate of the applicant. Answers {ended}."""
    ended = actions.end_own(
        str(wanted.inputs["identifier"]),
        owner=step.case.owner,
        reason=str(wanted.inputs["reason"]),
        case_number=step.case.number,
        actor=step.actor,
        at=step.at,
    )
    return {"ended": ended}
