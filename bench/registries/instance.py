"""Make an instance with the register of the measurement, or load a file into it; says how long."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

os.environ["DATABASE_URL"] = os.environ["XIANGYUN_OWNER_URL"] = sys.argv[2]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from xiangyun.adapters.tables import TableFile  # noqa: E402 - settings first
from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: E402
from xiangyun.domain.divisions.actions import load_divisions  # noqa: E402
from xiangyun.domain.registers import actions, loading  # noqa: E402
from xiangyun.site.upgrade import bring_up_to_date  # noqa: E402

HERE = Path(__file__).parent
NAME = "bench_company"
COLUMNS = ("code", "name", "division", "capital", "founded", "status", "valid_from")


def prepare() -> None:
    """Tables, divisions, and the declaration."""
    bring_up_to_date()
    load_divisions()
    text = (HERE / "company.yaml").read_text("utf-8")
    with acting_as(SYSTEM):
        actions.declare(text, f"registers/{NAME}.yaml", "bench/companies", at=datetime.now(UTC))


def load(file: Path) -> dict[str, float]:
    """Seconds that `xiangyun register load` takes without its start."""
    order = loading.Order(NAME, "synthetic", datetime.now(UTC), date(2026, 1, 1))
    begun = time.perf_counter()
    rows = TableFile(file, {name: name for name in COLUMNS})
    told = loading.load(order, rows, lambda refused: None)
    assert told.refused == 0, told
    return {"seconds": time.perf_counter() - begun, "facts": told.facts}


if sys.argv[1] == "prepare":
    prepare()
else:
    print(json.dumps(load(Path(sys.argv[3]))))
