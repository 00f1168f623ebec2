"""The registers of an example, by their declarations: a rehearsal finds what a real case finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Text
from xiangyun.kernel.record import (
    Register,
    as_json,
    as_seen,
    check_record,
    fitting,
    fitting_changes,
    key_of,
    put_right,
    value_sought,
)
from xiangyun.kernel.record.objected import no_objection
from xiangyun.kernel.service.surroundings import KEY, InMemoryRegisters, Record

NONE_DECLARED: Mapping[str, Register] = MappingProxyType({})


class DeclaredRegisters(InMemoryRegisters):
    """Registers of an example, read and written by their declarations as the real ones are.

    A register that is not declared keeps what it is given.
    """

    def __init__(
        self, held: Mapping[str, Sequence[Record]], declared: Mapping[str, Register]
    ) -> None:
        self.declared = declared
        known = {code: records for code, records in held.items() if code in declared}
        super().__init__({code: records for code, records in held.items() if code not in known})
        for code, records in known.items():
            register = declared[code]
            for number, record in enumerate(records, 1):
                data = {name: value for name, value in record.items() if name != KEY}
                checked = check_record(register, data)
                if checked.errors:  # an example may say as much of a record as it needs
                    key, kept = record.get(KEY) or record.get(register.key) or f"{number:06}", data
                else:
                    key = key_of(register, checked.values)
                    kept = as_json(register, checked.values)
                self.held.setdefault(register.code, {})[str(key)] = kept

    def _code(self, code: str) -> str:
        """The code that a register has today."""
        register = self.declared.get(code)
        return register.code if register else code

    def look_up(self, register: str, field: str, value: Value) -> Sequence[Mapping[str, Value]]:
        declared = self.declared.get(register)
        if declared is not None:
            value = value_sought(declared, field, value)
            field = KEY if field == declared.key else field
        return super().look_up(self._code(register), field, value)

    def seen(self, register: str, record: Record) -> Mapping[str, Value]:
        declared = self.declared.get(register)
        return as_seen(declared, record) if declared else super().seen(register, record)

    def record(self, register: str, key: str, data: Mapping[str, Value]) -> str:
        declared = self.declared.get(register)
        if declared is not None:
            key, data = fitting(declared, data)
        return super().record(self._code(register), key, data)

    def correct(self, register: str, key: str, changes: Mapping[str, Value]) -> None:
        declared = self.declared.get(register)
        if declared is not None:
            changes = fitting_changes(declared, changes)
        super().correct(self._code(register), key, changes)

    def rectify(
        self, register: str, key: str, field: str, text: str, *, objected: str, service: str
    ) -> None:
        declared = self.declared.get(register)
        if declared is None:
            raise Conflict([no_objection(Text.given(register, register))])
        held = self._of(declared.code, key).get(field)
        changes = put_right(declared, field, text, held=held, objected=objected, service=service)
        if changes:
            super().correct(declared.code, key, changes)

    def end(self, register: str, key: str) -> None:
        super().end(self._code(register), key)
