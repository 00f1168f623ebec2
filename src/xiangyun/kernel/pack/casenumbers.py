"""Could cases of two services get one number? Asked of the forms in which they are written.

A form is read as a pattern: its own signs, digits where it counts, anything where a formula stands.
Two forms whose patterns have no text in common never collide. Services that share a `series`, and
count it alike, never do either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.service.letters import HOLE
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.numbers import CASE, NumberRule

_DIGITS = frozenset("0123456789")
_USUAL = 6 + 8 + 6  # place, day and serial number of a service without a form of its own
_OF_DIGITS = {"serial", "year", "place.code", "division.code"}


class Atom(NamedTuple):
    """One sign of a set (None: any sign), or with `many` any number of them, none included."""

    signs: frozenset[str] | None
    many: bool = False


class Numbered(Protocol):
    """What is asked of a service."""

    @property
    def service(self) -> ServiceItem | None: ...


def check_case_numbers(
    code: str, item: ServiceItem, others: Mapping[str, Numbered]
) -> Iterator[Finding]:
    """A finding for each other service whose cases could get the number of one of these."""
    rule = item.number(CASE)
    if rule is None:
        return
    own = _pattern(rule)
    if _meet(own, (Atom(_DIGITS),) * _USUAL + (Atom(_DIGITS, many=True),)):
        usual = Text("没有自定编号的事项", "services without a form of their own")
        yield _collides(rule, usual)
    for other, numbered in others.items():
        found = numbered.service.number(CASE) if numbered.service is not None else None
        if other == code or found is None or _is_one_count(rule, found):
            continue
        if _meet(own, _pattern(found)):
            yield _collides(rule, Text.given(other, other))


def _is_one_count(one: NumberRule, other: NumberRule) -> bool:
    """Whether both take their serial numbers from one count."""
    counts = [(each.series, each.by_year, each.place) for each in (one, other)]
    return bool(one.series) and counts[0] == counts[1]


def _pattern(rule: NumberRule) -> tuple[Atom, ...]:
    found: list[Atom] = []
    at, words = 0, rule.form.words
    for hole in HOLE.finditer(words):
        found += (Atom(frozenset(sign)) for sign in words[at : hole.start()])
        found += _of_hole(hole[1].strip(), rule)
        at = hole.end()
    found += (Atom(frozenset(sign)) for sign in words[at:])
    return tuple(found)


def _of_hole(source: str, rule: NumberRule) -> tuple[Atom, ...]:
    if source not in _OF_DIGITS:
        return (Atom(None, many=True),)
    least = {"serial": rule.digits, "year": 4}.get(source, 2)
    return (Atom(_DIGITS),) * least + (() if source == "year" else (Atom(_DIGITS, many=True),))


def _meet(one: tuple[Atom, ...], other: tuple[Atom, ...]) -> bool:
    """Whether some text has both patterns: the states that both can be in, walked."""
    waiting, seen = [(0, 0)], {(0, 0)}
    while waiting:
        a, b = waiting.pop()
        if a == len(one) and b == len(other):
            return True
        steps = []
        if a < len(one) and one[a].many:
            steps.append((a + 1, b))
        if b < len(other) and other[b].many:
            steps.append((a, b + 1))
        if a < len(one) and b < len(other) and _share(one[a].signs, other[b].signs):
            steps.append((a + (not one[a].many), b + (not other[b].many)))
        for step in steps:
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return False


def _share(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is None or other is None or bool(one & other)


def _collides(rule: NumberRule, other: Text) -> Finding:
    place: Place = rule.form.place
    return fault(
        "pack.E121",
        Text(
            "办件编号“{form}”可能与{other}的办件编号相同。",
            "The case number “{form}” could also be that of a case of {other}.",
            form=rule.form.words,
            other=other,
        ),
        place,
        Text(
            "请在格式里加上本事项自己的字母，或者与它共用 series 和 per。",
            "Put letters of its own into the form, or share `series` and `per` with it.",
        ),
    )
