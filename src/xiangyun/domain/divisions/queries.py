"""Read divisions: by code, upward to the province, downward one level, by name."""

from __future__ import annotations

from functools import lru_cache

from xiangyun.kernel.codes.division import subtree

from .models import Division, Level


def division(code: int | str) -> Division:
    """The division with this 12-digit code; raises `Division.DoesNotExist`."""
    return Division.objects.get(pk=int(code))


@lru_cache(maxsize=4096)
def path(code: int) -> tuple[Division, ...]:
    """The division and all above it, from the province down."""
    found = Division.objects.select_related("parent__parent__parent__parent").get(pk=code)
    chain = [found]
    while chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    return tuple(chain)


def children(code: int | None) -> list[Division]:
    """The divisions directly below; the provinces for None."""
    return list(Division.objects.filter(parent_id=code))


def at_level(code: int, level: int) -> Division | None:
    """The division of this level that `code` lies in, or None where it lies above that level."""
    return next((step for step in path(code) if step.level == level), None)


def find(name: str, limit: int = 20, within: int | None = None) -> list[Division]:
    """Divisions whose name contains `name`, the higher ones first."""
    found = Division.objects.filter(name__contains=name)
    if within is not None:
        low, high = subtree(within)
        found = found.filter(code__range=(low, high))
    return list(found.order_by("level", "code")[:limit])


__all__ = ["Division", "Level", "at_level", "children", "division", "find", "path", "subtree"]
