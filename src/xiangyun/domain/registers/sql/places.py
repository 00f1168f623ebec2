"""Divisions as the package carries them, for runs over a snapshot that need no database."""

from __future__ import annotations

import csv
import io
import lzma
from functools import cache
from importlib.resources import files


@cache
def names() -> dict[int, str]:
    """Names of all divisions by their 12-digit code (statistical codes, NBS 2023)."""
    packed = files("xiangyun.domain.divisions").joinpath("data/divisions.csv.xz").read_bytes()
    text = io.StringIO(lzma.decompress(packed).decode())
    return {int(row["code"]): row["name"] for row in csv.DictReader(text)}


def villages(province: int) -> list[int]:
    """Codes of all villages and communities of a province, by its two digits, in order."""
    low, high = province * 10**10, (province + 1) * 10**10
    return sorted(code for code in names() if low < code < high and code % 1000)


def county(village: int) -> int:
    """The county of a village, both as 12-digit codes."""
    return village // 10**6 * 10**6


def full_name(code: int) -> str:
    """Prefecture and county, as people tell two districts of one name apart: 长春市 朝阳区."""
    above = code // 10**8 * 10**8
    found = names()
    name = found.get(code, str(code))
    return f"{found[above]} {name}" if above != code and above in found else name
