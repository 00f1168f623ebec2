"""Every kind of service task that a pack may name has a handler, and the reverse."""

from __future__ import annotations

from xiangyun.domain.cases.handlers import SERVICES
from xiangyun.kernel.pack import references


def test_what_the_check_knows_is_what_a_case_can_do() -> None:
    assert set(SERVICES) == set(references.SERVICES)
