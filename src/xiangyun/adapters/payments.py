"""A simulated provider of payments (付款机构模拟): no money moves.

It is another house: its books lie in a folder of its own beside the database, and it signs what it
says with a key of its own, as providers do (Ed25519, RFC 8032, over moment, nonce and body).

    provider/ledger.jsonl   what happened there, one line each, only ever added to
    provider/key.pem        its private key; provider/public.pem is what we believe

Real providers differ in words and not in kind: an adapter beside this one implements
`payments.ports.Provider` and is named in `XIANGYUN_PAYMENTS`.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.utils import timezone

from xiangyun.adapters.keys import instance_folder
from xiangyun.domain.payments.ports import Asked, Declined, Told
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Text
from xiangyun.kernel.payment import Line, parsed

NAME = "simulated"
TIMESTAMP, NONCE, SIGNATURE = "payment-timestamp", "payment-nonce", "payment-signature"
PAGES = "/payments/provider/"
"""Where this instance shows the provider's page."""
_FRESH = timedelta(minutes=10)
_MOST_BYTES = 20_000
Event = dict[str, Any]


def simulated() -> SimulatedProvider:
    """The simulated provider of this instance; what `settings.XIANGYUN_PAYMENTS` names."""
    return SimulatedProvider(instance_folder() / "provider")


