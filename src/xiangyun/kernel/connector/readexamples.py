"""Reading the examples of a connector; texts that begin with `=` in an answer are formulas."""

from __future__ import annotations

from typing import Any

from xiangyun.kernel.connector.bodies import as_json
from xiangyun.kernel.connector.model import ConnectorExample
from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.fields import Fields, wrong_kind
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.yamltext import Node, Report


def read_examples(f: Fields) -> tuple[ConnectorExample, ...]:
    """The examples of a file, in their order."""
    found = []
    for node in f.each("examples", required=False):
        inner = Fields(node, f.report, "examples", {"sends": "confirm", "given": "{code: …}"})
        incoming = inner.has("receives")
        if incoming and inner.has("sends"):
            wanted = Text("sends 或 receives 之一", "either `sends` or `receives`")
            f.report(wrong_kind("examples", node, wanted))
        named = inner.string("receives" if incoming else "sends")
        answers = inner.take("answers", required=False)
        formulas: dict[str, Formula] = {}
        found.append(
            ConnectorExample(
                message=named,
                incoming=incoming,
                given=_mapping(inner, "given"),
                body=_plain(inner, "body", required=incoming),
                answers=_with_formulas(answers, "", formulas, f.report) if answers else None,
                result=_plain(inner, "result"),
                key=inner.string("key", required=False),
                formulas=formulas,
                place=node.place,
            )
        )
        inner.take("title", required=False)
        inner.taken.add("sends")
        inner.done()
    return tuple(found)


def _mapping(f: Fields, key: str) -> dict[str, Any]:
    section = f.section(key, required=False)
    return {name: node.plain() for name, node in section.node.items()} if section else {}


def _plain(f: Fields, key: str, required: bool = False) -> Any:
    node = f.take(key, required)
    return as_json(node.plain()) if node is not None else None


def _with_formulas(node: Node, at: str, formulas: dict[str, Formula], report: Report) -> Any:
    """A value as JSON has it; where a formula stands, None, and the formula by its place."""
    if isinstance(node.value, dict):
        return {k: _with_formulas(v, f"{at}/{k}", formulas, report) for k, v in node.items()}
    if isinstance(node.value, list):
        numbered = enumerate(node.value)
        return [_with_formulas(v, f"{at}/{n}", formulas, report) for n, v in numbered]
    if isinstance(node.value, str) and node.value.startswith("="):
        formula = node_formula(node, report)
        if formula is not None:
            formulas[at] = formula
        return None
    return as_json(node.value)


def filled(value: Any, given: dict[str, Any], at: str = "") -> Any:
    """The same value with the results of its formulas, by their places."""
    if at in given:
        return given[at]
    if isinstance(value, dict):
        return {key: filled(each, given, f"{at}/{key}") for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, given, f"{at}/{number}") for number, each in enumerate(value)]
    return value
