"""The shipped pack, company registration, as the tests use it: whole, or broken in one place."""

from __future__ import annotations

from functools import cache
from glob import glob

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import Pack, read_pack

PACKS = __file__.rsplit("/src/", 1)[0] + "/packs/"
SHIPPED = "market/company-registration"


@cache
def _files(code: str) -> tuple[tuple[str, str], ...]:
    found, folder = [], f"{PACKS}{code}/"
    for path in sorted(glob(folder + "**/*.*", recursive=True)):
        with open(path, encoding="utf-8") as file:
            found.append((path.removeprefix(folder), file.read()))
    return tuple(found)


def files(code: str = SHIPPED) -> dict[str, str]:
    return dict(_files(code))


@cache
def pack() -> Pack:
    return read_pack(files())


def broken(path: str, old: str, new: str, among: dict[str, str] | None = None) -> dict[str, str]:
    """The files with the first `old` in one of them replaced."""
    changed = files() if among is None else among
    assert old in changed[path], f"{path} does not hold {old!r}"
    return {**changed, path: changed[path].replace(old, new, 1)}


def line_of(changed: dict[str, str], path: str, words: str) -> int:
    """The number of the line that holds some words."""
    return next(n for n, line in enumerate(changed[path].splitlines(), 1) if words in line)


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]
