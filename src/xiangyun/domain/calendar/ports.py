"""What the calendar wants from the outside: the working days that a package knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.kernel.worktime import Calendar


class Packaged(Protocol):
    """Makes the calendar from what was entered over the days that it knows by itself."""

    def __call__(self, overrides: Mapping[date, bool], entered: Collection[int]) -> Calendar:
        """`overrides`: single days, before all else; `entered`: years that are known by them."""


def packaged() -> Packaged:
    """The packaged calendar of this instance, as the settings name it."""
    made: Packaged = import_string(settings.XIANGYUN_CALENDAR)
    return made
