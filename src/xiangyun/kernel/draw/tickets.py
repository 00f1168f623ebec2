"""Numbers that everybody draws alike: whole numbers from SHA-256, each below a bound, without bias.

No floating point, no generator of a language: a program in any language gives the same numbers.
See docs/reference/draw.md.
"""

from __future__ import annotations

from hashlib import sha256

_ALL = 1 << 256


class Tickets:
    """The numbered tickets of one label: number n is SHA-256 of `seed/label/n`, read as one number.

    `used`: how many were taken. The next one has the number `used + 1`.
    """

    __slots__ = ("_prefix", "used")

    def __init__(self, seed: str, label: str, used: int = 0) -> None:
        self._prefix = f"{seed}/{label}/".encode()
        self.used = used

    def below(self, bound: int) -> int:
        """A number from 0 to `bound - 1`, each as likely as any other.

        A ticket above the largest multiple of the bound is left out and the next one taken: the
        remainder of it would favour small numbers. Raises ValueError for a bound below 1.
        """
        if bound < 1:
            raise ValueError(f"no number is below {bound}")
        while True:
            self.used += 1
            digest = sha256(b"%s%d" % (self._prefix, self.used)).digest()
            number = int.from_bytes(digest, "big")
            if number < _ALL - _ALL % bound:
                return number % bound
