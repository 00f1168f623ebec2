"""What is found by its sense where words find nothing: vectors of offers, kept when recorded.

Only for registers that everybody may look into, and only a guess: it is shown as one. See decision
0032 for what it is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
from django.db import transaction

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers import settled
from xiangyun.domain.registers.queries import State, Used
from xiangyun.kernel.record.model import Field

from . import own
from .models import Sense, Sensed
from .ports import Encoder, Vectors, encoder

MOST: Final = 50_000
"""Records of a register that are found by their sense: their vectors stand in memory, 100 MB."""
LONGEST: Final = 300
"""Signs of a record that are read for its sense."""
_PAGE: Final = 200
_ASKED: Final = 100
"""Of the closest, so many are looked at: some have ended, some lie elsewhere."""


@dataclass(frozen=True, slots=True)
class _Kept:
    fact: int
    keys: tuple[str, ...]
    vectors: Vectors


_KEPT: dict[str, _Kept] = {}
_LOCK = Lock()


def text_of(used: Used, data: Mapping[str, Any]) -> str:
    """What of a record is read for its sense: names, then other words and chosen options."""
    declared = used.declaration
    fields = [f for f in declared.fields if not f.sensitive] if declared else []
    named = [f for f in fields if f.searched in ("name", "text-start")]
    others = [f for f in fields if (f not in named and f.searched != "code") or f.options]
    said = [one for f in (*named, *others) for one in _words(f, data.get(f.name))]
    return "，".join(dict.fromkeys(said))[:LONGEST]


def _words(field: Field, value: Any) -> Iterator[str]:
    if field.options:
        chosen = {option.value: option.words.zh for option in field.options}
        listed = value if isinstance(value, list) else [value]
        yield from (chosen[one] for one in listed if one in chosen)
    elif field.type in ("text", "list") and not field.format:
        listed = value if isinstance(value, list) else [value]
        yield from (one.strip() for one in listed if isinstance(one, str) and one.strip())


def bring_up() -> int:
    """Encode what was recorded since the last time, of every register; how many records.

    As often as one likes; nothing without an encoder.
    """
    by = encoder()
    if by is None:
        return 0
    return sum(_bring_up(by, used) for used in own.enterable() if own.is_public(used))


def _bring_up(by: Encoder, used: Used) -> int:
    with acting_as(SYSTEM):
        newest = settled.newest_fact()
        mark = Sensed.objects.filter(register=used.code, encoder=by.name).first()
        if mark is None:  # all of it anew: vectors of another model cannot be compared
            Sense.objects.filter(register=used.code).delete()
        elif mark.fact >= newest:
            return 0
    done, after = 0, None
    while True:
        with transaction.atomic(), acting_as(ANONYMOUS):
            page = registers.search(
                used.code, limit=_PAGE, after=after, recorded=(mark.fact if mark else 0, newest)
            )
        done += _keep(by, used, page.states)
        after = page.after
        if after is None or done >= MOST:
            break
    with acting_as(SYSTEM):
        Sensed.objects.update_or_create(
            register=used.code, defaults={"encoder": by.name, "fact": newest}
        )
    return done


def _keep(by: Encoder, used: Used, states: tuple[State, ...]) -> int:
    texts = {state.key: text_of(used, state.data or {}) for state in states}
    keys = [key for key, text in texts.items() if text]
    vectors = by.encode([texts[key] for key in keys]).astype("<f2")
    rows = [
        Sense(register=used.code, key=key, vector=vector.tobytes())
        for key, vector in zip(keys, vectors, strict=True)
    ]
    with acting_as(SYSTEM):
        Sense.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["register", "key"],
            update_fields=["vector"],
        )
    return len(rows)


def nearest(
    used: Used,
    text: str,
    *,
    filters: Mapping[str, Any] | None = None,
    within: int | None = None,
    most: int = 10,
) -> list[State]:
    """What lies closest to a text by its sense, as everybody may see it, the closest first.

    Five statements, however many there are; the vectors are read again when more were encoded.
    Empty without an encoder. Raises as `registers.search` does.
    """
    by = encoder()
    if by is None or not text.strip() or not own.is_public(used):
        return []
    kept = _kept(used.code, by)
    if kept is None or not kept.keys:
        return []
    scores = kept.vectors @ by.encode([text[:LONGEST]])[0]
    order = [int(at) for at in np.argsort(-scores)[:_ASKED] if scores[at] >= by.least]
    keys = [kept.keys[at] for at in order]
    if not keys:
        return []
    with transaction.atomic(), acting_as(ANONYMOUS):
        page = registers.search(used.code, filters=filters, within=within, keys=keys, limit=_ASKED)
    place = {key: at for at, key in enumerate(keys)}
    found = [state for state in page.states if state.key in place]
    return sorted(found, key=lambda state: place[state.key])[:most]


def _kept(register: str, by: Encoder) -> _Kept | None:
    """The vectors of a register, from memory while nothing was encoded since."""
    with acting_as(SYSTEM):
        mark = Sensed.objects.filter(register=register, encoder=by.name).first()
        if mark is None:
            return None
        with _LOCK:
            found = _KEPT.get(register)
        if found is not None and found.fact == mark.fact:
            return found
        rows = list(
            Sense.objects.filter(register=register).order_by("pk").values_list("key", "vector")
        )[:MOST]
    flat = np.frombuffer(b"".join(bytes(vector) for _, vector in rows), dtype="<f2")
    vectors = flat.astype(np.float32).reshape(len(rows), -1) if rows else np.zeros((0, 1))
    made = _Kept(mark.fact, tuple(key for key, _ in rows), vectors.astype(np.float32))
    with _LOCK:
        _KEPT[register] = made
    return made
