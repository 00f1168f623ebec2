"""Which office decides where, in words."""

from __future__ import annotations

from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import ServiceItem


def competent(item: ServiceItem, division: int) -> divisions.Division | None:
    """The division of the item's level around this one; None where it lies above that level."""
    return divisions.at_level(division, int(item.level))


def authority(item: ServiceItem, division: int) -> Text:
    """The body that decides for this division; in general words where that is still open."""
    found = competent(item, division)
    if found is None:
        return item.authority.general
    return item.authority_for(found.words, str(found.code)).name
