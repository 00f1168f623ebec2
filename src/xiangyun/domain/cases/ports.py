"""What cases want from the outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.kernel.worktime import Calendar


class Departments(Protocol):
    """Other departments and institutions that a case hands work to: tax office, bank."""

    def notify(
        self, department: str, work: Mapping[str, Any], *, key: str, at: datetime
    ) -> Mapping[str, Any]:
        """Hand over work and return {"reference", "completed_on"}.

        `key` is the same when the same work is handed over again, after a crash for instance;
        the department must then answer as before and do nothing twice. Raises
        `DepartmentUnavailable` when it should be tried again later.
        """


class DepartmentUnavailable(Exception):
    """The department did not answer; the work is tried again later."""


def departments() -> Departments:
    """The departments of this instance, as the settings name them."""
    made: Departments = import_string(settings.XIANGYUN_DEPARTMENTS)()
    return made


def calendar() -> Calendar:
    """The working days of this instance, as the settings name them."""
    made: Calendar = import_string(settings.XIANGYUN_CALENDAR)()
    return made
