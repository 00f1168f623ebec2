"""What a process finds in registers: by declared types, today or on a day that is past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.declarations import used_or_new
from xiangyun.kernel.feel import Value, from_json, to_json
from xiangyun.kernel.record import Register, as_seen, value_sought
from xiangyun.kernel.service.surroundings import KEY, MOST_RECORDS


def records_where(
    code: str, field: str, value: Value, **narrowed: Any
) -> Sequence[Mapping[str, Value]]:
    """Records of a register by a field, as a process sees them, by their keys.

    `narrowed`: what `registers.queries.lookup` takes besides. Raises `Conflict` where there are
    more than `MOST_RECORDS`: a part of them, taken for all, would decide wrongly.
    """
    register = used_or_new(code).declaration
    sought = value_sought(register, field, value) if register else to_json(value)
    found = registers.lookup(code, field, sought, most=MOST_RECORDS, opened=True, **narrowed)
    return [_seen(register, record) for record in found]


def _seen(register: Register | None, record: Mapping[str, Any]) -> Mapping[str, Value]:
    data = {name: value for name, value in record.items() if name != KEY}
    if register is None:
        return {**{name: from_json(each) for name, each in data.items()}, KEY: record[KEY]}
    return {**as_seen(register, data), KEY: record[KEY]}
