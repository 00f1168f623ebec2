"""A whole pack: what it declares, of every kind, checked by itself and among all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import NOTHING_KNOWN, SHARED, Declaration, Kind, Known
from xiangyun.kernel.pack.kinds import kinds
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.yamltext import Report

KIND_FILES = tuple(mark for kind in kinds().values() for mark in kind.marks)
"""Glob patterns of the files that make a folder a pack."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a pack declares, and all that is wrong with its files by themselves."""

    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]


def read_contents(files: Mapping[str, str], code: str = "") -> Contents:
    """What the files of a pack declare; `code` is its path, such as market/companies.

    A folder without a file of any kind is read as a service, of which everything is missing.
    """
    findings: list[Finding] = []
    found: list[Declaration] = []
    for kind in kinds_in(files):
        found += kind.read(kind.among(files), code, findings.append)
    return Contents(tuple(found), tuple(findings))


def check_pack(
    files: Mapping[str, str], code: str = "", known: Known = NOTHING_KNOWN
) -> list[Finding]:
    """All that is to be said about a pack, by file and line; an `error` keeps it unpublished.

    `known`: what other packs declare, and those that are published. Examples are walked only when
    nothing else is wrong: a broken pack would fail them all.
    """
    return check_contents(read_contents(files, code), files, code, known)


def check_contents(
    contents: Contents,
    files: Mapping[str, str],
    code: str,
    known: Known,
    *,
    rehearsing: bool = True,
) -> list[Finding]:
    """As `check_pack`, of what was read already: reading is half of the work.

    `rehearsing`: whether examples are walked; who only types does not wait for them.
    """
    around = known.with_pack(code, contents.declarations)
    findings = [*contents.findings, *_twice(contents.declarations, known, code)]
    for each in contents.declarations:
        findings += kinds()[each.kind].fits(each, around)
    if rehearsing and not any(finding.severity == "error" for finding in findings):
        for each in contents.declarations:
            findings += kinds()[each.kind].rehearse(each, around)
    findings += _unused_files(files)
    return sorted(findings, key=_order)


def check_fits(known: Known) -> Iterator[tuple[Declaration, Finding]]:
    """What is wrong between all that is known, by the declaration that refers to another."""
    for each in known:
        for finding in kinds()[each.kind].fits(each, known):
            yield each, finding


def kinds_in(files: Mapping[str, str]) -> Sequence[Kind]:
    """The kinds that a pack holds; a service where it holds none."""
    return _kinds_of(tuple(files), tuple(kinds()))


@lru_cache(maxsize=256)
def _kinds_of(paths: tuple[str, ...], known: tuple[str, ...]) -> Sequence[Kind]:
    """Thousands of packs hold files of the same few names; `known`: the kinds there are."""
    return tuple(kind for kind in kinds().values() if kind.is_in(paths)) or (kinds()["service"],)


def published_declaration(
    kind: str, files: Mapping[str, str], code: str, pack: str
) -> Declaration | None:
    """A declaration that was published before: read again, not judged again."""
    ignore: Report = lambda _: None  # noqa: E731 - a name for what is not looked at
    found = kinds()[kind].read(files, pack, ignore)
    return next((each for each in found if each.code == code), None)


def _twice(declared: Sequence[Declaration], known: Known, pack: str) -> Iterator[Finding]:
    """Codes that another pack, or another file of this one, declares too."""
    seen: dict[tuple[str, str], Declaration] = {}
    for each in declared:
        other = seen.setdefault((each.kind, each.code), each)
        if other is each:
            elsewhere = known.all(each.kind).get(each.code)
            other = elsewhere if elsewhere and elsewhere.pack != pack else each
        if other is not each:
            kind = kinds()[each.kind].words
            yield fault(
                "pack.E054",
                Text(
                    "{kind}“{code}”在 {pack} 里已有声明。",
                    "The {kind} “{code}” is declared by {pack} already.",
                    kind=kind,
                    code=each.code,
                    pack=other.pack or str(other.place),
                ),
                each.place,
                Text("代码在全平台唯一，请改名。", "Codes are unique on the platform: rename it."),
            )


def _order(finding: Finding) -> tuple[str, int, int, str]:
    place = finding.place or Place("")
    return (place.file, place.line, place.column, finding.id)


def _unused_files(files: Mapping[str, str]) -> Iterator[Finding]:
    present = kinds_in(files)
    for path in files:
        if path in SHARED or any(kind.owns(path) for kind in present):
            continue
        yield fault(
            "pack.W002",
            Text("没有用到文件 {path}。", "The file {path} is not used.", path=path),
            Place(path),
            Text("请改正文件名，或者删去。", "Correct its name, or delete it."),
        )
