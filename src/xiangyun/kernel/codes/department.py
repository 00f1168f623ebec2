"""The departments of the province: each has a key, a number that stays, and its names.

The key is what a role is narrowed to (`reviewer:fire`) and what a service, a register or a data set
belongs to. The number is the *matter* in row-level security, where it stands before the division
(see docs/explanation/who-sees-what.md): a number is never given again to another department, and
what belongs to nobody has the number 0.

Which there are, packs declare (`departments.yaml`); whoever starts the process says where they are
read (`set_departments`), and they are read when somebody asks for the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from xiangyun.kernel.findings import Text

NOBODYS = 0
"""The matter of what belongs to no department: only the place says who may see it."""


@dataclass(frozen=True, slots=True)
class Department:
    """One department; `fictitious` where its name was made up."""

    number: int
    key: str
    name: Text
    fictitious: bool


def spelled(key: str) -> str:
    """A key in its one spelling: `market-supervision` is `market_supervision`."""
    return key.strip().replace("-", "_")


def department(key: str) -> Department | None:
    """The department with this key; None where there is none."""
    return DEPARTMENTS.get(spelled(key))


def name_of(key: str) -> Text | None:
    """What the department with this key is called; None for an empty key and one that is none."""
    found = department(key)
    return found.name if found else None


def number_of(key: str) -> int:
    """The number of a department; `NOBODYS` for an empty key and for one that no department has."""
    found = department(key)
    return found.number if found else NOBODYS


class _Departments(Mapping[str, Department]):
    """Every department by its key, in the order of their numbers."""

    def __init__(self) -> None:
        self._read: Callable[[], Iterable[Department]] = tuple
        self._by_key: dict[str, Department] | None = None
        self._keys: dict[int, str] = {}

    def read_by(self, read: Callable[[], Iterable[Department]]) -> None:
        self._read, self._by_key = read, None

    def _all(self) -> dict[str, Department]:
        if self._by_key is None:
            found = sorted(self._read(), key=lambda each: each.number)
            self._keys = {each.number: each.key for each in found}
            self._by_key = {each.key: each for each in found}
        return self._by_key

    def key_of(self, number: int) -> str:
        self._all()
        return self._keys.get(number, "")

    def __getitem__(self, key: str) -> Department:
        return self._all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


_DEPARTMENTS = _Departments()
DEPARTMENTS: Mapping[str, Department] = _DEPARTMENTS
"""Every department, by its key, in the order of their numbers. None before `set_departments`."""


def set_departments(read: Callable[[], Iterable[Department]]) -> None:
    """Say where the departments are read, in all of the process; `read` is called when needed."""
    _DEPARTMENTS.read_by(read)


def key_of(number: int) -> str:
    """The key of the department with this number; empty for nobody's and for one that is none."""
    return _DEPARTMENTS.key_of(number)
