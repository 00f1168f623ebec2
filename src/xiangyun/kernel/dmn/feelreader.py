"""FEEL and type names in the XML of a model, read once however often they stand there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from lxml import etree

from xiangyun.kernel.dmn.items import ItemDefinitions, Named
from xiangyun.kernel.dmn.xml import child, line_of, text_of_child
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

_Parsed = TypeVar("_Parsed", Expression, UnaryTests)
Names = Sequence[str]


class FeelReader:
    """Reads texts; `names` are the variables in scope where one stands."""

    items: ItemDefinitions

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings
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
        if unknown:
            inner = child(source, "text")
            line = line_of(source if inner is None else inner)
            self.findings += [each.finding(self.file, line) for each in unknown]
        return found  # type: ignore[return-value]  # the key holds which of the two was parsed

    def _syntax(self, error: FeelSyntaxError, source: etree._Element) -> None:
        inner = child(source, "text")
        line = line_of(source if inner is None else inner)
        (finding,) = error.findings
        place = Place(self.file, line + error.line - 1, error.column)
        self.findings.append(
            Finding(finding.id, finding.severity, finding.message, place, finding.hint)
        )

    def type_of(self, element: etree._Element) -> Type | None:
        """The typeRef of an element, None where there is none; unknown names are findings."""
        name = element.get("typeRef")
        if name is None:
            return None
        type_ = self.items.reference(name)
        if isinstance(type_, Named) and type_.name not in self.items.types:
            close = get_close_matches(type_.name, [*self.items.types, *BUILTIN], 1)
            hint = Text(f"是不是“{close[0]}”?", f"did you mean “{close[0]}”?") if close else None
            self.findings.append(
                Finding(
                    "dmn.E006",
                    "error",
                    Text(f"没有类型“{name}”", f"there is no type “{name}”"),
                    Place(self.file, line_of(element)),
                    hint,
                )
            )
        return type_
