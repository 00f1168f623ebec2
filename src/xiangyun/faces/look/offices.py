"""Which office decides where, in words."""

from __future__ import annotations

import re

from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import ServiceItem

_PROVINCE = 10**10
"""So many codes a province has: its own ends in ten zeros."""


def competent(item: ServiceItem, division: int) -> divisions.Division | None:
    """The division of the item's level around this one; None where it lies above that level."""
    return divisions.at_level(division, int(item.level))


def authority(item: ServiceItem, division: int) -> Text:
    """The body that decides for this division; in general words where that is still open."""
    found = competent(item, division)
    if found is None:
        return item.authority.general
    return item.authority_for(found.words, str(found.code)).name


def department_in(key: str, division: int) -> Text | None:
    """What a department is called in a place: the 厅 of a province is a 局 below it."""
    name = name_of(key)
    if name is None or not division % _PROVINCE:
        return name
    return Text.given(re.sub("厅$", "局", name.zh), name.en)
