"""Signatures: an application or a task signed by passkey, or on paper, as its drawing asks.

What is signed is composed where it is sent, from exactly what is sent: `ask_application` and
`ask_task` do the step up to there and take it back. So what somebody is asked to sign and what is
compared with the signature later have one source, and whatever would be refused is refused before
anybody is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.journal.passkeysigned import DOCUMENT, VERB
from xiangyun.kernel.bpmn import Element
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Stale, Text
from xiangyun.kernel.pack.taskforms import ANSWERS
from xiangyun.kernel.service.signing import (
    PAPER,
    PASSKEY,
    SignatureRule,
    digest_of,
    document_of,
    is_fresh,
    rule_of,
    seen_by_feel,
)

from . import ports
from .handlers import CaseStep


@dataclass(slots=True)
class Signing:
    """What somebody brings to a step that may want a signature.

    `asked_at`: when it was asked for (ISO 8601); `answer`: of the browser, as JSON; empty while
    asking, and then `document` holds what is to be signed when the step is taken back.
    """

    site: ports.Site
    asked_at: str
    answer: str = ""
    document: str = ""
    proof: Mapping[str, str] | None = field(default=None, repr=False)


class _Asked(Exception):
    """It was found out what is to be signed; nothing else happened."""


def ask(act: Callable[[Signing], object], site: ports.Site, actor: Actor, at: datetime) -> Asked:
    """What somebody is to sign with a step, and what a browser is asked for that.

    `act` does the step with what it is given; nothing of it stays. Raises what the step raises,
    and Conflict `signature.E008` where it asks for none, `signature.E006` without a passkey.
    """
    signing = Signing(site, at.isoformat(timespec="seconds"))
    with suppress(_Asked), transaction.atomic():
        act(signing)
        raise Conflict([NOT_ASKED])
    options = ports.signatures().ask(signing.document, site, actor)
    return Asked(signing.document, signing.asked_at, options, digest_of(signing.document).hex())


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be signed, when it was asked, a browser's options as JSON, and the SHA-256."""

    document: str
    asked_at: str
    options: str
    digest: str


def asks(element: Element | None, action: str = "") -> SignatureRule | None:
    """What an element asks for with an action; None for nothing."""
    rule = rule_of(element)
    return rule if rule is not None and rule.asks(action) else None


def sign(
    step: CaseStep,
    element: Element | None,
    content: Mapping[str, Any],
    answers: Value,
    party: Any,
    given: Signing | None,
) -> Value:
    """Take the signature of what is sent within a step: into the journal; None for none.

    `content`: all that is sent; `answers`: those of the form, among which a signed paper may be;
    `party`: for whom it is sent, None for the office. Raises what `SIGNATURES` in the errors say.
    """
    rule = asks(element, str(content.get("action", "")))
    if rule is None:
        if given is not None:
            raise Conflict([NOT_ASKED])
        return None
    if given is None:
        return _without_passkey(step, rule, content, answers)
    for_whom = _refuse_signer(step, rule, party)
    document = _document(step, content, for_whom, given)
    if not given.answer:
        given.document = document
        raise _Asked
    if not is_fresh(given.asked_at, step.at):
        raise Stale([TOO_LATE])
    if given.proof is None or given.document != document:
        given.proof = ports.signatures().check(document, given.answer, given.site, step.actor)
        given.document = document
    where = {"signed": content["task"], "way": PASSKEY}
    step.record(VERB, {**where, **given.proof}, {DOCUMENT: document, "for": for_whom})
    return seen_by_feel(step.actor.name, PASSKEY, step.moment, for_whom)


def _without_passkey(
    step: CaseStep, rule: SignatureRule, content: Mapping[str, Any], answers: Value
) -> Value:
    """Signed on paper, or not at all."""
    files = answers.get(rule.paper) if rule.paper and isinstance(answers, dict) else None
    if files:
        digests = _digests(content["files"], rule.paper)
        said = {"signed": content["task"], "way": PAPER, "materials": digests}
        step.record(VERB, said, {})
        return seen_by_feel(step.actor.name, PAPER, step.moment)
    if rule.required:
        raise Conflict([UNSIGNED_OR_PAPER if rule.paper else UNSIGNED])
    return None


