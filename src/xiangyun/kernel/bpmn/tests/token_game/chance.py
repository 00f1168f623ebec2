"""Chance out of a seed, the same on every machine; the kernel imports none, in tests neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")
_MASK = (1 << 64) - 1


class Chance:
    """SplitMix64 (Steele, Lea and Flood 2014)."""

    def __init__(self, seed: int) -> None:
        self.at = seed * 0x9E3779B97F4A7C15 & _MASK

    def number(self) -> int:
        """The next 64 bits."""
        self.at = (self.at + 0x9E3779B97F4A7C15) & _MASK
        mixed = self.at
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & _MASK
        return mixed ^ (mixed >> 31)

    def often(self, share: float) -> bool:
        """True in this share of cases."""
        return self.number() < share * 2**64

    def choice(self, of: Sequence[Item]) -> Item:
        """One of several."""
        return of[self.number() % len(of)]

    def weighted(self, weights: Mapping[str, int]) -> str:
        """A name, as often as its weight says."""
        return self.choice([name for name, weight in weights.items() for _ in range(weight)])
