"""Reading boxed expressions (DMN 1.5 §7.3 and §8.2) into `model.py`'s values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from lxml import etree

from xiangyun.kernel.dmn.feelreader import FeelReader, Names
from xiangyun.kernel.dmn.model import (
    Box,
    BrokenBox,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    RelationBox,
)
from xiangyun.kernel.dmn.tables import read_table
from xiangyun.kernel.dmn.xml import child, children, line_of, local, name_of
from xiangyun.kernel.feel.types import Type
from xiangyun.kernel.findings import Finding, Place, Text


class BoxReader(FeelReader):
    """Reads boxes; `names` are the variables in scope where a box stands."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        super().__init__(file, findings)
        self._kinds: dict[str, Callable[[etree._Element, Names], Box]] = {
            "literalExpression": self.literal,
            "decisionTable": lambda source, names: read_table(self, source, names),
            "context": self.context,
            "invocation": self.invocation,
            "functionDefinition": self.function,
            "list": self.list,
            "relation": self.relation,
            "conditional": self.conditional,
            "filter": self.filter,
            "for": self.iterator,
            "some": self.iterator,
            "every": self.iterator,
        }

    # Boxes --------------------------------------------------------------------------------------

    def only(self, source: etree._Element, names: Names) -> Box | None:
        """The one boxed expression among an element's children."""
        found = child(source, *self._kinds)
        return None if found is None else self._kinds[local(found)](found, names)

    def all(self, source: etree._Element, names: Names) -> tuple[Box, ...]:
        """All boxed expressions among an element's children."""
        return tuple(
            self._kinds[local(each)](each, names) for each in children(source, *self._kinds)
        )

    def inside(self, source: etree._Element, tag: str, names: Names) -> Box:
        """The boxed expression inside a child of this tag."""
        holder = child(source, tag)
        box = None if holder is None else self.only(holder, names)
        return box or self.missing(source, tag)

    def missing(self, source: etree._Element, what: str) -> Box:
        """A part that should be there."""
        tag = local(source)
        words = Text("<{tag}> 缺少 {what}。", "<{tag}> lacks its {what}.", tag=tag, what=what)
        self.findings.append(
            Finding(
                "dmn.E007",
                "error",
                words,
                Place(self.file, line_of(source)),
            )
        )
        return BrokenBox(words, line=line_of(source))

    def literal(self, source: etree._Element, names: Names) -> Box:
        line, type_ = line_of(source), self.type_of(source)
        expression = self.expression(source, names)
        if expression is None:
            return BrokenBox(
                Text("表达式读不懂", "the expression cannot be read"), line=line, type=type_
            )
        return LiteralBox(expression, line=line, type=type_)

    def context(self, source: etree._Element, names: Names) -> Box:
        known = list(names)
        entries: list[tuple[str, Box]] = []
        result: Box | None = None
        for entry in children(source, "contextEntry"):
            variable = child(entry, "variable")
            box = self.only(entry, known) or self.missing(entry, "expression")
            if variable is None or not name_of(variable):
                result = box
                continue
            name = name_of(variable)
            entries.append((name, _typed(box, self.type_of(variable))))
            known.append(name)
            self.items.component_names.add(name)
        return ContextBox(tuple(entries), result, line=line_of(source), type=self.type_of(source))

    def invocation(self, source: etree._Element, names: Names) -> Box:
        function = self.only(source, names) or self.missing(source, "function")
        bindings: list[tuple[str, Box]] = []
        for binding in children(source, "binding"):
            parameter = child(binding, "parameter")
            name = "" if parameter is None else name_of(parameter)
            bindings.append(
                (name, self.only(binding, names) or self.missing(binding, "expression"))
            )
        return InvocationBox(
            function, tuple(bindings), line=line_of(source), type=self.type_of(source)
        )

    def function(self, source: etree._Element, names: Names) -> FunctionBox:
        parameters = tuple(
            (name_of(each), self.type_of(each)) for each in children(source, "formalParameter")
        )
        kind = source.get("kind") or "FEEL"
        inner = [*names, *(name for name, _ in parameters)]
        body = self.only(source, inner) or self.missing(source, "body")
        return FunctionBox(
            parameters,
            body,
            "Java" if kind == "Java" else ("PMML" if kind == "PMML" else "FEEL"),
            line=line_of(source),
            type=self.type_of(source),
        )

    def list(self, source: etree._Element, names: Names) -> Box:
        items = self.all(source, names)
        return ListBox(items, line=line_of(source), type=self.type_of(source))

    def relation(self, source: etree._Element, names: Names) -> Box:
        columns = tuple(name_of(each) for each in children(source, "column"))
        self.items.component_names.update(columns)
        rows = tuple(self.all(row, names) for row in children(source, "row"))
        return RelationBox(columns, rows, line=line_of(source), type=self.type_of(source))

    def conditional(self, source: etree._Element, names: Names) -> Box:
        condition, yes, no = (self.inside(source, tag, names) for tag in ("if", "then", "else"))
        return ConditionalBox(condition, yes, no, line=line_of(source), type=self.type_of(source))

    def filter(self, source: etree._Element, names: Names) -> Box:
        inner = [*names, "item", *self.items.component_names]
        return FilterBox(
            self.inside(source, "in", names),
            self.inside(source, "match", inner),
            line=line_of(source),
            type=self.type_of(source),
        )

    def iterator(self, source: etree._Element, names: Names) -> Box:
        kind: Literal["for", "some", "every"] = "for"
        if local(source) != "for":
            kind = "some" if local(source) == "some" else "every"
        variable = source.get("iteratorVariable") or ""
        inner = [*names, variable, "partial"]
        return IteratorBox(
            kind,
            variable,
            self.inside(source, "in", names),
            self.inside(source, "return" if kind == "for" else "satisfies", inner),
            line=line_of(source),
            type=self.type_of(source),
        )


def _typed(box: Box, type_: Type | None) -> Box:
    """A box whose variable has a type of its own."""
    if type_ is None or box.type is not None:
        return box
    return replace(box, type=type_)
