"""The one finding that names a file's dialect and says what each foreign word becomes here."""

from __future__ import annotations

from xiangyun.kernel.bpmn.dialects.translate import Found, Translation
from xiangyun.kernel.findings import Finding, Place, Text

_MOST_LINES = 4


def dialect_finding(translation: Translation, file: str) -> Finding:
    """An error: the file as it stands would run otherwise here than its author meant."""
    grouped: dict[tuple[str, Text, bool], list[Found]] = {}
    for each in translation.found:
        grouped.setdefault((each.word, each.becomes, each.done), []).append(each)
    zh, en = [], []
    for (word, becomes, done), places in sorted(grouped.items(), key=lambda item: not item[0][2]):
        lines = ", ".join(str(each.line) for each in places[:_MOST_LINES])
        lines += ", …" if len(places) > _MOST_LINES else ""
        by_hand = ("", "") if done else ("（需人工改）", " (by hand)")
        zh.append(f"{word}（第 {lines} 行）→ {becomes.zh}{by_hand[0]}")
        en.append(f"{word} (line {lines}) → {becomes.en}{by_hand[1]}")
    left = len(translation.left)
    name = translation.engine
    hint = Text(
        "xiangyun convert 会写出能直接改写的部分，并列出留给人改的部分。"
        if left
        else "xiangyun convert 可以全部改写。",
        "xiangyun convert writes what is plain and lists what it leaves."
        if left
        else "xiangyun convert writes all of it anew.",
    )
    return Finding(
        "bpmn.E009",
        "error",
        Text(
            f"这个文件是为 {name} 画的，其中 {len(grouped)} 种写法在这里不同：\n"
            + "；\n".join(zh)
            + "。",
            f"This file is drawn for {name}; {len(grouped)} of its words are others here:\n"
            + ";\n".join(en)
            + ".",
        ),
        Place(file),
        hint,
    )
