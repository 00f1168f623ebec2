"""Reading `inquiries/<code>.yaml` with its decision table; every fault at its line."""

from __future__ import annotations

from datetime import date
from typing import Any

from xiangyun.kernel.dmn import Model
from xiangyun.kernel.dmn.beside import read_beside
from xiangyun.kernel.dmn.model import Decision, TableBox
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.inquiry.asking import ON
from xiangyun.kernel.inquiry.model import Asked, Inquiry, InquiryExample
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Node, Report

WRITTEN = {"code": "tax_grade", "decision": "answer", "register": "tax_grades", "row": "met"}
SAID = ("text", "text_en")
"""Annotations of a row: its reason in both languages."""


def checked_inquiry(
    text: str, rules: str | None, file: str
) -> tuple[Inquiry | None, list[Finding]]:
    """The declaration, None where there is an error, and all findings.

    `rules` is the text of the `.dmn` beside it, None where there is none.
    """
    findings: list[Finding] = []
    root, model = read_beside(text, rules, file, "inquiry.E001", findings.append)
    if root is None or rules is None:
        return None, findings
    inquiry = _inquiry(root, model, findings.append)
    broken = any(finding.severity == "error" for finding in findings)
    return (None if broken else inquiry), findings


def _inquiry(root: Node, model: Model | None, report: Report) -> Inquiry | None:
    f = Fields(root, report, examples=WRITTEN)
    code, name, asks = f.string("code"), f.words("name"), f.words("asks")
    reads = {}
    for node in f.each("reads"):
        section = Fields(node, report, "reads", WRITTEN)
        reads[section.string("as")] = section.string("register")
        section.done()
    chosen = tuple(_asked(node, report) for node in f.each("chosen", required=False))
    decision, place = f.string("decision"), f.place("decision")
    examples = tuple(_example(node, report) for node in f.each("examples"))
    f.done()
    if model is None:
        return None
    found = Inquiry(code, name, asks, reads, chosen, decision, model, examples, root.place)
    for finding in _faults(found, place):
        report(finding)
    return found


def _asked(node: Node, report: Report) -> Asked:
    f = Fields(node, report, "chosen", WRITTEN)
    name, words = f.string("name"), f.words("words")
    options = {}
    for option in f.each("options"):
        section = Fields(option, report, "options", WRITTEN)
        options[section.string("value")] = section.words("words")
        section.done()
    f.done()
    return Asked(name, words, options)


def _example(node: Node, report: Report) -> InquiryExample:
    f = Fields(node, report, "examples", WRITTEN)
    records, chosen = f.take("records"), f.take("chosen", required=False)
    on, answered, row = f.day("on"), f.boolean("answer"), f.string("row")
    f.done()
    held = {name: tuple(each) for name, each in _plain(records).items() if isinstance(each, list)}
    said = {name: str(value) for name, value in _plain(chosen).items()}
    return InquiryExample(held, said, on or date.min, answered, row, node.place)


def _plain(node: Node | None) -> dict[str, Any]:
    value = node.plain() if node is not None else None
    return value if isinstance(value, dict) else {}


def _faults(inquiry: Inquiry, place: Place) -> list[Finding]:
    model = inquiry.model
    found: list[Finding] = []
    decision = model.by_name.get(inquiry.decision)
    if not isinstance(decision, Decision):
        named = {each.name: each for each in model.elements.values()}
        found.append(
            unknown("inquiry.E002", Text("决策", "decision"), inquiry.decision, named, place)
        )
    elif not (
        isinstance(decision.box, TableBox)
        and decision.box.policy in ("UNIQUE", "FIRST")
        and len(decision.box.outputs) == 1
        and decision.box.rules
    ):
        found.append(
            fault(
                "inquiry.E003",
                Text(
                    "“{decision}”不是只命中一行、只有一个输出的决策表。",
                    "“{decision}” is no table of which one row fires with one output.",
                    decision=inquiry.decision,
                ),
                Place(model.file, decision.line),
                Text('请写 hitPolicy="FIRST"。', 'Write hitPolicy="FIRST" and one output.'),
            )
        )
    else:
        found += _reasons(model, decision.box)
    given = {ON, *inquiry.reads, *(each.name for each in inquiry.chosen)}
    for name in model.inputs:
        if name not in given:
            words = Text("输入", "input")
            found.append(unknown("inquiry.E005", words, name, given, Place(model.file)))
    return found


def _reasons(model: Model, table: TableBox) -> list[Finding]:
    """Each row says why in both languages, in words alone."""
    return [
        fault(
            "inquiry.E004",
            Text(
                "行“{row}”没有两种语言的理由，或者理由里有占位。",
                "The row “{row}” has no reason in both languages, or one with a placeholder.",
                row=rule.id,
            ),
            Place(model.file, rule.line),
            Text(
                "请在注释栏 text、text_en 写固定的句子：回答里不能带数字。",
                "Write fixed sentences as text and text_en: no figure leaves the register.",
            ),
        )
        for rule in table.rules
        if any(not (said := rule.annotations.get(each, "").strip()) or "{" in said for each in SAID)
    ]
