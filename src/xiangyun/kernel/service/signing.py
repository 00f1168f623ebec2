"""What is signed by a passkey: whose signature an element of the drawing asks for, and of what.

A user task and a start event ask in the same four properties (`headers.SIGNATURES`). What is signed
is a document: a JSON object in its one spelling (RFC 8785) that holds all that is sent, and who
sends it. The challenge that the passkey signs is its SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.feel import Value
from xiangyun.kernel.ledger import spelled
from xiangyun.kernel.service.headers import (
    SIGNATURE,
    SIGNATURE_ACTIONS,
    SIGNATURE_BY,
    SIGNATURE_PAPER,
    listed,
)

FORMAT = "xiangyun-signed/1"
PASSKEY, PAPER = "passkey", "paper"
WAYS = (PASSKEY, PAPER)
SIGNATURE_FOR_FEEL = "signature"
"""As what the outputs of a task see its signature; that of a start is `filing.signature`."""
FRESH = timedelta(minutes=10)
"""How long somebody has to sign what was asked for."""


@dataclass(frozen=True, slots=True)
class SignatureRule:
    """Whose signature an element asks for.

    `required`: without one, by passkey or on paper, it is refused; else it is offered. `actions`:
    with which buttons; none: with each. `paper`: the question whose file takes its place. `by`: on
    what an authority to sign for another party must rest; none: on anything.
    """

    required: bool
    actions: tuple[str, ...] = ()
    paper: str = ""
    by: tuple[str, ...] = ()

    def asks(self, action: str) -> bool:
        """Whether a button wants one; a start has no buttons."""
        return not self.actions or action in self.actions


def rule_of(element: Element | None) -> SignatureRule | None:
    """What an element asks for; None for nothing."""
    said = element.properties if element is not None else {}
    how = said.get(SIGNATURE.name, "").strip()
    if not how:
        return None
    return SignatureRule(
        how == "required",
        tuple(listed(said, SIGNATURE_ACTIONS.name)),
        said.get(SIGNATURE_PAPER.name, "").strip(),
        tuple(listed(said, SIGNATURE_BY.name)),
    )


def start_in(process: Process, start: str) -> Element | None:
    """The start event that an application is sent to: the named one, or the plain one for none."""
    if start:
        return process.elements.get(start)
    starts = (each for each in process.elements.values() if each.kind == "startEvent")
    return next((each for each in starts if not each.parent and _is_plain(each)), None)


def _is_plain(start: Element) -> bool:
    return start.trigger is None or start.trigger.kind == "none"


def document_of(
    content: Mapping[str, object], signer: Mapping[str, str], asked_at: str, nonce: str
) -> str:
    """What is signed, in its one spelling.

    `content`: case, service, version, task, action, note, answers and files as they are sent;
    `signer`: {account, name} and `for` whom; `asked_at`: ISO 8601; `nonce`: of the one who asks.
    """
    whole = {"format": FORMAT, **content, "signer": signer, "asked_at": asked_at, "nonce": nonce}
    return spelled(whole)


def digest_of(document: str) -> bytes:
    """The challenge: 32 bytes."""
    return hashlib.sha256(document.encode()).digest()


def is_fresh(asked_at: str, at: datetime) -> bool:
    """Whether what was asked then may still be answered; not what was asked later than now."""
    try:
        since = at - datetime.fromisoformat(asked_at)
    except (ValueError, TypeError):
        return False
    return timedelta(0) <= since <= FRESH


def seen_by_feel(name: str, way: str, at: Value, on_behalf_of: str = "") -> Value:
    """A signature as processes, letters and certificates see it: {name, way, at, for}."""
    return {"name": name, "way": way, "at": at, "for": on_behalf_of or None}
