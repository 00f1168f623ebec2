"""What was sent, when and by which rule, proven from the journal of one side alone.

A proof is JSON: the number of the message, and for each of our entries about it a receipt (see
`journal.proof`). A leaf that holds `signed` holds a signature of the other side: of the message, in
the journal of whoever got it, or of the answer, which covers the signature of the message, in the
journal of whoever sent it. A leaf that holds `their_leaf` names the other journal's.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as sealing
from xiangyun.domain.journal import proof
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.signatures import TrustedKeys
from xiangyun.domain.journal.verdict import read_json
from xiangyun.kernel.findings import Finding, NotFound, Text

from . import bundles, envelopes, ports
from .models import Incoming

FORMAT = "xiangyun-exchange-proof/1"
_VERBS = ("exchange.sent", "exchange.delivered", "exchange.answered", "exchange.received")


@dataclass(frozen=True, slots=True)
class Proven:
    """What one leaf says of a message, and whether it is proven.

    `in_journal`: the leaf stands in a tree whose head we trust. `by_them`: a signature of the other
    side holds over the very digest that the leaf names; None where the leaf has no signature.
    """

    verb: str
    at: str
    organisation: str
    sha256: str
    rule: str
    their_leaf: str
    in_journal: bool
    by_them: bool | None


def prove(message: str, at: datetime) -> dict[str, Any]:
    """All that our journal has about a message, sent or come, by its number. Raises NotFound."""
    sealing.seal(at, ports.signer())
    with acting_as(SYSTEM):
        entries = list(journal.history(f"exchange/{message}"))
        for row in Incoming.objects.filter(message_id=message):
            about = journal.history(f"partner/{row.organisation}")
            entries += [each for each in about if each.data.get("message_id") == message]
        wanted = [each for each in entries if each.verb in _VERBS]
        receipts = [journal.receipt(each.pk) for each in wanted]
    if not receipts:
        raise NotFound([_nothing(message)])
    return {"format": FORMAT, "message": message, "receipts": receipts}


def check(document: Mapping[str, Any], ours: TrustedKeys, theirs: TrustedKeys) -> Iterator[Proven]:
    """What a proof proves, leaf by leaf: `ours` signs the heads of this journal, `theirs` what the
    other side signed. Needs nothing else, so that a court can do it, too."""
    for receipt in document.get("receipts", ()):
        verdict = proof.check_receipt(receipt, ours)
        for entry in receipt.get("entries", ()):
            leaf = read_json(entry["leaf"])
            data = leaf.get("data") if isinstance(leaf, dict) else None
            if not isinstance(leaf, dict) or not isinstance(data, dict):
                continue
            if data.get("message_id") != document.get("message"):
                continue
            yield Proven(
                verb=str(leaf.get("verb")),
                at=str(leaf.get("at")),
                organisation=str(data.get("organisation", "")),
                sha256=str(data.get("sha256", "")),
                rule=str(data.get("rule", "")),
                their_leaf=str(data.get("their_leaf", "")),
                in_journal=verdict.answer == "valid" and entry["index"] is not None,
                by_them=_signed_by(data, theirs),
            )


def _signed_by(data: Mapping[str, Any], theirs: TrustedKeys) -> bool | None:
    """Whether what the leaf keeps is signed by a key of theirs, and names the same leaf; where it
    is the message itself, also its number and its digest."""
    signed = data.get("signed")
    if not isinstance(signed, dict):
        return None
    pem, base = theirs.get(str(signed.get("key"))), str(signed.get("base"))
    try:
        value = base64.b64decode(str(signed.get("signature")), validate=True)
    except binascii.Error:
        return False
    if pem is None or not envelopes.holds(pem, value, base.encode()):
        return False
    request = '"@method": ' in base
    if "part" in signed:
        wanted = {"id": str(data.get("message_id")), "leaf": str(data.get("their_leaf", ""))}
        sha256 = {"sha256": str(data.get("sha256"))} if request else {}
        return bundles.proves(signed, base, wanted | sha256)
    try:
        digest = base64.b64encode(bytes.fromhex(str(data.get("sha256")))).decode()
    except ValueError:
        return False
    said = [f'"{envelopes.LEAF}": "{data["their_leaf"]}"'] if data.get("their_leaf") else []
    if request:
        said.append(f'"{envelopes.ID}": "{data["message_id"]}"')
        said.append(f'"content-digest": sha-256=:{digest}:')
    lines = base.split("\n")
    return all(line in lines for line in said)


def _nothing(message: str) -> Finding:
    return Finding(
        "exchange.E065",
        "error",
        Text(
            "日志里没有报文 {message}。",
            "The journal has nothing about the message {message}.",
            message=message,
        ),
        hint=Text("请核对编号：xiangyun exchange stuck、办件经过里都有。", "Check its number."),
    )
