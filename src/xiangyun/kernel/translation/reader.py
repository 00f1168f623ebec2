"""A language from its files: `language.yaml` says how it writes, every other file what it says.

```yaml
# languages/ko/language.yaml            # languages/ko/pages.yaml
name: 한국어                             log-in-0a1b2c3d: 로그인
falls_back: zh-Hans                      days-left-4e5f6071: "{n}일 남음"
day: "{year}년 {month}월 {day}일"
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from xiangyun.kernel.findings import Finding, Place
from xiangyun.kernel.language import (
    CATEGORIES,
    CHINESE,
    COMPLETE,
    BrokenTemplate,
    Language,
    Rule,
    Text,
    names,
    read_rule,
)

ABOUT = "language.yaml"
_WORDS = ("name", "direction", "day", "weekday", "moment", "comma", "semicolon", "colon")
_LISTS = {"months": 12, "weekdays": 7}
_KNOWN = {*_WORDS, *_LISTS, "falls_back", "plurals"}
_HOLES = {
    "day": {"year", "month", "day", "name_of_month"},
    "weekday": {"day", "weekday"},
    "moment": {"day", "time"},
}


def read_language(tag: str, files: Mapping[str, str]) -> tuple[Language, list[Finding]]:
    """A language from its files by name, and what is wrong with them.

    What cannot be read is left out, so that a page falls back instead of failing.
    """
    faults: list[Finding] = []
    about = _mapping(ABOUT, files.get(ABOUT, ""), faults)
    faults += _unknown(about)
    words = {key: about[key] for key in _WORDS if isinstance(about.get(key), str)}
    faults += [
        _fault("language.E003", ABOUT, Text("“{key}”应是文字。", "“{key}” must be words.", key=key))
        for key in _WORDS
        if key in about and key not in words
    ]
    for key, allowed in _HOLES.items():
        if key in words and not _fits(words[key], allowed):
            faults.append(_holes(ABOUT, key, allowed))
            del words[key]
    lists: dict[str, Any] = {}
    for key, length in _LISTS.items():
        if key in about:
            found = about[key]
            if isinstance(found, list) and len(found) == length:
                lists[key] = tuple(map(str, found))
            else:
                faults.append(_length(key, length))
    return (
        Language(
            tag,
            words.pop("name", tag),
            COMPLETE.get(str(about.get("falls_back")), CHINESE),
            sentences=_sentences(files, faults),
            plurals=_plurals(about, faults),
            **words,
            **lists,
        ),
        faults,
    )


def _mapping(file: str, text: str, faults: list[Finding]) -> dict[str, Any]:
    try:
        found = yaml.load(text, yaml.SafeLoader) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        message = Text("读不了这个文件。", "This file cannot be read.")
        hint = Text("请检查缩进和引号。", "Check the indents and the quotes.")
        faults.append(Finding("language.E001", "error", message, place, hint))
        return {}
    if isinstance(found, dict):
        return {str(key): value for key, value in found.items()}
    faults.append(
        _fault(
            "language.E001",
            file,
            Text("文件里应是“键: 值”。", "The file must hold “key: value” lines."),
        )
    )
    return {}


def _unknown(about: Mapping[str, Any]) -> Iterator[Finding]:
    if "name" not in about:
        yield _fault(
            "language.E002", ABOUT, Text("没有写这种语言的名称。", "The language has no name.")
        )
    if about.get("falls_back", CHINESE.tag) not in COMPLETE:
        yield _fault(
            "language.E002",
            ABOUT,
            Text(
                "只能借用完整的语言：{tags}。",
                "Only a complete language can be fallen back to: {tags}.",
                tags=list(COMPLETE),
            ),
        )
    for key in sorted(about.keys() - _KNOWN):
        yield _fault(
            "language.E002", ABOUT, Text("不认识“{key}”。", "“{key}” is not known here.", key=key)
        )


def _sentences(files: Mapping[str, str], faults: list[Finding]) -> dict[str, str]:
    """The translations of all files; one without words is not translated yet."""
    found: dict[str, str] = {}
    for file in sorted(files.keys() - {ABOUT}):
        for id, words in _mapping(file, files[file], faults).items():
            if words is None or words == "":
                continue
            if not isinstance(words, str):
                faults.append(
                    _fault(
                        "language.E003",
                        file,
                        Text("“{key}”应是文字。", "“{key}” must be words.", key=id),
                    )
                )
            elif id in found:
                faults.append(
                    _fault(
                        "language.E004",
                        file,
                        Text("“{key}”译了两次。", "“{key}” is translated twice.", key=id),
                    )
                )
            else:
                found[id] = words
    return found


def _plurals(about: Mapping[str, Any], faults: list[Finding]) -> tuple[tuple[str, Rule], ...]:
    """Categories with their rules, in the order of CLDR."""
    given = about.get("plurals") or {}
    found: dict[str, Rule] = {}
    for category, rule in given.items() if isinstance(given, dict) else ():
        try:
            if category not in CATEGORIES:
                raise ValueError(category)
            found[category] = read_rule(str(rule))
        except ValueError:
            message = Text(
                "“{category}: {rule}”不是复数规则。",
                "“{category}: {rule}” is no plural rule.",
                category=str(category),
                rule=str(rule),
            )
            hint = Text(
                "请照 CLDR 的写法，例如 one: i = 1 and v = 0；other 不用写。",
                "Write it as CLDR does, such as one: i = 1 and v = 0; other needs no rule.",
            )
            faults.append(Finding("language.E005", "error", message, Place(ABOUT), hint))
    return tuple((each, found[each]) for each in CATEGORIES if each in found)


def _fits(template: str, allowed: set[str]) -> bool:
    try:
        return names(template) <= allowed
    except BrokenTemplate:
        return False


def _fault(id: str, file: str, message: Text) -> Finding:
    return Finding(id, "error", message, Place(file))


def _holes(file: str, key: str, allowed: set[str]) -> Finding:
    message = Text("“{key}”的花括号不对。", "The braces of “{key}” are not right.", key=key)
    hint = Text("可用的有：{names}。", "There are: {names}.", names=sorted(allowed))
    return Finding("language.E006", "error", message, Place(file), hint)


def _length(key: str, length: int) -> Finding:
    return _fault(
        "language.E003",
        ABOUT,
        Text(
            "“{key}”应有 {length} 项。",
            "“{key}” must have {length} entries.",
            key=key,
            length=length,
        ),
    )
