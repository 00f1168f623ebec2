"""A register's declaration as values: `registers/<code>.yaml` of a pack, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.packfile.laws import Basis

TypeName = Literal["text", "number", "integer", "boolean", "date", "moment", "choice", "list"]
Searched = Literal["", "code", "name", "text-start", "number", "date"]
"""How a field is found: exactly; by part, pinyin and variant; by its beginning; by size; by day."""
Need = Literal["ordinary", "handlers", "sealed"]
Subject = Literal["person", "organisation", "place", "thing", "none"]

CLASSES: Final[tuple[Need, ...]] = ("ordinary", "handlers", "sealed")
SUBJECTS: Final[tuple[Subject, ...]] = ("person", "organisation", "place", "thing", "none")
SEARCHED: Final[tuple[Searched, ...]] = ("code", "name", "text-start", "number", "date")
EVERYBODY: Final = "all"
"""In `readers`: all the world, where a register is public by law; in `prefill`: every pack."""
GIVERS: Final = ("party",)
"""What a given field may be taken from besides the record: the party with `name`, `code`, `kind`
and `division`, twelve digits."""
NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a choice may have, and its words."""

    value: str
    words: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a register's records.

    - `format`: of a text, a name in `formspec.formats.FORMATS`, else empty;
    - `scale`: of a number, the decimal places it may have at most;
    - `options`: of a choice, and of a list of choices;
    - `items`: of a list, the type of its items: `text` or `choice`;
    - `sensitive`: encrypted where it is stored, masked where it is shown, found by `code` only.
    """

    name: str
    type: TypeName
    words: Text
    required: bool = False
    format: str = ""
    scale: int = 0
    options: tuple[Option, ...] = ()
    items: TypeName = "text"
    searched: Searched = ""
    sensitive: bool = False
    place: Place = NOWHERE

    def option(self, value: str) -> Option | None:
        """The option with a value."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class RecordExample:
    """A record that the declaration accepts, or refuses because of the field `refused`."""

    data: Mapping[str, Any]
    refused: str
    place: Place


@dataclass(frozen=True, slots=True)
class Programme:
    """How the records of a public register are a programme by place and day.

    `title`, `on` and `time` are fields: what takes place, on which day, at which time of the clock
    (text such as 18:30; empty where there is none). `off`: the field and the value that say it was
    called off.
    """

    title: str
    on: str
    time: str = ""
    off: tuple[str, str] | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Entered:
    """How those whom records are about enter, change and end them themselves.

    `through`: a field with the key of a record of `register`: the record is theirs whose that one
    is; both empty where the register's own subject says it. `wording`: the code of a word list
    that the texts are looked at with; what it finds is told, and the record is not taken.
    `files`: text fields, found by code, that hold the digest (SHA-256) of a file that is handed in.
    `given`: fields that nobody is asked for, by formulas over what was filled in and `GIVERS`.
    """

    through: str = ""
    register: str = ""
    wording: str = ""
    files: tuple[str, ...] = ()
    given: Mapping[str, Formula] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, eq=False)
class Register:
    """A register: its fields, what names a record, and who may do what.

    - `code`: unique on the platform, the name of the file; `formerly`: codes that older versions
      of packs know it by;
    - `department`: the code of the department it belongs to;
    - `need`: the secrecy class, `class` in the file;
    - `subject`: the kind of party that a record is about; its code is the value of `subject_field`;
    - `key`: the field that names a record; `division`: the field with its division code, or empty
      (`place` in the file);
    - `readers`: roles, and codes of packs whose processes may look records up, or `EVERYBODY`;
    - `writers`: roles and codes of packs that may record, correct and end; they may look too;
    - `prefill`: codes of packs whose forms may show a value (`source`), or `EVERYBODY`;
    - `objection`: the code of the service by which the subject objects to a value, or empty. Its
      cases may put right the value that is objected to, and nothing else;
    - `programme`: how its records are shown by place and day, where they are;
    - `entered`: how those whom they are about enter records themselves, where they do.
    """

    code: str
    name: Text
    department: str
    need: Need
    subject: Subject
    subject_field: str
    key: str
    division: str
    laws: tuple[Basis, ...]
    fields: tuple[Field, ...]
    readers: tuple[str, ...]
    writers: tuple[str, ...]
    prefill: tuple[str, ...]
    examples: tuple[RecordExample, ...]
    formerly: tuple[str, ...] = ()
    objection: str = ""
    programme: Programme | None = None
    entered: Entered | None = None
    place: Place = NOWHERE

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names, in their order."""
        return {field.name: field for field in self.fields}

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """The names of the sensitive fields."""
        return frozenset(field.name for field in self.fields if field.sensitive)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields that records are found by; the key always is one."""
        return tuple(field for field in self.fields if field.searched or field.name == self.key)

    def may_prefill(self, pack: str) -> bool:
        """Whether a form of this pack may show a value of the register."""
        return EVERYBODY in self.prefill or pack in self.prefill

    def may_object(self, name: str) -> bool:
        """Whether a value may be objected to: of any field but the key, which names the record."""
        return bool(self.objection) and name in self.by_name and name != self.key

    def may_write(self, pack: str) -> bool:
        """Whether a process of this pack may record, correct and end."""
        return pack in self.writers

    def may_look(self, pack: str) -> bool:
        """Whether a process of this pack may look records up: who writes must be able to."""
        return EVERYBODY in self.readers or pack in self.readers or pack in self.writers


def is_pack_code(name: str) -> bool:
    """Whether a reader or writer is a pack, such as market/company-registration, and no role."""
    return "/" in name
