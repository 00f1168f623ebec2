"""Who uses which data for which purpose: the public register that granted requests are kept in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.projection.entries import Asked

_MOST: Final = 50


def asked() -> Asked:
    """The services and the register that a pack of the catalogue names, of those published here."""
    with acting_as(SYSTEM):
        named = [each.value.asked for each in catalogue.declared("entry")]
        found = next((each for each in named if each != Asked()), Asked())
        services = {each.code for each in catalogue.in_force("service")}
        kept = catalogue.declaration("register", found.register) if found.register else None
    return Asked(
        found.use if found.use in services else "",
        found.error if found.error in services else "",
        found.register if kept is not None else "",
    )


def uses_of(code: str, register: str, on: date) -> list[Mapping[str, Any]]:
    """The uses of an entry that are granted and not over, the newest first."""
    if not register:
        return []
    with acting_as(SYSTEM):
        page = registers.search(register, filters={"entry": code}, limit=_MOST)
    found = [state.data for state in page.states if state.data is not None]
    still = [each for each in found if str(each.get("until", "")) >= on.isoformat()]
    return sorted(still, key=lambda each: str(each.get("since", "")), reverse=True)
