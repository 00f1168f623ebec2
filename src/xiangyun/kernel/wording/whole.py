"""The resume as a whole: its sections, its months, its length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xiangyun.kernel.findings import Text

from .document import Line, sentences, size
from .months import Span, spelled
from .remark import Looked, Remark
from .resume import Entry
from .rules import Section, WordRules
from .said import patterns

_FAR = 12
"""Months from now: a contract may end later than today, hardly later than this."""


def structure(looked: Looked) -> Iterator[Remark]:
    """Sections that readers look for and do not find; titles with nothing below."""
    resume = looked.resume
    alternatives: dict[str, list[Section]] = {}
    for section in looked.rules.sections:
        alternatives.setdefault(section.key, []).append(section)
    for key, same in alternatives.items():
        if any(each.required for each in same) and not resume.has(key):
            empty = [
                p.title for p in resume.parts if p.section and p.section.key == key and p.title
            ]
            words = same[0].words
            if empty:
                yield Remark(
                    "structure.empty", empty[0].place, empty[0].text,
                    Text("“{part}”下面什么也没有。", "Nothing stands under “{part}”.", part=words),
                    Text("请写上内容，或者删去标题。", "Fill it, or remove its title."),
                )  # fmt: skip
            else:
                yield Remark(
                    "structure.missing", "1:1", "",
                    Text("没有找到“{part}”。", "No section “{part}” was found.", part=words),
                    Text("请加上“{part}”。", "Add “{part}”.", part=words),
                )  # fmt: skip


def timeline(looked: Looked) -> Iterator[Remark]:
    """Months that nobody accounts for, that are told twice, or that run backwards."""
    dated = [
        (section, entry, entry.span, entry.span_line)
        for section, entry in looked.resume.entries()
        if entry.span is not None and entry.span_line is not None
    ]
    sound: list[tuple[Section, Entry, Span, Line]] = []
    covered: list[tuple[Span, Line]] = []
    for section, entry, span, line in dated:
        place = line.at(span.offset)
        if span.reversed:
            yield Remark(
                "timeline.reversed", place, span.text,
                Text("结束早于开始。", "It ends before it begins."),
                Text("请核对这两个日期。", "Compare both dates."),
            )  # fmt: skip
            covered.append((span.turned, line))
            continue
        if span.first[0] > looked.now:
            yield Remark(
                "timeline.future", place, span.text,
                Text("开始的月份还没有到。", "It begins in a month that is still to come."),
                Text("请核对日期，或者写明“预计”。", "Check the date, or say that it is planned."),
            )  # fmt: skip
            continue
        if span.last[0] - looked.now > _FAR and section.key in ("experience", "projects"):
            yield Remark(
                "timeline.future", place, span.text,
                Text("结束的月份还很远。", "It ends in a month that is far away."),
                Text("请核对日期；还在做的写“至今”。", "Check the date; what goes on ends “now”."),
            )  # fmt: skip
        sound.append((section, entry, span, line))
    yield from _gaps([*((span, line) for _, _, span, line in sound), *covered], looked)
    yield from _overlaps(sound, looked)


def _gaps(dated: Sequence[tuple[Span, Line]], looked: Looked) -> Iterator[Remark]:
    most = looked.rules.limits.get("gap_months", 6)
    ordered = sorted(dated, key=lambda each: (each[0].first[0], each[0].last[1]))
    reach: int | None = None
    for span, line in ordered:
        if reach is not None and span.first[0] - reach - 1 >= most:
            yield Remark(
                "timeline.gap", line.at(span.offset), span.text,
                Text(
                    "{first}到{last}没有说明在做什么。",
                    "Nothing is said of {first} to {last}.",
                    first=spelled(reach + 1), last=spelled(span.first[0] - 1),
                ),
                Text("请补上这段时间，一句话也好。", "Say what you did then; a line will do."),
            )  # fmt: skip
        reach = max(span.last[1], reach if reach is not None else span.last[1])


def _overlaps(
    dated: Sequence[tuple[Section, Entry, Span, Line]], looked: Looked
) -> Iterator[Remark]:
    most = looked.rules.limits.get("overlap_months", 1)
    told = [
        each
        for each in dated
        if each[0].key in ("education", "experience") and not _beside(each, looked.rules)
    ]
    told.sort(key=lambda each: (each[2].first[0], each[2].last[0]))
    for number, (section, _, span, line) in enumerate(told):
        for before_section, _, before, before_line in told[:number]:
            if before_section.key != section.key or before_line is line:
                continue
            shared = min(before.last[0], span.last[0]) - span.first[1] + 1
            if shared > most:
                yield Remark(
                    "timeline.overlap", line.at(span.offset), span.text,
                    Text(
                        "与“{other}”重叠了{months}个月。",
                        "It overlaps “{other}” by {months} months.",
                        other=before.text, months=shared,
                    ),
                    Text("请核对；若确实同时，写明兼职。", "Check both, or say “part-time”."),
                )  # fmt: skip


def _beside(each: tuple[Section, Entry, Span, Line], rules: WordRules) -> bool:
    """What is done beside something else may overlap it: an office of students, an evening job."""
    section, entry, _, _ = each
    said = " ".join(line.text for line in entry.head)
    return section.beside or patterns(rules.beside).search(said) is not None


def _passed(lines: Sequence[Line], most: int) -> tuple[str, str]:
    """The line with which a text is longer than so many words, and its place."""
    so_far = 0
    for line in lines:
        so_far += size(line.text)
        if so_far > most:
            return line.at(0), line.text
    return "1:1", ""


def length(looked: Looked) -> Iterator[Remark]:
    """Too little to judge by, more than anybody reads, or a sentence that has no end."""
    limits, suffix = looked.rules.limits, "_zh" if looked.chinese else "_en"
    total = sum(size(line.text) for line in looked.resume.lines)
    least, most = limits.get("least" + suffix, 120), limits.get("most" + suffix, 2000)
    if total < least or total > most:
        # What is too long is told where nobody reads on.
        place, cited = ("1:1", "") if total < least else _passed(looked.resume.lines, most)
        yield Remark(
            "length.short" if total < least else "length.long", place, cited,
            Text(
                "全文{size}个字（词），合适的是{least}到{most}。",
                "It has {size} words; {least} to {most} read well.",
                size=total, least=least, most=most,
            ),
            Text("请补充做过的事和结果。", "Add what you did and what came of it.")
            if total < least
            else Text("请删去与应聘无关的。", "Leave out what the post does not ask for."),
        )  # fmt: skip
    for line in looked.resume.lines:
        for sentence, offset in sentences(line):
            if size(sentence) > limits.get("sentence" + suffix, 90):
                yield Remark(
                    "length.sentence", line.at(offset), sentence,
                    Text("这句话有{n}个字（词）。", "{n} words in one sentence.", n=size(sentence)),
                    Text("请拆成几句。", "Make several of it."),
                )  # fmt: skip
