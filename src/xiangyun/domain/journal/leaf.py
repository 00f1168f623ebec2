"""What a leaf of the tree says about an entry, without Django.

A leaf may be shown to anyone. Names, accounts and personal details stand in it only as digests,
each under its own salt, so that whoever holds a receipt can open one detail and keep the others
closed. The salts also keep the published leaf hashes from being guessed.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from xiangyun.kernel.ledger import canonical, leaf_hash, spelled


class Recorded(Protocol):
    """An entry as its leaf sees it; `models.Entry` is one."""

    @property
    def at(self) -> datetime: ...

    @property
    def verb(self) -> str: ...

    @property
    def subject(self) -> str: ...

    @property
    def division(self) -> int: ...

    @property
    def desk(self) -> str: ...

    @property
    def owner(self) -> UUID | None: ...

    @property
    def actor(self) -> UUID | None: ...

    @property
    def actor_name(self) -> str: ...

    @property
    def data(self) -> Mapping[str, object]: ...

    @property
    def private(self) -> Mapping[str, object]: ...

    @property
    def salt(self) -> bytes | memoryview[int]: ...


def leaf_text(entry: Recorded) -> str:
    """The leaf as canonical JSON: the text whose UTF-8 bytes are hashed into the tree."""
    sealed = digests(entry)
    # Its own members are spelled here, in the order of their names: one is made for every step.
    return (
        f'{{"at":"{moment(entry.at)}","data":{spelled(entry.data)},"desk":{spelled(entry.desk)},'
        f'"division":{entry.division},"sealed":{spelled(sealed)},'
        f'"subject":{spelled(entry.subject)},"verb":{spelled(entry.verb)}}}'
    )


ERASED = bytes(16)
"""In place of the salt of an entry whose personal details were erased."""


def is_erased(entry: Recorded) -> bool:
    """Whether its personal details are gone: then `private` holds their digests."""
    return bytes(entry.salt) == ERASED


def digests(entry: Recorded) -> dict[str, str]:
    """The digests of the personal details, which stay when those are erased."""
    if is_erased(entry):
        return {name: str(value) for name, value in entry.private.items()}
    details = personal(entry)
    return {name: digest(salt_of(entry.salt, name), details[name]) for name in details}


def hash_of(text: str) -> bytes:
    """The leaf hash of a leaf text (RFC 9162 section 2.1.1)."""
    return leaf_hash(text.encode())


def personal(entry: Recorded) -> dict[str, object]:
    """What the leaf holds only as digests, by the name of the digest."""
    return {
        "owner": str(entry.owner) if entry.owner else None,
        "actor": str(entry.actor) if entry.actor else None,
        "actor_name": entry.actor_name,
        **{f"private.{key}": value for key, value in entry.private.items()},
    }


def opened(entry: Recorded) -> dict[str, dict[str, object]]:
    """Every personal detail with the salt that opens its digest (hex); none that was erased."""
    if is_erased(entry):
        return {}
    return {
        name: {"value": value, "salt": salt_of(entry.salt, name).hex()}
        for name, value in personal(entry).items()
    }


def salt_of(salt: bytes | memoryview[int], name: str) -> bytes:
    """The salt of one detail: to hand it out gives away nothing about the others."""
    return hmac.digest(bytes(salt), name.encode(), "sha256")


def digest(salt: bytes, value: object) -> str:
    """HMAC-SHA-256 of the value's canonical JSON under a detail's salt, in hex."""
    return hmac.digest(salt, canonical(value), "sha256").hex()


def moment(at: datetime) -> str:
    """A moment in UTC with microseconds: the one spelling that the database gives back."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