@dataclass(frozen=True, slots=True)
class SimulatedProvider:
    """A `payments.ports.Provider` and `Counter` whose books lie in a folder."""

    folder: Path
    name: str = NAME

    # -- what the platform asks of it ----------------------------------------------------------

    def begin(self, order: Asked) -> str:
        with self._books() as events:
            known = _first(events, "begun", number=order.number)
            if _first(events, "closed", number=order.number):
                raise Declined(Text("订单已经关闭。", "The order is closed."))
            if known is None:
                known = {
                    "what": "begun",
                    "secret": secrets.token_urlsafe(18),
                    "number": order.number,
                    "amount": f"{order.amount:.2f}",
                    "name": order.name.to_json(),
                    "payee": order.payee,
                    "back": order.back,
                }
                self._add(known)
            elif known["amount"] != f"{order.amount:.2f}":
                raise Declined(Text("订单金额与以前不同。", "The amount is not that of before."))
        return f"{PAGES}{known['secret']}/"

    def close(self, number: str) -> Told | None:
        with self._books() as events:
            paid = _first(events, "paid", number=number)
            if paid is None and _first(events, "closed", number=number) is None:
                self._add({"what": "closed", "number": number})
            return _told(paid) if paid else None

    def refund(self, number: str, transaction: str, refund: str, amount: Decimal) -> Told:
        with self._books() as events:
            if done := _first(events, "refunded", refund=refund):
                return _told(done)
            paid = _first(events, "paid", number=number, transaction=transaction)
            if paid is None:
                raise Declined(Text("没有这笔付款。", "There is no such payment."))
            given = [
                Decimal(e["amount"])
                for e in events
                if e["what"] == "refunded" and e["paid"] == transaction
            ]
            if sum(given, amount) > Decimal(paid["amount"]):
                raise Declined(Text("退款超过付款金额。", "More would go back than was paid."))
            event = self._money("refunded", number, amount, timezone.now())
            event |= {"refund": refund, "paid": transaction}
            self._add(event)
            return _told(event)

    def verify(self, headers: Mapping[str, str], body: bytes, at: datetime) -> Told:
        moment, nonce = headers.get(TIMESTAMP, ""), headers.get(NONCE, "")
        try:
            signature = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
            seconds = int(moment) if len(moment) < 12 else 0
            self._public().verify(signature, _signed(moment, nonce, body))
        except (InvalidSignature, ValueError):
            raise Forbidden([_NOT_SIGNED]) from None
        if abs(at.timestamp() - seconds) > _FRESH.total_seconds():
            raise Forbidden([_NOT_SIGNED])
        told = _read(body) if len(body) <= _MOST_BYTES else None
        if told is None:
            raise Refused([_NOT_UNDERSTOOD])
        return told

    def statement(self, day: date) -> tuple[Line, ...]:
        with self._books() as events:
            lines = [_line(each) for each in events if each["what"] in ("paid", "refunded")]
        return tuple(line for line in lines if timezone.localdate(line.at) == day)

    # -- its own page --------------------------------------------------------------------------

    def shown(self, secret: str) -> Asked | None:
        with self._books() as events:
            found = _first(events, "begun", secret=secret)
        if found is None:
            return None
        name = Text.from_json(found["name"])
        amount = Decimal(found["amount"])
        return Asked(found["number"], amount, name, found["payee"], found["back"])

    def standing(self, secret: str) -> str:
        with self._books() as events:
            begun = _first(events, "begun", secret=secret)
            number = begun["number"] if begun else ""
            if _first(events, "paid", number=number):
                return "paid"
            return "closed" if _first(events, "closed", number=number) else "open"

    def pay(self, secret: str, at: datetime) -> tuple[Mapping[str, str], bytes] | None:
        with self._books() as events:
            begun = _first(events, "begun", secret=secret)
            if begun is None or _first(events, "closed", number=begun["number"]):
                return None
            paid = _first(events, "paid", number=begun["number"])
            if paid is None:
                paid = self._money("paid", begun["number"], Decimal(begun["amount"]), at)
                self._add(paid)
        return self.signed_call(_told(paid), at)

    def signed_call(self, told: Told, at: datetime) -> tuple[Mapping[str, str], bytes]:
        """A call that says what happened, as the provider makes it: headers and body."""
        said = {
            "kind": told.kind,
            "number": told.number,
            "transaction": told.transaction,
            "amount": f"{told.amount:.2f}",
            "at": told.at.isoformat(),
            "refund": told.refund,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        moment, nonce = str(int(at.timestamp())), secrets.token_hex(8)
        signature = self._key().sign(_signed(moment, nonce, body))
        headers = {
            TIMESTAMP: moment,
            NONCE: nonce,
            SIGNATURE: base64.b64encode(signature).decode(),
        }
        return headers, body

    # -- its books -----------------------------------------------------------------------------

    @contextmanager
    def _books(self) -> Iterator[list[Event]]:
        """What happened so far; nobody else looks or writes meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ledger = self.folder / "ledger.jsonl"
            text = ledger.read_text(encoding="utf-8") if ledger.exists() else ""
            whole, _, cut = text.rpartition("\n")
            if cut:  # killed while it wrote: what is not whole has not happened
                ledger.write_text(whole + "\n" if whole else "", encoding="utf-8")
            yield [json.loads(line) for line in whole.splitlines()]

    def _add(self, event: Event) -> None:
        with (self.folder / "ledger.jsonl").open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(event, ensure_ascii=False) + "\n")

    def _money(self, what: str, number: str, amount: Decimal, at: datetime) -> Event:
        moment = at.replace(microsecond=0).isoformat()
        transaction = f"M{secrets.token_hex(10).upper()}"
        return {
            "what": what,
            "number": number,
            "transaction": transaction,
            "amount": f"{amount:.2f}",
            "at": moment,
        }

    def _key(self) -> Ed25519PrivateKey:
        file = self.folder / "key.pem"
        with self._books():
            if not file.exists():
                key = Ed25519PrivateKey.generate()
                draft = self.folder / "key.draft"
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "wb") as into:
                    into.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
                public = key.public_key()
                (self.folder / "public.pem").write_bytes(
                    public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
                )
                draft.replace(file)
        found = load_pem_private_key(file.read_bytes(), password=None)
        assert isinstance(found, Ed25519PrivateKey)
        return found

    def _public(self) -> Ed25519PublicKey:
        file = self.folder / "public.pem"
        if not file.exists():
            raise ValueError(file.name)
        found = load_pem_public_key(file.read_bytes())
        assert isinstance(found, Ed25519PublicKey)
        return found


def _signed(moment: str, nonce: str, body: bytes) -> bytes:
    """What a signature is over."""
    return f"{moment}\n{nonce}\n".encode() + body + b"\n"


def _first(events: list[Event], what: str, **like: str) -> Event | None:
    return next(
        (
            each
            for each in events
            if each["what"] == what and all(each.get(key) == value for key, value in like.items())
        ),
        None,
    )


def _told(event: Event) -> Told:
    return Told(
        event["what"],
        NAME,
        event["number"],
        event["transaction"],
        Decimal(event["amount"]),
        datetime.fromisoformat(event["at"]),
        event.get("refund", ""),
    )


def _line(event: Event) -> Line:
    told = _told(event)
    if told.kind == "paid":
        return Line("payment", told.number, told.transaction, told.amount, told.at)
    return Line("refund", told.refund or told.transaction, told.transaction, told.amount, told.at)


def _read(body: bytes) -> Told | None:
    """What a signed call says; None for one that is not understood."""
    try:
        said = json.loads(body)
        at = datetime.fromisoformat(said["at"])
        amount = parsed(said["amount"])
        words = [said[key] for key in ("number", "transaction", "refund")]
    except (ValueError, KeyError, TypeError):
        return None
    number, transaction, refund = words
    good = (
        said.get("kind") in ("paid", "refunded")
        and amount is not None
        and amount > 0
        and at.tzinfo is not None
        and all(isinstance(word, str) and len(word) <= 64 and "\0" not in word for word in words)
        and number
        and transaction
    )
    if not good or amount is None:
        return None
    return Told(said["kind"], NAME, number, transaction, amount, at, refund)


_NOT_SIGNED = Finding(
    "payment.E020",
    "error",
    Text("这个通知没有付款机构刚签的名。", "The provider has not signed this call lately."),
    hint=Text("没有记账。请核对付款机构的公钥和时钟。",
              "Nothing was booked. Check the provider’s public key and the clocks."),
)  # fmt: skip
_NOT_UNDERSTOOD = Finding(
    "payment.E021",
    "error",
    Text("签名正确，但是通知读不懂。", "The signature is right, but the call is not understood."),
    hint=Text("没有记账。请与付款机构核对格式。", "Nothing was booked. Ask the provider."),
)
