"""A department that does not answer until it is told otherwise, for a real worker to call.

A server that is started with `DJANGO_SETTINGS_MODULE=stubborn_settings` asks it. It is shut as
long as a file says so, and writes down each time that it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from xiangyun.adapters.departments import SimulatedDepartments
from xiangyun.domain.cases.ports import DepartmentUnavailable

SHUT, ASKED = "shut", "asked"  # files in the instance's folder
REASON = "连接被拒绝 / connection refused"


class Stubborn(SimulatedDepartments):
    def notify(
        self, department: str, work: Mapping[str, Any], *, key: str, at: datetime
    ) -> Mapping[str, Any]:
        home = Path(settings.HOME)
        with (home / ASKED).open("a", encoding="utf-8") as asked:
            asked.write(f"{key}\n")
        if (home / SHUT).exists():
            raise DepartmentUnavailable(REASON)
        return super().notify(department, work, key=key, at=at)
