"""What was perhaps meant by a word that nothing knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from xiangyun.kernel.findings import Text

_LONGEST = 100  # characters compared; a longer word is no slip of the hand
_LISTED = 30


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word that is most like this one; None where none is like enough (0 to 1)."""
    found = get_close_matches(word[:_LONGEST], sorted(known), 1, likeness)
    return found[0] if found else None


def perhaps(word: str | None) -> Text | None:
    """The hint that names one word; none for none."""
    return Text("是不是“{word}”？", "Did you mean “{word}”?", word=word) if word else None


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """A hint: the nearest known word when there is one, else the words there are."""
    words = sorted(known)
    if (near := perhaps(nearest(word, words))) is not None:
        return near
    listed = ", ".join(words[:_LISTED]) or "—"
    return Text("可用的有：{listed}。", "There are: {listed}.", listed=listed)
