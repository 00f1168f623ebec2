"""Divisions as the package carries them, for runs over a snapshot that need no database."""

from __future__ import annotations

from functools import cache

from xiangyun.domain.divisions.packaged import packaged
from xiangyun.kernel.dmn.sqldialects import Dialect
from xiangyun.kernel.projection import LEVELS, PlaceColumn

from .tables import Table, name_in

DIGITS = 12


@cache
def names() -> dict[int, str]:
    """Names of all divisions by their 12-digit code (statistical codes, NBS 2023)."""
    return {one.code: one.name for one in packaged()}


def villages(within: int | None = None) -> list[int]:
    """Codes of all villages and communities of a division, or of all there are, in order."""
    codes = sorted(code for code in names() if code % 1000)
    if within is None:
        return codes
    digits = digits_of(within)
    return [code for code in codes if code // 10 ** (DIGITS - digits) == whole(within, digits)]


def whole(code: int, digits: int) -> int:
    """The first digits of a code that may be written with or without its noughts."""
    return int(str(code).ljust(DIGITS, "0")[:digits])


def digits_of(code: int) -> int:
    """How many digits of a division's code say something: 2, 4, 6, 9 or 12."""
    full = str(code).ljust(DIGITS, "0")
    return next(n for n in LEVELS.values() if set(full[n:]) <= {"0"})


def county(village: int) -> int:
    """The county of a village, both as 12-digit codes."""
    return village // 10**6 * 10**6


def full_name(code: int | str | None) -> str:
    """Prefecture and county, as people tell two districts of one name apart: 长春市 朝阳区."""
    if code is None:
        return "—"
    if isinstance(code, str):
        if not code.isdecimal():
            return code
        code = int(code)
    above = code // 10**8 * 10**8
    found = names()
    name = found.get(code, str(code))
    return f"{found[above]} {name}" if above != code and above in found else name


def level_of(table: Table, place: PlaceColumn, dialect: Dialect) -> str:
    """The division of a level that a row lies in, in SQL, as a 12-digit code of the column's kind.

    Codes may be numbers or texts, of any level at or below; a county may be written 222404.
    """
    column, digits = name_in(dialect, place.column), LEVELS[place.level]
    if not table.is_whole(place.column):
        return f"rpad(substring({column}, 1, {digits}), {DIGITS}, '0')"
    code = f"CAST({column} AS BIGINT)"
    shorter = " ".join(
        f"WHEN {code} < {10**length} THEN {code} * {10 ** (DIGITS - length)}"
        for length in list(LEVELS.values())[:-1]
    )
    full = f"(CASE {shorter} ELSE {code} END)"
    # Less the rest, and not divided: the databases divide whole numbers each in its own way.
    return f"({full} - {full} % {10 ** (DIGITS - digits)})"
