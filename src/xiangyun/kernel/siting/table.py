"""Sites and places from CSV: code, name, longitude, latitude, and people or built."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.siting.ground import Spot

HEAD = ("code", "name", "longitude", "latitude")


def read_spots(text: str, file: str) -> tuple[Spot, ...]:
    """The rows of a table; `people` and `built` (yes, 是, 1, true) may be among its columns.

    Refused with the line where a value cannot be read or lies outside of the earth.
    """
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines())
    missing = [name for name in HEAD if name not in (rows.fieldnames or ())]
    if missing:
        raise Refused([_no_column(missing, file)])
    found = tuple(_spots(rows, file))
    if not found:
        raise Refused([_wrong(file, 2)])
    return found


def _spots(rows: csv.DictReader[str], file: str) -> Iterator[Spot]:
    seen: set[int] = set()
    for row in rows:
        try:
            spot = Spot(
                int(row["code"]),
                row["name"],
                float(row["longitude"]),
                float(row["latitude"]),
                int(row.get("people") or 0),
                (row.get("built") or "").strip().lower() in ("1", "yes", "true", "是"),
            )
        except (TypeError, ValueError):
            raise Refused([_wrong(file, rows.line_num)]) from None
        right = abs(spot.longitude) <= 180 and abs(spot.latitude) <= 90 and spot.people >= 0
        if not right or spot.code in seen or not 10**11 <= spot.code < 10**12:
            raise Refused([_wrong(file, rows.line_num)])
        seen.add(spot.code)
        yield spot


def _no_column(missing: list[str], file: str) -> Finding:
    return Finding(
        "siting.E008",
        "error",
        Text("表里缺少列：{missing}。", "The table lacks the columns {missing}.", missing=missing),
        Place(file, 1),
        Text(
            "首行是列名：code、name、longitude、latitude，还可以有 people 或 built。",
            "The first line names them: code, name, longitude, latitude, and people or built.",
        ),
    )


def _wrong(file: str, line: int) -> Finding:
    return Finding(
        "siting.E009",
        "error",
        Text("这一行读不懂，或者代码重复。", "This line cannot be read, or its code stands twice."),
        Place(file, line),
        Text(
            "代码是 12 位区划代码，经纬度是度数，人数是整数。",
            "A code of 12 digits, degrees, and a whole number of people.",
        ),
    )
