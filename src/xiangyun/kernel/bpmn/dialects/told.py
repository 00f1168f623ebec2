"""The one finding that names a file's dialect and says what each foreign word becomes here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from xiangyun.kernel.bpmn.dialects.translate import Found, Translation
from xiangyun.kernel.findings import Finding, Place, Text

_MOST_LINES = 4


def dialect_finding(translation: Translation, file: str) -> Finding:
    """An error: the file as it stands would run otherwise here than its author meant."""
    grouped: dict[tuple[str, Text, bool], list[Found]] = {}
    for each in translation.found:
        grouped.setdefault((each.word, each.becomes, each.done), []).append(each)
    words = [
        _row(word, becomes, done, places)
        for (word, becomes, done), places in sorted(grouped.items(), key=lambda row: not row[0][2])
    ]
    hint = Text(
        "xiangyun convert 会写出能直接改写的部分，并列出留给人改的部分。",
        "xiangyun convert writes what is plain and lists what it leaves.",
    )
    if not translation.left:
        hint = Text("xiangyun convert 可以全部改写。", "xiangyun convert writes all of it anew.")
    return Finding(
        "bpmn.E009",
        "error",
        Text(
            "这个文件是为 {name} 画的。它的写法和在这里的对应：\n{rows}。",
            "This file is drawn for {name}. Its words, and what each becomes here:\n{rows}.",
            name=translation.engine,
            rows=reduce(_under, words),
        ),
        Place(file, min(each.line for each in translation.found)),
        hint,
    )


def _row(word: str, becomes: Text, done: bool, places: Sequence[Found]) -> Text:
    lines = [str(each.line) for each in places[:_MOST_LINES]]
    if len(places) > _MOST_LINES:
        lines.append("…")
    row = Text(
        "{word}（第 {lines} 行）→ {becomes}",
        "{word} (line {lines}) → {becomes}",
        word=word,
        lines=lines,
        becomes=becomes,
    )
    return row if done else Text("{row}（需人工改）", "{row} (by hand)", row=row)


def _under(above: Text, row: Text) -> Text:
    return Text("{above}；\n{row}", "{above};\n{row}", above=above, row=row)
