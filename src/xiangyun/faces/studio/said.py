"""Findings as the studio's pages set them: beside their lines, and by the file they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xiangyun.kernel.findings import Finding, Text

_TONES = {"error": "late", "warning": "amber", "note": "soft"}
_GRAVITY = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding and its tone; `line` 0 where it stands in no line of the file."""

    finding: Finding
    tone: str
    line: int = 0

    @property
    def gravity(self) -> Text:
        """How grave it is, in a word."""
        return {
            "late": Text("错误", "Error"),
            "amber": Text("提醒", "Warning"),
            "soft": Text("说明", "Note"),
        }[self.tone]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the margin: its number, and the gravest that is said of it."""

    number: int
    said: tuple[Said, ...] = ()


def of(findings: Iterable[Finding]) -> list[Said]:
    """All findings with their tones, the gravest first, then in the order of their lines."""
    found = [Said(each, _TONES[each.severity], each.place.line if each.place else 0)
             for each in findings]  # fmt: skip
    return sorted(found, key=lambda each: (_GRAVITY[each.finding.severity], each.line))


def in_file(findings: Iterable[Finding], path: str) -> list[Said]:
    """What is said of one file."""
    return of(each for each in findings if each.place and each.place.file == path)


def elsewhere(findings: Iterable[Finding], path: str) -> list[Said]:
    """The errors that are said of other files, or of none."""
    return of(
        each
        for each in findings
        if each.severity == "error" and not (each.place and each.place.file == path)
    )


def lines(text: str, found: Iterable[Said]) -> list[Line]:
    """The margin of a text: one entry a line, with what is said there."""
    by_line: dict[int, list[Said]] = {}
    for each in found:
        by_line.setdefault(each.line, []).append(each)
    count = text.count("\n") + 1
    return [Line(number, tuple(by_line.get(number, ()))) for number in range(1, count + 1)]


def count(found: Iterable[Said]) -> Text:
    """How many errors and warnings there are, as a sentence."""
    tones = [each.tone for each in found]
    errors, warnings = tones.count("late"), tones.count("amber")
    if not errors and not warnings:
        return Text("没有错误。", "No errors.")
    return Text(
        "{errors} 处错误，{warnings} 处提醒。",
        "{errors} {errors|error|errors}, {warnings} {warnings|warning|warnings}.",
        errors=errors,
        warnings=warnings,
    )


def is_wrong(found: Iterable[Said]) -> bool:
    """Whether there is an error or a warning among them."""
    return any(each.tone != "soft" for each in found)
