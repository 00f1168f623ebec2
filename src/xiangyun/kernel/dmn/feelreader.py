"""FEEL and type names in the XML of a model, read once however often they stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from lxml import etree

from xiangyun.kernel.conditions.juel import is_juel
from xiangyun.kernel.dmn.items import ItemDefinitions, Named, standard_name
from xiangyun.kernel.dmn.xml import child, line_of, local, text_of_child
from xiangyun.kernel.feel.errors import FeelSyntaxError
from xiangyun.kernel.feel.expression import (
    Expression,
    UnaryTests,
    UnknownName,
    parse_expression,
    parse_unary_tests,
)
from xiangyun.kernel.feel.types import BUILTIN, Type
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.spelling import nearest, perhaps

_Parsed = TypeVar("_Parsed", Expression, UnaryTests)
Names = Sequence[str]


_TEST = re.compile(r"\s*(==|!=)\s*(.+?)\s*", re.DOTALL)
_BARE = re.compile(r"\s*[^\W\d][\w ]*(,\s*[^\W\d][\w ]*)*")


def test_in_feel(text: str) -> str | None:
    """A test as other tools write it, `== x` or `!= x`, in FEEL; None for any other text."""
    match = _TEST.fullmatch(text)
    if match is None:
        return None
    return match[2] if match[1] == "==" else f"not({match[2]})"


_PLAIN = re.compile(r"\s*[^\W\d]\w*\s*")


def is_feel(language: str, text: str) -> bool:
    """Whether a text in this language is FEEL, or but a name, which is the same in any.

    A text of JUEL that is not marked by `${…}` is a literal or a test, which FEEL writes alike.
    """
    bare = language.strip().rstrip("/").lower()
    if "juel" in bare and not is_juel(text):
        return True
    return not bare or "feel" in bare or _PLAIN.fullmatch(text) is not None


class FeelReader:
    """Reads texts; `names` are the variables in scope where one stands."""

    items: ItemDefinitions

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings
        self.language = ""
        """What the model says its expressions are written in; empty means FEEL."""
        self.other_languages: list[tuple[str, int]] = []
        self.provided: frozenset[str] = frozenset()
        """Names of all elements of the model."""
        self.missing_names: list[str] = []
        """Names that nothing provides, met so far outside of cells that are but a name."""
        self._known: dict[tuple[Any, ...], tuple[Expression, tuple[UnknownName, ...]]] = {}

    def expression(self, source: etree._Element, names: Names) -> Expression | None:
        """The FEEL expression in `<text>`; None with a finding when it cannot be read."""
        return self._parsed(parse_expression, source, names)

    def tests(self, source: etree._Element, names: Names) -> UnaryTests | None:
        """The unary tests in `<text>`."""
        return self._parsed(parse_unary_tests, source, names)

    def item_tests(self, source: etree._Element) -> UnaryTests | None:
        """Unary tests of an item definition, which see nothing but `?`."""
        text = text_of_child(source, "text") or ""
        try:
            return parse_unary_tests(text)
        except FeelSyntaxError as error:
            self._syntax(error, source)
            return None

    def _parsed(
        self, parse: Callable[..., _Parsed], source: etree._Element, names: Names
    ) -> _Parsed | None:
        text = text_of_child(source, "text") or ""
        language = source.get("expressionLanguage") or self.language
        if not is_feel(language, text):
            self.other_languages.append((language, line_of(source)))
            return None
        members = self.items.component_names
        key = (parse, text, tuple(names), len(members))
        if key not in self._known:  # long tables say the same in many cells
            try:
                parsed = parse(text, names, members, self.items.types)
            except FeelSyntaxError as error:
                self._syntax(error, source)
                return None
            self._known[key] = (parsed, parsed.unknown_names(names))
        found, unknown = self._known[key]
        for each in unknown:
            self._unknown(each, found, source)
        return found  # type: ignore[return-value]  # the key holds which of the two was parsed

    def _unknown(self, name: UnknownName, found: Expression, source: etree._Element) -> None:
        inner = child(source, "text")
        finding = name.finding(self.file, line_of(source if inner is None else inner))
        word = name.name
        if word in self.provided:
            hint = Text(
                "图中有“{word}”，但没有连到这里：请画出信息需求。",
                "“{word}” is drawn but not connected: draw its information requirement.",
                word=word,
            )
            finding = replace(finding, hint=hint)
        elif local(source) in ("inputEntry", "outputEntry") and _BARE.fullmatch(found.source):
            # A cell of bare words: its author most likely means the texts.
            hint = Text(
                '如果是文字，请加引号："{word}"。', 'A text is quoted: "{word}".', word=word
            )
            finding = replace(finding, hint=hint)
        elif not name.is_function and word.replace(" ", "").isidentifier():
            self.missing_names.append(word)
        self.findings.append(finding)

    def _syntax(self, error: FeelSyntaxError, source: etree._Element) -> None:
        inner = child(source, "text")
        line = line_of(source if inner is None else inner)
        (finding,) = error.findings
        place = Place(self.file, line + error.line - 1, error.column)
        meant = test_in_feel(text_of_child(source, "text") or "")
        hint = finding.hint
        if meant is not None and local(source) == "inputEntry":
            hint = Text("在 FEEL 里写作 {meant}。", "In FEEL it is {meant}.", meant=meant)
        self.findings.append(Finding(finding.id, finding.severity, finding.message, place, hint))

    def type_of(self, element: etree._Element) -> Type | None:
        """The typeRef of an element, None where there is none; unknown names are findings."""
        name = element.get("typeRef")
        if name is None:
            return None
        type_ = self.items.reference(name)
        if not isinstance(type_, Named) or type_.name in self.items.types:
            return type_
        self.unknown_type(type_.name, line_of(element))
        self.items.guess(type_.name)
        return self.items.guessed[type_.name]

    def unknown_type(self, name: str, line: int) -> None:
        """A type that nothing defines; told once a name."""
        standard = standard_name(name)
        known = [each for each in self.items.types if each not in self.items.guessed]
        hint = perhaps(nearest(name, [*known, *BUILTIN]))
        if standard is not None:
            hint = Text(
                "请写标准类型 {standard}。",
                "Write the standard type {standard}.",
                standard=standard,
            )
        message = Text("没有类型“{name}”。", "There is no type “{name}”.", name=name)
        self.findings.append(Finding("dmn.E006", "error", message, Place(self.file, line), hint))
