"""The rows of a pack's rules: every row has its law, and its finding carries the row's own id."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from xiangyun.kernel.conditions.regions import KINDS
from xiangyun.kernel.dmn import Model
from xiangyun.kernel.dmn.domain import rows_for_null
from xiangyun.kernel.dmn.items import plain
from xiangyun.kernel.dmn.model import Decision, Element, Rule, TableBox
from xiangyun.kernel.feel import from_json
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import Question, kind_of
from xiangyun.kernel.pack import taskforms
from xiangyun.kernel.pack.reader import RULES, PackSources, may_stay_empty
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.service.ruling import SEVERITIES


def rules_of(model: Model) -> Iterator[tuple[Decision, TableBox, Rule]]:
    """Every row of every decision table, in the order of the file."""
    for decision in model.elements.values():
        if isinstance(decision, Decision) and isinstance(decision.box, TableBox):
            for rule in decision.box.rules:
                yield decision, decision.box, rule


def check_tables(sources: PackSources) -> Iterator[Finding]:
    """Rows without a law, without words, or whose finding has another id, severity or question."""
    if sources.rules is None:
        return
    keys = {question.key for question in sources.form.questions} if sources.form else None
    for decision, table, rule in rules_of(sources.rules):
        place = Place(RULES, rule.line)
        if not rule.annotations.get("basis", "").strip():
            yield _no_basis(decision, rule, place)
        for annotation in ("text", "text_en"):
            if not rule.annotations.get(annotation, "").strip():
                yield _no_words(rule, annotation, place)
        written = _constants(table, rule)
        if "severity" not in written:
            continue
        if written.get("id") != rule.id:
            yield _other_id(rule, written.get("id", ""), place)
        if written["severity"] not in SEVERITIES:
            kind = Text("轻重", "severity")
            yield unknown("pack.E012", kind, written["severity"], SEVERITIES, place)
        field = written.get("field", "")
        if keys is not None and field and field not in keys:
            yield unknown("pack.E025", Text("表单问题", "form question"), field, keys, place)
    questions = dict(_questions(sources))
    optional = {asked: each for asked, each in questions.items() if may_stay_empty(each)}
    yield from _unanswered(sources.rules, optional)
    yield from _other_types(sources.rules, questions)


def _questions(sources: PackSources) -> Iterator[tuple[ast.Node, Question]]:
    """The questions of all forms, by how FEEL reads their answers."""
    if sources.form is not None:
        for question in sources.form.questions:
            yield ast.Path(ast.Name("application"), question.key), question
    named = taskforms.forms_by_name(taskforms.forms_by_task(sources.processes))
    for name, form in named.items():
        if form in sources.forms:
            task = ast.Path(ast.Name(taskforms.TASKS), name)
            for question in sources.forms[form].questions:
                yield ast.Path(task, question.key), question


def _other_types(model: Model, questions: Mapping[ast.Node, Question]) -> Iterator[Finding]:
    """Columns that declare another type than the answers that they test have."""
    for decision in model.elements.values():
        box = decision.box if isinstance(decision, Decision) else None
        for column in box.inputs if isinstance(box, TableBox) else ():
            question = questions.get(column.expression.syntax)
            declared = KINDS.get(plain(column.type))
            if question is None or declared is None:
                continue
            if declared is not answer_type(question):
                yield _another_type(decision, question, _TYPES[declared], column.line)


def _another_type(decision: Element, question: Question, declared: str, line: int) -> Finding:
    has = answer_type(question)
    return fault(
        "pack.W009",
        Text(
            "决策“{name}”：“{label}”（{key}）的答案是 {has}，这一列写的是 {declared}。",
            "The decision “{name}”: answers to “{label}” ({key}) are of type {has}; "
            "its column says {declared}.",
            name=decision.name,
            label=question.label,
            key=question.key,
            has=_TYPES[has] if has else "list",
            declared=declared,
        ),
        Place(RULES, line),
        Text("请改正 typeRef，否则没有一行会命中。", "Correct typeRef, or no row ever matches."),
    )


_TYPES: Mapping[type, str] = {Decimal: "number", str: "string", bool: "boolean", date: "date"}


def answer_type(question: Question) -> type | None:
    """The type of the answers to a question in FEEL; None for lists and moments."""
    if kind_of(question).several:
        return None
    example = from_json(json.loads(kind_of(question).example))
    if question.kind == "datetime":
        return date if question.rules.subtype == "date" else None
    return next((each for each in _TYPES if type(example) is each), None)


def _unanswered(model: Model, optional: Mapping[ast.Node, Question]) -> Iterator[Finding]:
    """What UNIQUE tables make of questions that the form lets people leave out: they are null."""
    for decision in model.elements.values():
        box = decision.box if isinstance(decision, Decision) else None
        if not isinstance(box, TableBox) or box.policy != "UNIQUE":
            continue
        default = any(output.default for output in box.outputs)
        for asked, question in optional.items():
            rows = rows_for_null(box, asked)
            if rows is not None and len(rows) < len(box.rules):
                yield _for_null(decision, box, question, rows, default)


def _for_null(
    decision: Element, box: TableBox, question: Question, rows: list[int], default: bool
) -> Finding:
    if rows:
        then = Text("只有第 {rows} 行可能命中", "only row {rows} may match", rows=rows)
    elif default:
        then = Text("没有一行命中，结果是默认值", "no row matches and the result is the default")
    else:
        then = Text("没有一行命中，结果是 null", "no row matches and the result is null")
    return fault(
        "pack.W005",
        Text(
            "决策“{name}”：“{label}”（{key}）可以不答，不答时{then}。",
            "The decision “{name}”: “{label}” ({key}) may stay unanswered, and then {then}.",
            name=decision.name,
            label=question.label,
            key=question.key,
            then=then,
        ),
        Place(RULES, box.line),
        Text(
            "如果不是这个意思，请加一行条件为 null 的规则，或把问题设为必答。",
            "If that is not meant, add a row for null, or make the question required.",
        ),
        "note" if rows or default else "warning",
    )


def _constants(table: TableBox, rule: Rule) -> dict[str, str]:
    """The outputs of a row that are written as plain strings, by column."""
    return {
        column.name: output.source.strip().strip('"')
        for column, output in zip(table.outputs, rule.outputs, strict=True)
        if output.source.strip().startswith('"')
    }


def _no_basis(decision: Decision, rule: Rule, place: Place) -> Finding:
    return fault(
        "pack.E011",
        Text(
            "决策“{name}”的规则行“{id}”没有写法律依据。",
            "The row “{id}” of the decision “{name}” has no legal basis.",
            name=decision.name,
            id=rule.id,
        ),
        place,
        Text("请在注释列 basis 里写明法律和条款。", "Write law and article in the column `basis`."),
    )


def _no_words(rule: Rule, annotation: str, place: Place) -> Finding:
    return fault(
        "pack.E030",
        Text(
            "规则行“{id}”没有给申请人看的话（{annotation}）。",
            "The row “{id}” has no words for the applicant ({annotation}).",
            id=rule.id,
            annotation=annotation,
        ),
        place,
        Text("请在注释列 text 和 text_en 里写明。", "Write them in the columns text and text_en."),
    )


def _other_id(rule: Rule, written: str, place: Place) -> Finding:
    return fault(
        "pack.E012",
        Text(
            "规则行编号是“{id}”，结论编号却是“{written}”。",
            "The row is “{id}”, but its finding says “{written}”.",
            id=rule.id,
            written=written,
        ),
        place,
        Text('请把输出 id 写成 "{id}"。', 'Write the output id as "{id}".', id=rule.id),
    )
