"""What webhooks want from the outside: somebody who posts to an address in the open network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Poster(Protocol):
    """Posts a body to an address and says with which status it was answered.

    Raises `Refused` where the address may not be asked or nobody answers; follows nowhere else.
    """

    def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> int: ...


def poster() -> Poster:
    """The poster of this instance: what `settings.XIANGYUN_POSTER` names."""
    found: Poster = import_string(settings.XIANGYUN_POSTER)
    return found