def _digests(files: object, question: str) -> list[str]:
    """The digests of the files that answer a question, of {question, sha256} and more."""
    listed = files if isinstance(files, list) else []
    return [
        str(one.get("digest") or one.get("sha256"))
        for one in listed
        if isinstance(one, dict) and one.get("question") == question
    ]


def _refuse_signer(step: CaseStep, rule: SignatureRule, party: Any) -> str:
    """For whom the actor signs, by name; empty for the own name or the office.

    A desk that filed for somebody does not sign for him, nor who represents a party by another
    proof than the drawing takes.
    """
    actor = step.actor
    if party is None or party == actor.account:
        return ""
    if not actor.speaks_for(party, step.case.matter):
        raise Forbidden([MAY_NOT_SIGN])
    if rule.by and not representing.rests_on(actor, rule.by):
        raise Forbidden([MAY_NOT_SIGN])
    return actor.subject_name


def _document(step: CaseStep, content: Mapping[str, Any], for_whom: str, given: Signing) -> str:
    actor = step.actor
    signer = {"account": str(actor.account), "name": actor.name}
    if for_whom:
        signer["for"] = for_whom
    said = {
        "case": str(step.case.pk),
        "service": step.pack.code,
        "version": step.case.version.number,
        **content,
    }
    nonce = salted_hmac(
        "xiangyun.domain.cases.signing",
        f"{given.asked_at}/{actor.account}/{step.case.pk}/{content['task']}",
        algorithm="sha256",
    ).hexdigest()[:32]
    return document_of(said, signer, given.asked_at, nonce)


def content_of_task(
    element: str, token: str, action: str, note: str, fields: Mapping[str, Value], files: object
) -> dict[str, Any]:
    """All that is sent with a task."""
    return {
        "task": element,
        "token": token,
        "action": action,
        "note": note,
        "answers": to_stored(dict(fields)).get(ANSWERS),
        "files": files,
    }


def content_of_application(
    start: Element | None, answers: Mapping[str, Any], files: object
) -> dict[str, Any]:
    """All that is sent with an application."""
    return {"task": start.id if start is not None else "", "answers": answers, "files": files}


UNSIGNED = Finding(
    "signature.E001",
    "error",
    Text("这一步要签名。", "This step wants a signature."),
    hint=Text(
        "请用通行密钥签名；还没有的，在“账户安全”中添加。",
        "Sign it with a passkey; if you have none, add one under “Account”.",
    ),
)
UNSIGNED_OR_PAPER = Finding(
    "signature.E001",
    "error",
    Text("这一步要签名。", "This step wants a signature."),
    hint=Text(
        "请用通行密钥签名；没有的，在纸上签名，把签好的文件传上来。",
        "Sign it with a passkey; without one sign on paper and attach the signed file.",
    ),
)
TOO_LATE = Finding(
    "signature.E004",
    "error",
    Text("签名的时间已过，没有提交。", "The time to sign it is over; nothing was sent."),
    hint=Text("请重新核对后再签，十分钟内有效。", "Look at it again and sign within ten minutes."),
)
MAY_NOT_SIGN = Finding(
    "signature.E007",
    "error",
    Text("您不能代申请人或者当事单位签名。", "You may not sign for whoever this is about."),
    hint=Text(
        "请由本人或者本事项认可的代理人（如登记的法定代表人）签名，或者在纸上签名后上传。",
        "Let the party sign, or a representative whom the service accepts, such as the one in the "
        "register; or have it signed on paper and attach the file.",
    ),
)
NOT_ASKED = Finding(
    "signature.E008",
    "error",
    Text("这一步没有要签名。", "This step asks for no signature."),
    hint=Text("请直接提交。", "Send it as it is."),
)
