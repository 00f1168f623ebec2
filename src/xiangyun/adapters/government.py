"""The departments of the government, from the packs that declare them."""

from __future__ import annotations

from pathlib import Path

from xiangyun.kernel.codes.department import Department
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.pack.kinds.department import FILE, read_departments

from .packs import folders


def departments() -> list[Department]:
    """Every department of every `departments.yaml`, in the shipped folder and one's own.

    Raises `Refused` with all that is wrong with a file.
    """
    faults: list[Finding] = []
    files = [file for place in folders() for file in sorted(place.glob(f"*/*/{FILE}"))]
    found = [each for file in files for each in _read(file, faults)]
    if faults:
        raise Refused(faults)
    return found


def _read(file: Path, faults: list[Finding]) -> tuple[Department, ...]:
    return read_departments(file.read_text(encoding="utf-8"), faults.append)
