"""How often somebody may ask: token buckets in memory that all processes of a server share.

A bucket holds `burst` tokens and gets `per_minute` of them back; a request takes one, and whoever
finds none is told how long to wait. Nothing of an address or account is kept: a bucket is found by
a keyed hash whose key is gone when the day or the server ends. Two processes that take at the same
instant may both get the last token: nothing that must be exact rests on a limit of this kind.

Source: the leaky bucket as a meter, ITU-T I.371 annex A.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass
from hashlib import blake2b
from time import monotonic, time

_SLOT = struct.Struct("<Qdd")  # tag, tokens, the moment they were counted
_HEAD = struct.Struct("<Q32s")  # the day of the key, the key
_PROBES = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a minute for as long as one likes."""

    burst: float
    per_minute: float

    def times(self, factor: float) -> Rate:
        """The same shape, wider or narrower."""
        return Rate(self.burst * factor, self.per_minute * factor)


class Buckets:
    """A table of buckets in shared memory, made before the processes divide; 24 bytes each.

    Where it is full the bucket that was asked for longest ago makes room, and is full again when
    it comes back: a flood of new keys makes limits wider, never narrower.
    """

    def __init__(self, slots: int = 1 << 16) -> None:
        self._slots = slots
        self._table = mmap.mmap(-1, _HEAD.size + slots * _SLOT.size)

    def _key(self, day: int) -> bytes:
        """The key of a day. The one of the day before is written over, and with it all buckets:
        what came yesterday cannot be told from what comes today by anybody."""
        of, key = _HEAD.unpack_from(self._table, 0)
        if of != day + 1:  # nothing but zeros in the beginning
            key = os.urandom(32)
            self._table[_HEAD.size :] = bytes(len(self._table) - _HEAD.size)
            _HEAD.pack_into(self._table, 0, day + 1, key)
        return bytes(key)

    def take(self, key: str, rate: Rate, *, cost: float = 1, now: float | None = None) -> float:
        """Take `cost` tokens: 0 where they were there, else the seconds until they will be.

        With `cost` 0 only looks: whether one token is there.
        """
        now = monotonic() if now is None else now
        tag, offset, tokens = self._find(key, rate, now)
        wanted = cost or 1
        if tokens < wanted:
            return max((wanted - tokens) * 60 / rate.per_minute, 0.001)
        _SLOT.pack_into(self._table, offset, tag, tokens - cost, now)
        return 0

    def give_back(self, key: str, rate: Rate) -> None:
        """Fill a bucket: whoever it was has shown to be welcome."""
        tag, offset, _ = self._find(key, rate, monotonic())
        _SLOT.pack_into(self._table, offset, tag, rate.burst, monotonic())

    def _find(self, key: str, rate: Rate, now: float) -> tuple[int, int, float]:
        """Its tag, where it stands or may stand, and its tokens now."""
        secret = self._key(int(time() // 86_400))
        digest = blake2b(key.encode(), key=secret, digest_size=16).digest()
        tag = int.from_bytes(digest[:8], "little") or 1
        first = int.from_bytes(digest[8:], "little")
        oldest, place = now + 1, 0
        for probe in range(_PROBES):
            offset = _HEAD.size + (first + probe) % self._slots * _SLOT.size
            found, tokens, stamp = _SLOT.unpack_from(self._table, offset)
            if found == tag:
                regained = max(now - stamp, 0) * rate.per_minute / 60
                return tag, offset, min(rate.burst, tokens + regained)
            if found == 0:
                stamp = -1.0
            if stamp < oldest:
                oldest, place = stamp, offset
        return tag, place, rate.burst


BUCKETS = Buckets()
"""Those of this server."""
