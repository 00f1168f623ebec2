"""Registers as they are declared: published from a pack, read back by everyone who needs them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from xiangyun.domain.accounts.roles import department_of, general
from xiangyun.domain.editions import remembered
from xiangyun.kernel.codes.department import name_of, number_of, spelled
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.record import RecordReader, checked_register, read_register
from xiangyun.kernel.record import Register as Declared
from xiangyun.kernel.record.model import CLASSES, is_pack_code

from . import sealing
from .models import Declaration, FieldNumber, Reader, Record, Register

SPAN = 1_000_000_000_000
"""Division codes in a register's range of reaches."""
_HASHED = re.compile("#[0-9a-f]{64}")
EVERYBODY = ("everybody", "all")
"""Readers that mean all the world: a register that is public by law."""


@dataclass(frozen=True, slots=True)
class Used:
    """A register in use: its number, and its declaration, None where there is none.

    `numbers` are those of the searched fields, by name.
    """

    number: int
    code: str
    version: int
    need: int
    placed: bool
    department: str
    numbers: Mapping[str, int]
    declaration: Declared | None = field(repr=False, default=None)

    @property
    def key_field(self) -> str:
        """The field that names a record; without a declaration, `key`."""
        return self.declaration.key if self.declaration else "key"

    @property
    def name(self) -> Text:
        """What the register is called."""
        return self.declaration.name if self.declaration else Text.given(self.code, self.code)

    @property
    def department_name(self) -> Text | None:
        """What the department is called that it belongs to; None for nobody's."""
        return name_of(self.department)

    @property
    def matter(self) -> int:
        """The number of the department it belongs to."""
        return number_of(self.department)

    @property
    def sensitive(self) -> frozenset[str]:
        """The fields that are encrypted where they lie."""
        return self.declaration.sensitive if self.declaration else frozenset()

    @property
    def hides_key(self) -> bool:
        """Whether its key is sensitive: a record then has the keyed hash of its key for a key."""
        return self.key_field in self.sensitive

    def keyed(self, key: str) -> str:
        """A key as a new record has it. One that is a keyed hash already stays as it is."""
        if not self.hides_key or _HASHED.fullmatch(key):
            return key
        return sealing.fingerprint(self.code, self.key_field, key)

    def keys(self, key: str) -> tuple[str, ...]:
        """The keys of records that may be meant: one from before the key was sensitive is plain."""
        return tuple(dict.fromkeys((self.keyed(key), key)))

    def reach(self, division: int) -> int:
        """What row-level security compares for a record of this division."""
        reach = self.number * SPAN + division
        return -reach if self.need else reach


_USED = """
SELECT r.number, r.code, r.version, r.need, r.placed, r.department,
    (SELECT jsonb_object_agg(f.name, f.number) FROM registers_fieldnumber f
     WHERE f.register = r.number),
    (SELECT d.id FROM registers_declaration d WHERE d.register = r.number AND d.version = r.version)
FROM registers_register r
"""


@remembered("registers", 1024)
def used(code: str) -> Used:
    """A register by its code. Raises NotFound `register.E010` for one that nobody declared."""
    found = _found(_BY_CODE, [code, code])
    if not found:
        raise NotFound([_unknown(code)])
    return found[0]


def used_or_new(code: str) -> Used:
    """A register by its code; one that is not declared gets a number and is read as before."""
    found = _found(_BY_CODE, [code, code])
    if not found:
        with connection.cursor() as cursor:
            cursor.execute("SELECT xiangyun_register_number(%s)", [code])
        found = _found(_BY_CODE, [code, code])
    return found[0]


def declared(codes: Collection[str]) -> dict[str, Declared]:
    """The declarations of some registers by these codes, also by those that they had formerly.

    What nobody has declared is left out. One statement, none for no codes.
    """
    wanted = list(codes)
    found = _found(_BY_CODES, [wanted, wanted]) if wanted else []
    by_code: dict[str, Declared] = {}
    for each in found:
        if (one := each.declaration) is not None:
            by_code |= {code: one for code in (*one.formerly, one.code) if code in codes}
    return by_code


_BY_CODES = "WHERE r.code = ANY(%s) OR jsonb_exists_any(r.formerly, %s)"
_BY_CODE = "WHERE r.code = %s OR jsonb_exists(r.formerly, %s)"


def all_used() -> list[Used]:
    """Every register there is, by its code."""
    return _found("ORDER BY r.code", [])


def _found(condition: str, values: Sequence[Any]) -> list[Used]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_USED} {condition}", values)
        rows = cursor.fetchall()
    made = []
    for number, code, version, need, placed, department, numbers, declared_by in rows:
        declared = declaration(declared_by) if version else None
        fields = _json(numbers)
        made.append(Used(number, code, version, need, placed, department, fields, declared))
    return made


