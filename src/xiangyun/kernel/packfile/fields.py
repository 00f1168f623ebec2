"""Reading a mapping of YAML field by field: wrong kinds, missing and unknown keys all reported."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.language import COMPLETE, is_tag
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.spelling import did_you_mean

LANGUAGES = tuple(COMPLETE)
"""Those that every pack is written in; a further one may stand beside them, and falls back."""


class Fields:
    """The keys of one mapping. Every getter takes a key off; `done()` reports what is left over.

    A getter answers an empty value where it had to report, so that reading goes on. `examples`:
    values of keys, as they are written, for whoever left one out.
    """

    def __init__(
        self,
        node: Node,
        report: Report,
        name: str = "",
        examples: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.node, self.report, self.name, self.examples = node, report, name, examples
        self.taken: set[str] = set()
        if not isinstance(node.value, dict):
            self._wrong(node, Text("若干“键: 值”", "a mapping of keys and values"))

    def place(self, key: str = "") -> Place:
        found = self.node.get(key) if key else None
        return found.place if found else self.node.place

    def has(self, key: str) -> bool:
        found = self.node.get(key)
        return found is not None and found.value is not None

    def take(self, key: str, required: bool = True, wanted: Wanted | None = None) -> Node | None:
        """The node of a key that is not null; reports when it must be there, and what is wanted."""
        self.taken.add(key)
        found = self.node.get(key)
        if found is None and required:
            kind, example = wanted or ANYTHING
            example = self.examples.get(key, example)
            self.report(_missing(key, self.name, self.node.place, kind, example))
        return None if found is None or found.value is None else found

    def string(self, key: str, required: bool = True) -> str:
        found = self.take(key, required, A_WORD)
        if found is None:
            empty = self.node.get(key)
            if required and empty is not None:
                self._wrong(empty, _WORDS)
            return ""
        if not isinstance(found.value, str) or not found.value.strip():
            self._wrong(found, _WORDS)
            return ""
        return found.value.strip()

    def one_of(self, key: str, values: Collection[str]) -> str:
        found = self.take(key, wanted=_among(values))
        if found is None:
            return ""
        if found.value not in values:
            self._wrong(found, Text("{values}之一", "one of {values}", values=list(values)))
            return ""
        return str(found.value)

    def boolean(self, key: str, default: bool | None = None) -> bool:
        found = self.take(key, default is None, _YES_OR_NO)
        if found is None:
            return bool(default)
        if not isinstance(found.value, bool):
            self._wrong(found, Text("true 或 false", "true or false"))
            return False
        return found.value

    def number(self, key: str) -> Decimal:
        found = self.take(key, wanted=_A_NUMBER)
        if found is None:
            return Decimal(0)
        if not isinstance(found.value, Decimal):
            self._wrong(found, Text("数字", "a number"))
            return Decimal(0)
        return found.value

    def day(self, key: str, required: bool = True) -> date | None:
        found = self.take(key, required, _A_DAY)
        if found is None:
            return None
        if not isinstance(found.value, date):
            self._wrong(found, Text("日期，如 2026-04-09", "a day such as 2026-04-09"))
            return None
        return found.value

    def text(self, key: str, required: bool = True) -> Text | None:
        """Words in both languages."""
        found = self.take(key, required, _BOTH_LANGUAGES)
        return None if found is None else read_text(found, self.report)

    def words(self, key: str) -> Text:
        """Words in both languages that must be there."""
        return self.text(key) or Text("", "")

    def strings(self, key: str, required: bool = True) -> tuple[str, ...]:
        return tuple(self.string_in(item) for item in self.each(key, required))

    def each(self, key: str, required: bool = True) -> Iterator[Node]:
        """The items of a list."""
        found = self.take(key, required, _A_LIST)
        if found is None:
            return
        if not isinstance(found.value, list):
            self._wrong(found, Text("列表", "a list"))
            return
        yield from found.value

    def section(self, key: str, required: bool = True) -> Fields | None:
        """The fields of a mapping inside this one."""
        found = self.take(key, required, _A_MAPPING)
        return None if found is None else Fields(found, self.report, key, self.examples)

    def done(self) -> None:
        """Report the keys nobody asked for."""
        for key, node in self.node.items():
            if key not in self.taken:
                self.report(
                    fault(
                        "pack.E004",
                        Text("不认识“{key}”。", "“{key}” is not known here.", key=key),
                        node.place,
                        did_you_mean(key, self.taken),
                    )
                )

    def string_in(self, node: Node) -> str:
        """The words of an item of a list."""
        if not isinstance(node.value, str):
            self._wrong(node, _WORDS)
            return ""
        return node.value

    def _wrong(self, node: Node, wanted: Text) -> None:
        self.report(wrong_kind(self.name, node, wanted))


_WORDS = Text("文字", "words")
Wanted = tuple[Text, str]
"""The kind of a value in words, and one as it is written."""
ANYTHING: Wanted = (Text("值", "a value"), "…")
A_WORD: Wanted = (_WORDS, "…")
_YES_OR_NO: Wanted = (Text("true 或 false", "true or false"), "true")
_A_NUMBER: Wanted = (Text("数字", "a number"), "1")
_A_DAY: Wanted = (Text("日期", "a day"), "2026-04-09")
_BOTH_LANGUAGES: Wanted = (
    Text("两种语言的文字", "words in both languages"),
    "{zh-Hans: 借书证, en: Library card}",
)
_A_LIST: Wanted = (Text("列表", "a list"), "[…]")
_A_MAPPING: Wanted = (Text("若干“键: 值”", "a mapping of keys and values"), "{…}")


def _among(values: Collection[str]) -> Wanted:
    return Text("{values}之一", "one of {values}", values=list(values)), next(iter(values), "…")


def read_text(node: Node, report: Report) -> Text:
    """Words written as {zh-Hans: …, en: …}, and in any further language beside these."""
    words = {}
    for language in LANGUAGES:
        found = node.get(language)
        if found is None or not isinstance(found.value, str) or not found.value.strip():
            report(
                fault(
                    "pack.E031",
                    Text(
                        "缺少 {language} 的文字。",
                        "The words in {language} are missing.",
                        language=language,
                    ),
                    node.place,
                    Text("写成 {zh-Hans: …, en: …}。", "Write {zh-Hans: …, en: …}."),
                )
            )
            words[language] = ""
        else:
            words[language] = found.value.strip()
    others = {}
    for key, extra in node.items():
        if key in LANGUAGES:
            continue
        if is_tag(key) and isinstance(extra.value, str):
            others[key] = extra.value.strip()
        else:
            report(
                fault(
                    "pack.E004",
                    Text("不认识语言“{key}”。", "The language “{key}” is not known.", key=key),
                    extra.place,
                    did_you_mean(key, LANGUAGES),
                )
            )
    return Text.given(words["zh-Hans"], words["en"], others)


def whole(f: Fields, key: str) -> int:
    """A whole number, not negative."""
    number = f.number(key)
    if number != int(number) or number < 0:
        f.report(
            fault(
                "pack.E006",
                Text("“{key}”应为非负整数。", "“{key}” is a whole number, not negative.", key=key),
                f.place(key),
            )
        )
        return 0
    return int(number)


_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


def identifier(f: Fields, key: str = "id") -> str:
    """The name by which others call a part of a file: small letters, digits, dashes between."""
    found = f.string(key)
    if found and not _IDENTIFIER.fullmatch(found):
        wanted = Text("小写字母、数字和短横线", "small letters, digits and dashes")
        f.report(wrong_kind(key, f.node.get(key) or f.node, wanted))
    return found


def may_be_string(f: Fields, key: str) -> str | None:
    """Words, or null; the key itself must be there."""
    if f.has(key):
        return f.string(key) or None
    f.take(key)  # it must be there, if only as null
    return None


def some_of(f: Fields, key: str, known: Collection[str]) -> tuple[str, ...]:
    """A list of known words."""
    found = f.strings(key)
    for value in found:
        if value and value not in known:
            message = Text("不认识“{value}”。", "“{value}” is not known.", value=value)
            f.report(fault("pack.E006", message, f.place(key), did_you_mean(value, known)))
    return found


def wrong_kind(name: str, node: Node, wanted: Text) -> Finding:
    """A value of another kind than asked for."""
    written = "" if isinstance(node.value, dict | list) else f"“{node.value}”"
    return fault(
        "pack.E006",
        Text(
            "{written}不对，这里要写{wanted}。",
            "{written} is not {wanted}.",
            written=written,
            wanted=wanted,
        ),
        node.place,
        Text("请改成{wanted}。", "Write {wanted}.", wanted=wanted),
    )


def _missing(key: str, name: str, place: Place, kind: Text, example: str) -> Finding:
    where = Text("“{name}”里", "“{name}”", name=name) if name else Text("这里", "This place")
    return fault(
        "pack.E005",
        Text("{where}缺少“{key}”。", "{where} lacks “{key}”.", where=where, key=key),
        place,
        Text(
            "请补上{kind}，例如“{key}: {example}”；没有内容的写 null。",
            "Add {kind}, such as “{key}: {example}”; where there is nothing to say, write null.",
            kind=kind,
            key=key,
            example=example,
        ),
    )
