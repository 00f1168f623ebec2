"""What nobody could know when the order was given, and everybody can look up afterwards.

Three kinds: a later head of the journal's tree (`journal`), a round of drand (`drand`), and a value
that an agreed event gives (`public`), such as a lottery's numbers. Whether a round of drand is
genuine is asked through a port: the kernel has no pairing of elliptic curves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.tree import verify_consistency

CHAINED = "pedersen-bls-chained"
UNCHAINED = "pedersen-bls-unchained"
SCHEMES = (
    CHAINED,
    UNCHAINED,
    "bls-unchained-on-g1",
    "bls-unchained-g1-rfc9380",
    "bls-bn254-unchained-on-g1",
)
"""Schemes of drand networks, as these name them in their `info`."""
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_ROOT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a drand network. Keys and signatures are hexadecimal, in small letters."""

    scheme: str
    public_key: str
    round: int
    signature: str
    previous_signature: str = ""

    @property
    def randomness(self) -> str:
        """SHA-256 of the signature, as drand defines it."""
        return hashlib.sha256(bytes.fromhex(self.signature)).hexdigest()


class CannotCheck(Exception):
    """A signature that cannot be checked here: the library is absent, or knows no such scheme."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


class Beacons(Protocol):
    """The port that checks beacons."""

    def is_genuine(self, round: Round) -> bool:
        """Whether the network signed this round. Raises CannotCheck."""

    def is_signed(self, head: Mapping[str, Any]) -> bool:
        """Whether a trusted key signed a head of the journal's tree. Raises CannotCheck.

        `head`: size, root, at, signature, as a receipt has it (docs/reference/journal.md).
        """


@dataclass(frozen=True, slots=True)
class Checked:
    """What is said of a beacon, and whether it is the one that the order names."""

    text: Text
    passed: bool | None


def is_round(round: Round) -> bool:
    """Whether a round has the form of one: hexadecimal, a number, a former signature in a chain."""
    needed = [round.public_key, round.signature]
    if round.scheme == CHAINED:
        needed.append(round.previous_signature)
    return 1 <= round.round < 2**64 and all(map(_HEX.fullmatch, needed))


def read_round(written: Mapping[str, Any]) -> Round | None:
    """A round from JSON as drand's own interface gives it, with scheme and key beside.

    None for what is none, also where it says a randomness that is not that of its signature.
    """
    number = written.get("round")
    if type(number) is not int:
        return None
    fields = ("scheme", "public_key", "signature", "previous_signature")
    scheme, key, signature, previous = (str(written.get(each) or "") for each in fields)
    found = Round(scheme, key.lower(), number, signature.lower(), previous.lower())
    if not is_round(found):
        return None
    said = written.get("randomness")
    return found if said in (None, "", found.randomness) else None


def cannot_name(named: Mapping[str, Any]) -> Text | None:
    """Why an order cannot name this beacon: nothing that is revealed later could be it. None where
    it can."""
    kind = named.get("kind")
    if kind == "drand":
        scheme, key, number = (named.get(each) for each in ("scheme", "public_key", "round"))
        if scheme not in SCHEMES:
            return Text("没有方案“{scheme}”。", "drand has no scheme “{scheme}”.",
                        scheme=str(scheme))  # fmt: skip
        if type(number) is not int or not 1 <= number < 2**64:
            return Text("轮次不是大于 0 的整数。", "Its round is no whole number above 0.")
        right = isinstance(key, str) and _HEX.fullmatch(key.lower()) is not None
        return None if right else Text("公钥不是十六进制。", "Its public key is not hexadecimal.")
    if kind == "journal":
        size = named.get("size")
        right = type(size) is int and size > 0
        return None if right else Text("size 不是条数。", "Its size is no number of entries.")
    if kind == "public":
        what = named.get("what")
        right = isinstance(what, str) and what.strip() != ""
        return None if right else Text("没有写明是什么。", "What it is is not said.")
    return Text("不认识这种信标。", "There is no beacon of this kind.")


def value_of(named: Mapping[str, Any], given: object, beacons: Beacons) -> tuple[str, Checked]:
    """The value of a beacon as the seed takes it, in hexadecimal, and what is to be said of it."""
    given = given if isinstance(given, Mapping) else {}
    kind = named.get("kind")
    if kind == "drand":
        return _drand(named, given, beacons)
    if kind == "journal":
        return _journal(named, given, beacons)
    if kind == "public":
        text = str(given.get("value") or "")
        value = hashlib.sha256(text.encode()).hexdigest()
        return value, Checked(_public(text, str(named.get("what") or "")), bool(text))
    return "", Checked(Text("不认识令中的信标。", "The order names no known beacon."), False)


def _drand(
    named: Mapping[str, Any], given: Mapping[str, Any], beacons: Beacons
) -> tuple[str, Checked]:
    own = {key: named.get(key) for key in ("scheme", "public_key", "round")}
    round = read_round({**given, **own})
    if round is None or given.get("round") not in (None, own["round"]):
        wrong = Text(
            "公布的不是 drand 第 {round} 轮。",
            "What was revealed is not round {round} of drand.",
            round=str(own["round"]),
        )
        return "", Checked(wrong, False)
    try:
        genuine: bool | None = beacons.is_genuine(round)
    except CannotCheck as problem:
        return round.randomness, Checked(
            Text("drand 第 {round} 轮的签名没有核对：{why}",
                 "The signature of round {round} of drand was not checked: {why}",
                 round=str(round.round), why=problem.why),
            None,
        )  # fmt: skip
    text = (
        Text("drand 第 {round} 轮的签名属实。", "The network signed round {round} of drand.",
             round=str(round.round))
        if genuine
        else Text("drand 第 {round} 轮的签名不对。",
                  "The signature of round {round} of drand is wrong.", round=str(round.round))
    )  # fmt: skip
    return round.randomness, Checked(text, genuine)


def _journal(
    named: Mapping[str, Any], given: Mapping[str, Any], beacons: Beacons
) -> tuple[str, Checked]:
    """The head of the tree at the size that the order names, proved by a signed later head."""
    size, root, head = given.get("size"), str(given.get("root") or ""), given.get("head")
    shown = Text.given(str(named.get("size")), str(named.get("size")))
    if type(size) is not int or size != named.get("size") or not _ROOT.fullmatch(root):
        wrong = Text(
            "公布的不是日志第 {size} 条时的树根。",
            "What was revealed is not the head of the journal at {size} entries.",
            size=shown,
        )
        return "", Checked(wrong, False)
    if not isinstance(head, Mapping) or not _continues(size, root, head, given.get("proof")):
        wrong = Text(
            "日志第 {size} 条时的树根没有证明，或证明不对。",
            "The head of the journal at {size} entries is not proved, or its proof is wrong.",
            size=shown,
        )
        return "", Checked(wrong, False)
    try:
        signed: bool | None = beacons.is_signed(head)
    except CannotCheck as problem:
        unchecked = Text(
            "日志树根的签名没有核对：{why}",
            "The signature of the journal's head was not checked: {why}",
            why=problem.why,
        )
        return root, Checked(unchecked, None)
    right = Text(
        "日志第 {size} 条时的树根在签过名的树里。",
        "The head of the journal at {size} entries lies within a signed tree.",
        size=shown,
    )
    false = Text("日志树根的签名不对。", "The signature of the journal's head is wrong.")
    return root, Checked(right if signed else false, signed)


def _continues(size: int, root: str, head: Mapping[str, Any], proof: object) -> bool:
    """Whether the signed tree begins with the one of `size` leaves (RFC 9162 section 2.1.4)."""
    last, top = head.get("size"), str(head.get("root") or "")
    hashes = proof if isinstance(proof, list) else []
    if type(last) is not int or not all(_ROOT.fullmatch(str(each)) for each in (top, *hashes)):
        return False
    path = [bytes.fromhex(str(each)) for each in hashes]
    return verify_consistency(size, last, bytes.fromhex(root), bytes.fromhex(top), path)


def _public(text: str, what: str) -> Text:
    return Text("公开的数值“{text}”（{what}）。", "The public value “{text}” ({what}).",
                text=text, what=what)  # fmt: skip
