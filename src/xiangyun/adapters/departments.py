"""Departments that are not connected yet, simulated: each completes at once, with a reference."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xiangyun.kernel.worktime import office_time


class SimulatedDepartments:
    """Answers as a department would; the reference is a digest of the key and never changes."""

    def notify(
        self, department: str, work: Mapping[str, Any], *, key: str, at: datetime
    ) -> Mapping[str, Any]:
        digest = hashlib.sha256(f"{department}:{key}".encode()).hexdigest()
        day = office_time(at).date()
        return {
            "reference": f"模拟-{department}-{digest[:8].upper()}",
            "completed_on": day.isoformat(),
        }
