"""The divisions as the package carries them, for whoever needs no database."""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class PackagedDivision:
    """One row: the 12-digit code, the name, and where it lies if the package says so."""

    code: int
    name: str
    longitude: float | None
    latitude: float | None


def packaged() -> Iterator[PackagedDivision]:
    """Every division in the order of the file."""
    packed = files(__package__).joinpath("data/divisions.csv.xz").read_bytes()
    for row in csv.DictReader(io.StringIO(lzma.decompress(packed).decode())):
        yield PackagedDivision(
            int(row["code"]),
            row["name"],
            float(row["longitude"]) if row["longitude"] else None,
            float(row["latitude"]) if row["latitude"] else None,
        )
