"""Whom one trusts: organisations with their keys, as a file that is handed from one to another.

{"format": "xiangyun-trust/1",
 "organisations": [{
    "name": {"zh": "…", "en": "…"},
    "issuers": ["https://…", "did:key:…"],     what credentials call it
    "keys": [JWK with "kid", or PEM, or a multikey "z6Mk…"],
    "roots": ["-----BEGIN CERTIFICATE-----…"],  of PDF signatures and x5c
    "until": "2027-12-31"}]}                    after that day it is trusted no more
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from xiangyun.domain.journal import algorithms
from xiangyun.domain.journal.algorithms import pem_of
from xiangyun.domain.journal.signatures import TrustedKeys, key_id
from xiangyun.kernel.credential import integrity
from xiangyun.kernel.credential.encodings import read_json
from xiangyun.kernel.credential.jws import Jwk
from xiangyun.kernel.findings import Finding, Refused, Text

from .forms import w3c

FORMAT = "xiangyun-trust/1"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One whom one trusts: what it is called, the issuers it signs as, its keys by their ids.

    `by_key`: the keys alone are trusted, whatever issuer they sign as, as whoever names a key on
    a command line means it.
    """

    name: Text
    issuers: tuple[str, ...]
    keys: Mapping[str, Jwk]
    roots: tuple[bytes, ...] = ()
    until: date | None = None
    by_key: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """All whom one trusts; `pems` are the keys of this instance, for its own pages and receipts."""

    organisations: tuple[Organisation, ...] = ()
    pems: TrustedKeys = field(default_factory=dict)

    def on(self, day: date) -> Trust:
        """Those that are trusted on a day."""
        kept = tuple(each for each in self.organisations if each.until is None or day <= each.until)
        return replace(self, organisations=kept)

    def keys_of(self, issuer: str | None) -> dict[str | None, Jwk]:
        """The keys of an issuer by their ids; of all where a credential names none."""
        found: dict[str | None, Jwk] = {}
        for each in self.organisations:
            if issuer is None or issuer in each.issuers or each.by_key:
                found.update(each.keys)
        return found

    def organisation_of(self, issuer: str | None, kid: str | None = None) -> Organisation | None:
        """Who an issuer is, or who has a key."""
        for each in self.organisations:
            if issuer in each.issuers or (kid is not None and kid in each.keys):
                return each
        return None

    def for_pages(self) -> TrustedKeys:
        """The keys of all, PEM by key id, as pages, receipts and evidence name them."""
        of_all = [pem_of(key) for each in self.organisations for key in each.keys.values()]
        return {**{key_id(pem): pem for pem in of_all}, **self.pems}

    def resolve(self, method: str, issuer: str) -> Jwk | None:
        """The key of a verification method, where it is a trusted one of this issuer."""
        keys = self.keys_of(issuer)
        if method in keys:
            return keys[method]
        own = integrity.key_of_did(method)
        if own is None:
            return None
        return own if any(each.get("x") == own["x"] for each in keys.values()) else None

    def roots(self) -> list[bytes]:
        """The X.509 roots of all."""
        return [root for each in self.organisations for root in each.roots]

    def with_instance(
        self,
        pems: TrustedKeys,
        address: str,
        roots: Iterable[bytes] = (),
        *,
        by_key: bool = False,
    ) -> Trust:
        """And this instance itself, which issues at an address and as the did:key of its keys."""
        if not pems:
            return self
        dids = [did for pem in pems.values() if (did := w3c.did_of(pem))]
        keys = {id_: algorithms.jwk_of(pem) for id_, pem in pems.items()}
        name = Text("指定的密钥", "The key named") if by_key else Text("本平台", "This platform")
        own = Organisation(name, (address, *dids), keys, tuple(roots), by_key=by_key)
        return Trust((*self.organisations, own), {**self.pems, **pems})


def read_trust(text: str) -> Trust:
    """The trust of a file. Raises Refused `trust.E001` and says which part is wrong."""
    try:
        value = read_json(text)
    except Refused:
        raise _refused("JSON") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise _refused("format")
    listed = value.get("organisations")
    if not isinstance(listed, list):
        raise _refused("organisations")
    return Trust(tuple(_organisation(each, at) for at, each in enumerate(listed)))


def _organisation(value: Any, at: int) -> Organisation:
    place = f"organisations[{at}]"
    try:
        name = Text.given(str(value["name"]["zh"]), str(value["name"]["en"]))
        issuers = tuple(str(each) for each in value["issuers"])
        keys = dict(_key(each) for each in value["keys"])
        roots = tuple(_der(each) for each in value.get("roots", ()))
        until = date.fromisoformat(value["until"]) if value.get("until") else None
    except (KeyError, TypeError, ValueError, AttributeError, Refused) as fault:
        raise _refused(f"{place}: {fault}") from None
    return Organisation(name, issuers, keys, roots, until)


def _key(value: Any) -> tuple[str, Jwk]:
    if isinstance(value, str) and value.startswith("-----"):
        return key_id(value), algorithms.jwk_of(value)
    if isinstance(value, str):
        found = integrity.key_of_multikey(value)
        if found is None:
            raise ValueError(value)
        return f"did:key:{value}#{value}", found
    if not isinstance(value, dict) or "d" in value:
        raise ValueError("keys")
    pem = algorithms.pem_of(value)
    return str(value.get("kid") or key_id(pem)), value


def _der(pem: str) -> bytes:
    lines = pem.strip().splitlines()
    if not lines[0].startswith("-----BEGIN CERTIFICATE"):
        raise ValueError("roots")
    return base64.b64decode("".join(lines[1:-1]), validate=True)


def _refused(about: str) -> Refused:
    message = Text(
        "信任名单读不懂：{about}。", "The trust list cannot be read: {about}.", about=about
    )
    return Refused([Finding("trust.E001", "error", message, hint=_HINT)])


_HINT = Text(
    "写法见 docs/how-to/verify-a-certificate.md。",
    "How it is written: docs/how-to/verify-a-certificate.md.",
)
