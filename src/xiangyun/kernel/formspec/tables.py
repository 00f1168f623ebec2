"""Lists that come as a file: the rows of a CSV as the fields of a page, and its faults by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.faults import fault
from xiangyun.kernel.formspec.model import Question

FIRST_LINE = 2
"""The line of a file on which its first row stands, below the names of the columns."""
MOST_CHARACTERS = 5_000_000
UNREADABLE = "\ufffd"
"""What stands in a text where bytes were no signs of its encoding."""
_LONGEST_CELL = 131_072
_LINES_TOLD = 20
_REASONS_TOLD = 3


def table_field(question: Question) -> str:
    """The name of the field in which a page sends the text of the file."""
    return f"{question.key}.csv"


def sent_table(question: Question, text: str) -> dict[str, list[str]] | Finding:
    """The cells of a CSV as the fields of rows, `list.0.cell`; an empty line is a row of nothing.

    The first line names the columns: by the keys of the questions or by their words, in any order;
    other columns are passed over.
    """
    if len(text) > MOST_CHARACTERS:
        return _no_table(
            question,
            Text(
                "的文件太大，最多五百万个字符。",
                "comes as a file of more than five million characters.",
            ),
        )
    if UNREADABLE in text or "\0" in text:
        return _no_table(question, Text("的文件不是文字，或者编码认不出来。",
                                        "comes as a file that is no text, or of an unknown "
                                        "encoding."))  # fmt: skip
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    try:
        head = [each.strip() for each in next(lines, [])]
        found = {cell.key: _column(cell, head) for cell in question.questions}
        if missing := [c.label for c in question.questions if c.required and found[c.key] is None]:
            return _no_columns(question, missing)
        return {
            f"{question.key}.{lines.line_num - FIRST_LINE}.{key}": [
                row[at].strip() if at < len(row) else ""
            ]
            for row in _bounded(lines)
            for key, at in found.items()
            if at is not None
        }
    except csv.Error:
        words = Text(
            "的文件从第 {n} 行起不成表。", "is no table from line {n} on.", n=lines.line_num
        )
        return _no_table(question, words)


def _bounded(lines: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows, up to a cell that is too long.

    `csv` has a limit too, but one for the whole process, which whoever reads other tables raises.
    """
    for row in lines:
        if any(len(cell) > _LONGEST_CELL for cell in row):
            raise csv.Error
        yield row


def wrong_lines(
    question: Question, first: int, errors: Mapping[tuple[int, str], Finding]
) -> Finding:
    """One sentence for all faults of a table, by (row, cell): which lines, and why the first are
    wrong. Row 0 stands on line `first`."""
    lines = list(dict.fromkeys(row for row, _ in errors))
    reasons = list(errors.items())[:_REASONS_TOLD]
    words = Text(
        "有 {count} 行不对：{lines}。",
        "has {count} wrong {count|line|lines}: {lines}.",
        count=len(lines),
        lines=[Text("第 {n} 行", "line {n}", n=row + first) for row in lines[:_LINES_TOLD]],
    )
    made = fault("form.E129", question, words)
    return Finding(made.id, made.severity, made.message, hint=_all(reasons, first))


def _all(reasons: Iterable[tuple[tuple[int, str], Finding]], first: int) -> Text | None:
    told: Text | None = None
    for (row, _), why in reasons:
        one = Text("第 {n} 行：{why}", "Line {n}: {why}", n=row + first, why=why.message)
        told = one if told is None else Text("{told}{one}", "{told} {one}", told=told, one=one)
    return told


def _no_table(question: Question, words: Text) -> Finding:
    made = fault("form.E130", question, words)
    hint = Text("请另存为 UTF-8 的 CSV 再传。", "Save it as CSV in UTF-8 and send it again.")
    return Finding(made.id, made.severity, made.message, hint=hint)


def _column(cell: Question, head: Sequence[str]) -> int | None:
    names = {cell.key, cell.label.zh, cell.label.en}
    return next((at for at, name in enumerate(head) if name in names), None)


def _no_columns(question: Question, missing: Sequence[Text]) -> Finding:
    return fault(
        "form.E128",
        question,
        Text(
            "的文件缺少列：{missing}。",
            "comes as a file that lacks the columns {missing}.",
            missing=list(missing),
        ),
        ",".join(cell.key for cell in question.questions),
    )
