"""FEEL inside YAML: values that begin with `=`, and `{…}` in the words of letters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from xiangyun.kernel.feel import DateTime, Expression, FeelSyntaxError, Value, parse_expression
from xiangyun.kernel.feel.host import HOST_NAMES
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.fields import Fields, wrong_kind
from xiangyun.kernel.packfile.yamltext import Node, Report

"""Functions that the platform places in every FEEL context."""


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression and where it stands."""

    expression: Expression
    place: Place

    def value(self, context: Mapping[str, Value], now: DateTime | None = None) -> Value:
        """The value in a context; `now` is what `now()` and `today()` give.

        Raises:
            Refused: when it used up the budget of an evaluation (`feel.E004`).
        """
        return self.expression.result(context, now)

    def unknown(self, known: Collection[str]) -> list[Finding]:
        """A finding for each name that nothing defines, with what was perhaps meant."""
        place = self.place
        names = {*known, *HOST_NAMES}
        return [
            found.finding(place.file, place.line, place.column)
            for found in self.expression.unknown_names(names)
        ]


def formula(
    source: str, place: Place, report: Report, names: Collection[str] = ()
) -> Formula | None:
    """A formula from its source; syntax faults are reported at their line in the file.

    `names` are variables that hold spaces or operators.
    """
    try:
        return Formula(parse_expression(source, (*HOST_NAMES, *names)), place)
    except FeelSyntaxError as error:
        for finding in error.findings:
            report(_moved(finding, error, place))
    except Refused as error:
        for finding in error.findings:
            report(Finding(finding.id, finding.severity, finding.message, place, finding.hint))
    return None


def _moved(finding: Finding, error: FeelSyntaxError, place: Place) -> Finding:
    column = place.column + error.column - 1 if error.line == 1 and place.column else error.column
    moved = Place(place.file, place.line + error.line - 1, column)
    return Finding(finding.id, finding.severity, finding.message, moved, finding.hint)


def field_formula(fields: Fields, key: str) -> Formula | None:
    """The formula of a key: a value written `=expression`."""
    node = fields.take(key)
    if node is None:
        return None
    return node_formula(node, fields.report)


def node_formula(node: Node, report: Report) -> Formula | None:
    """The formula of a value written `=expression`."""
    if not isinstance(node.value, str) or not node.value.startswith("="):
        wanted = Text("以 = 开头的 FEEL 表达式", "a FEEL expression that begins with =")
        report(wrong_kind("", node, wanted))
        return None
    place = node.line_of(1)
    return formula(node.value[1:], place, report)
