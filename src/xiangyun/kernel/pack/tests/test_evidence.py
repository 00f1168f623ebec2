"""A service asks for evidence by a requirement that is declared, and that names the service."""

from __future__ import annotations

import pytest

from xiangyun.kernel.pack import Known, check_pack, read_contents
from xiangyun.kernel.pack.tests.shipped import broken, errors, files

ASKING = "federation/no-crime-certificate"
PROCESS, REQUIREMENT = "process.bpmn", "requirements/no-crime.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "id"),
    [
        (PROCESS, 'key="requirement" value="no-crime"', 'key="requirement" value="no-crimes"',
         "pack.E565"),
        (REQUIREMENT, f"services: [{ASKING}]", "services: []", "pack.E567"),
    ],
)  # fmt: skip
def test_a_requirement_that_is_not_there_or_not_for_the_service_is_told(
    path: str, old: str, new: str, id: str
) -> None:
    whole = broken(path, old, new, files(ASKING))
    known = Known(read_contents(whole, ASKING).declarations, whole=True)
    assert id in {each.id for each in errors(check_pack(whole, ASKING, known))}


def test_the_shipped_service_asks_by_its_requirement() -> None:
    assert errors(check_pack(files(ASKING), ASKING)) == []
