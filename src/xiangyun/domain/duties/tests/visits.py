"""The test pack of visits, with openings, as the tests of what opens by itself publish it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.catalogue import actions as catalogue

FOLDER = Path(__file__).parents[5] / "tests" / "packs" / "visits" / "home"
SERVICE = "visits/home"
OPENINGS = """openings:
  - applicant
  - official: [assessor]
  - case
  - message: household.reported
    by: [assessor]
  - duty
  - anonymous
"""


def files(openings: str = OPENINGS) -> dict[str, str]:
    """The files of the pack, whose cases open in all these ways."""
    found = {
        path.relative_to(FOLDER).as_posix(): path.read_text("utf-8")
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file()
    }
    found["service.yaml"] += openings
    return found


def publish(changed: Mapping[str, str] | None = None) -> None:
    """Publish it in the database of the test."""
    with acting_as(SYSTEM) as system:
        catalogue.publish(SERVICE, {**files(), **(changed or {})}, actor=system, at=MORNING)
