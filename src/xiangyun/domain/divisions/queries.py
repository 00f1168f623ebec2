"""Read divisions: by code, upward to the province, downward one level, by name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q

from xiangyun.domain.editions import remembered
from xiangyun.kernel.codes.division import subtree
from xiangyun.kernel.findings import Text

from .models import Division, Level
from .names import named_so

_DISTRICTS = "市辖区"
"""What a municipality's districts lie in by their codes: no place of its own."""
COUNTY_SPAN = 1_000_000
"""How many codes a county has: its own and those of its towns and villages."""


def division(code: int | str) -> Division:
    """The division with this 12-digit code; raises `Division.DoesNotExist`."""
    return Division.objects.get(pk=int(code))


@lru_cache(maxsize=4096)
def is_there(code: int) -> bool:
    """Whether there is a division with this code."""
    return Division.objects.filter(code=code).exists()


def known(codes: Iterable[int]) -> set[int]:
    """Those of many codes that are divisions: one statement."""
    found = Division.objects.filter(code__in={*codes}).values_list("code", flat=True)
    return {*found}


@remembered("divisions", 4096)
def path(code: int) -> tuple[Division, ...]:
    """The division and all above it, from the province down."""
    found = Division.objects.select_related("parent__parent__parent__parent").get(pk=code)
    chain = [found]
    while chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    return tuple(chain)


def path_words(code: int) -> Text:
    """The place by its names below the province: from above in Chinese, from below in English.

    A province is called by its own name; and so is a municipality above its districts (北京市
    东城区), which the code puts into a prefecture without a name.
    """
    whole = path(code)
    if len(whole) > 2 and whole[1].name == _DISTRICTS:
        whole = (whole[1], whole[0], *whole[2:])
    steps = [step.words for step in whole[1:] or whole]
    return Text.given(
        " ".join(step.zh for step in steps), ", ".join(step.en for step in reversed(steps))
    )


def words_of(codes: Iterable[int]) -> dict[int, Text]:
    """What some divisions are called, by their codes; those that are not there are left out."""
    return {each.code: each.words for each in Division.objects.filter(code__in=set(codes))}


def children(code: int | None) -> list[Division]:
    """The divisions directly below; the provinces for None."""
    return list(Division.objects.filter(parent_id=code))


def at_level(code: int, level: int) -> Division | None:
    """The division of this level that `code` lies in, or None where it lies above that level."""
    return next((step for step in path(code) if step.level == level), None)


@lru_cache(maxsize=4096)
def counties(low: int, high: int) -> tuple[int, ...]:
    """The six digits of all counties in a range of codes, and of what lies above a county."""
    found = Division.objects.filter(code__range=(low, high), level__lte=Level.COUNTY)
    return tuple(code // COUNTY_SPAN for code in found.values_list("code", flat=True))


@lru_cache(maxsize=4096)
def places(low: int, high: int) -> tuple[int, ...]:
    """The towns and villages in a range of codes."""
    found = Division.objects.filter(code__range=(low, high), level__gt=Level.COUNTY)
    return tuple(found.values_list("code", flat=True))


def find(name: str, limit: int = 20, within: int | None = None) -> list[Division]:
    """Divisions whose name, Chinese or English, contains `name`, the higher ones first."""
    found = Division.objects.filter(Q(name__contains=name) | Q(code__in=named_so(name)))
    if within is not None:
        low, high = subtree(within)
        found = found.filter(code__range=(low, high))
    return list(found.order_by("level", "code")[:limit])


__all__ = [
    "COUNTY_SPAN",
    "Division",
    "Level",
    "at_level",
    "children",
    "counties",
    "division",
    "find",
    "is_there",
    "path",
    "path_words",
    "places",
    "subtree",
    "words_of",
]
