"""What can be wrong with a register's declaration, and with the data of a record.

Faults that any file of a pack can have (an unknown key, words in one language) keep their ids of
`packfile.faults`.
"""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.spelling import did_you_mean


def no_field(name: str, known: Iterable[str], place: Place | None, register: Text) -> Finding:
    """A field that the register does not have, with what was perhaps meant."""
    return fault(
        "record.E002",
        Text(
            "{register}没有“{name}”这一项。",
            "{register} has no field “{name}”.",
            register=register,
            name=name,
        ),
        place,
        did_you_mean(name, known),
    )