def _json(value: Any) -> Mapping[str, int]:
    # The database's adapter gives JSON as text where a statement is written by hand.
    return json.loads(value) if isinstance(value, str) else (value or {})


@lru_cache(maxsize=1024)
def declaration(ident: int) -> Declared:
    """A version of a declaration by its id; versions never change: it is read once a process.

    By its id, and not by its number: what was rolled back may have had the same number and another
    text, while ids are drawn from a sequence and never come again.
    """
    found = Declaration.objects.get(pk=ident)
    return read(found.text, found.pack)


@lru_cache(maxsize=64)
def reader(declared: Declared, written: bool) -> RecordReader:
    """What reads the data of records by a declaration."""
    return RecordReader(declared, written=written)


def read(text: str, path: str) -> Declared:
    """A declaration from its file, which was checked before it was published."""
    root = read_yaml(text, path, lambda finding: None)
    assert root is not None
    return read_register(root, lambda finding: None)


def declare(text: str, path: str, pack: str, *, at: datetime) -> tuple[Used, bool]:
    """Publish a declaration; whether index rows have to be written anew. See `actions.declare`."""
    declared, findings = checked_register(text, path)
    if wrong := [finding for finding in findings if finding.severity == "error"]:
        raise Refused(wrong)
    assert declared is not None
    with transaction.atomic():
        _rename(declared)
        row, _ = Register.objects.get_or_create(code=declared.code)
        row = Register.objects.select_for_update().get(pk=row.pk)
        last = Declaration.objects.filter(register=row).order_by("-version").first()
        if last is None or last.text != text or last.pack != pack:
            last = Declaration.objects.create(
                register=row,
                version=last.version + 1 if last else 1,
                pack=pack,
                text=text,
                declared_at=at,
            )
        standing = Declaration.objects.filter(register=row, version=row.version)
        before = next(map(declaration, standing.values_list("pk", flat=True)), None)
        anew = before is None or _searched(before) != _searched(declared)
        row.version = last.version
        row.department = declared.department
        row.need = CLASSES.index(declared.need)
        row.placed = bool(declared.division)
        row.formerly = list(declared.formerly)
        row.save(update_fields=["version", "department", "need", "placed", "formerly"])
        _number_fields(row, declared)
        Reader.objects.filter(register=row).delete()
        Reader.objects.bulk_create(
            [
                Reader(register=row, role=role, department=department)
                for role, department in dict.fromkeys(readers_of(declared))
            ]
        )
    return used(declared.code), anew


def _searched(declared: Declared) -> object:
    """What of a declaration the index rows and their places follow from."""
    fields = [(f.name, f.type, f.scale, f.searched, f.sensitive) for f in declared.searched]
    return fields, declared.need, declared.department, declared.subject == "person"


def _rename(declared: Declared) -> None:
    """A register that was only used, under a code of before, is this one from now on."""
    if Register.objects.filter(code=declared.code).exists():
        return
    before = Register.objects.filter(code__in=declared.formerly, version=0).first()
    if before is not None:
        Record.objects.filter(register=before.code).update(register=declared.code)
        Register.objects.filter(pk=before.pk).update(code=declared.code)


def readers_of(declared: Declared) -> list[tuple[str, str]]:
    """(role, department) of whoever may look: who may write must be able to.

    A role that is narrowed to none is read with no department, or with that of the register.
    """
    found: list[tuple[str, str]] = []
    for name in (*declared.readers, *declared.writers):
        if is_pack_code(name):
            continue
        if name in EVERYBODY:
            found.append(("everybody", ""))
            continue
        own = spelled(department_of(name) or declared.department)
        found += [(general(name), own)] + ([] if department_of(name) else [(name, "")])
    return found


def _number_fields(row: Register, declared: Declared) -> None:
    known = dict(FieldNumber.objects.filter(register=row).values_list("name", "number"))
    # Number 0 is the record's key, whatever the field is called.
    number = max(known.values(), default=0)
    for searched in declared.searched:
        if searched.name not in known and searched.searched:
            number += 1
            FieldNumber.objects.create(register=row, name=searched.name, number=number)


def _unknown(code: str) -> Finding:
    return Finding(
        "register.E010",
        "error",
        Text("没有名为“{code}”的库。", "There is no register “{code}”.", code=code),
        hint=Text(
            "请核对代码；库由事项包的 registers/ 声明，发布后才有。",
            "Check the code: a register is declared in a pack's registers/ and is there once "
            "that is published.",
        ),
    )
