"""Whether a table in the place of another is never worse for the citizen, over all inputs.

Both tables are laid side by side as rows of one and their inputs cut into regions where no row of
either changes its mind (`dmn.domain`); what can match together is then searched completely
(`dmn.search`). What cannot be analysed counts as matching in the sheet and as not matching in the
item, so that a proof is never wrong; a row that only repeats a row of the item needs none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from xiangyun.kernel.conditions.cells import constant
from xiangyun.kernel.conditions.regions import bits
from xiangyun.kernel.dmn import Model
from xiangyun.kernel.dmn.domain import axes_of
from xiangyun.kernel.dmn.model import Decision, InputData, Rule, TableBox
from xiangyun.kernel.dmn.search import Searched, searched
from xiangyun.kernel.feel import FeelSyntaxError
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import UnaryTests, parse_expression, parse_unary_tests
from xiangyun.kernel.feel.types import ANY, Type
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.service.ruling import SEVERITIES
from xiangyun.kernel.sheet.model import Row, Table

_ANYTHING = parse_unary_tests("-")
_DECIDING = ("UNIQUE", "ANY", "FIRST")


def table_of(model: Model | None, name: str) -> TableBox | None:
    """The table of a decision; None where there is none of this name."""
    for element in model.elements.values() if model else ():
        if isinstance(element, Decision) and element.id == name:
            return element.box if isinstance(element.box, TableBox) else None
    return None


def tables_in(model: Model | None) -> list[str]:
    """The names of the decisions that are made by a table."""
    return [name for name in (model.elements if model else ()) if table_of(model, name)]


def wider(table: Table, model: Model | None) -> Iterator[Finding]:
    """What keeps a table of findings from accepting whatever the item accepts, and more.

    A row may only find what the row of the same id finds, no more gravely, and only where that one
    surely does.
    """
    box = table_of(model, table.decision)
    if box is None or _column(box, "severity") is None:
        yield unknown("sheet.E012", Text("决策表", "table of findings"), table.decision,
                      tables_in(model), table.place)  # fmt: skip
        return
    own = {rule.id: rule for rule in box.rules}
    gravity = {rule.id: _severity(box, rule) for rule in box.rules}
    rows = []
    for row in table.rows:
        if row.id not in own:
            yield unknown("sheet.E012", Text("规则行", "row"), row.id, own, row.place)
        elif SEVERITIES.index(row.severity) < SEVERITIES.index(gravity[row.id]):
            yield _graver(row, gravity[row.id])
        else:
            rows.append(row)
    tests, faults = _tests(rows, box)
    yield from faults
    left = [row for row in rows if row in tests and not _within(tests[row], own[row.id])]
    if faults or not left:
        return
    found = _beside(box, [Rule(each.id, tests[each], (), {}) for each in left], model)
    if not found.complete:
        yield _unproved(table)
        return
    first = len(box.rules)
    place_of = {rule.id: number for number, rule in enumerate(box.rules)}
    told = set()
    for may, must in found.states:
        for number in bits(may >> first):
            row = left[number]
            if not must >> place_of[row.id] & 1 and number not in told:
                told.add(number)
                yield _narrower(row)


def cheaper(table: Table, model: Model | None) -> Iterator[Finding]:
    """What keeps a table of fees from costing at most what the item's costs, whatever is given."""
    box = table_of(model, table.decision)
    if box is None or len(box.outputs) != 1 or box.policy not in _DECIDING:
        yield unknown("sheet.E012", Text("收费决策表", "table of fees"), table.decision,
                      tables_in(model), table.place)  # fmt: skip
        return
    tests, faults = _tests(table.rows, box)
    yield from faults
    amounts = [constant(rule.outputs[0].syntax)[1] for rule in box.rules]
    if faults or not all(isinstance(each, Decimal) for each in amounts):
        if not faults:
            yield _unproved(table)
        return
    found = _beside(box, [Rule(each.id, tests[each], (), {}) for each in table.rows], model)
    if not found.complete:
        yield _unproved(table)
        return
    first = len(box.rules)
    own = (1 << first) - 1
    dearer, gap = set(), False
    for may, must in found.states:
        here = _deciding(box, may >> first, must >> first)
        there = [amounts[number] for number in bits(_deciding(box, may & own, must & own))]
        if there and not must >> first:
            gap = True
        least = min((each for each in there if isinstance(each, Decimal)), default=Decimal(0))
        dearer |= {number for number in bits(here) if there and _amount(table, number) > least}
    for number in sorted(dearer):
        yield _dearer(table.rows[number])
    if gap:
        yield fault(
            "sheet.E010",
            Text(
                "收费表有空缺：有的情形没有一行命中。", "The fees have a gap: some case has none."
            ),
            table.place,
            Text("请补一行，条件都写“-”。", "Add a row for the rest, with “-” everywhere."),
        )


def replaced(model: Model, table: Table) -> Model:
    """The rules with the rows of a table in the place of the item's. Call it when it is proved."""
    decision = model.elements[table.decision]
    box = table_of(model, table.decision)
    if not isinstance(decision, Decision) or box is None:
        raise KeyError(table.decision)
    own = {rule.id: rule for rule in box.rules}
    tests, _ = _tests(table.rows, box)
    at = _column(box, "severity")
    rows = []
    for number, row in enumerate(table.rows, 1):
        rule = own.get(row.id) or replace(box.rules[0], id=row.id or f"local.{number}")
        outputs = list(rule.outputs)
        if row.amount is not None:
            outputs = [parse_expression(f"{row.amount:f}")]
        elif at is not None and row.severity != _severity(box, rule):
            outputs[at] = parse_expression(f'"{row.severity}"')
        rows.append(replace(rule, tests=tests[row], outputs=tuple(outputs)))
    elements = dict(model.elements)
    elements[table.decision] = replace(decision, box=replace(box, rules=tuple(rows)))
    return replace(model, elements=elements)


def _tests(
    rows: Sequence[Row], box: TableBox
) -> tuple[dict[Row, tuple[UnaryTests, ...]], list[Finding]]:
    """The tests of each row in the order of the table's inputs."""
    inputs = [column.expression.source.strip() for column in box.inputs]
    found, faults = {}, []
    for row in rows:
        written = dict(row.when)
        for key in written:
            if key not in inputs:
                faults.append(unknown("sheet.E012", Text("输入", "input"), key, inputs, row.place))
        try:
            found[row] = tuple(
                parse_unary_tests(written[name]) if name in written else _ANYTHING
                for name in inputs
            )
        except FeelSyntaxError as error:
            faults += [replace(each, place=row.place) for each in error.findings]
    return found, faults


def _beside(box: TableBox, rows: Sequence[Rule], model: Model | None) -> Searched:
    """Which rows of both tables can match together: those of the item first."""
    both = replace(box, policy="COLLECT", rules=(*box.rules, *rows))
    types: Mapping[str, Type] = {
        each.name: each.type
        for each in (model.elements.values() if model else ())
        if isinstance(each, (Decision, InputData))
    }
    axes = axes_of(both, lambda name: types.get(name, ANY), nulls=lambda node: True)
    return searched(axes, len(both.rules))


def _within(tests: Sequence[UnaryTests], rule: Rule) -> bool:
    """Whether each test is one of the row itself, or the row tests nothing there."""
    return all(
        isinstance(own.syntax, ast.Anything) or here.syntax == own.syntax
        for here, own in zip(tests, rule.tests, strict=True)
    )


def _deciding(box: TableBox, may: int, must: int) -> int:
    """Of rows that may match, those that can decide."""
    return may & (((must & -must) << 1) - 1) if box.policy == "FIRST" and must else may


def _amount(table: Table, number: int) -> Decimal:
    return table.rows[number].amount or Decimal(0)


def _column(box: TableBox, name: str) -> int | None:
    return next((at for at, each in enumerate(box.outputs) if each.name == name), None)


def _severity(box: TableBox, rule: Rule) -> str:
    at = _column(box, "severity")
    written = constant(rule.outputs[at].syntax)[1] if at is not None else None
    return written if isinstance(written, str) and written in SEVERITIES else "refuse"


def _graver(row: Row, own: str) -> Finding:
    return fault(
        "sheet.E011",
        Text("规则行“{id}”的后果“{severity}”比事项的“{own}”重。",
             "The row “{id}” leads to “{severity}”, graver than “{own}” of the item.",
             id=row.id, severity=row.severity, own=own),
        row.place,
        Text("只能减轻，不能加重。", "It may be made milder, not graver."),
    )  # fmt: skip


def _narrower(row: Row) -> Finding:
    return fault(
        "sheet.E011",
        Text("规则行“{id}”会挡住事项本来受理的情形。",
             "The row “{id}” would stop a case that the item accepts.", id=row.id),
        row.place,
        Text("它的条件必须都在事项同一行的条件之内。",
             "Whatever it matches, the row of the item must match as well."),
    )  # fmt: skip


def _dearer(row: Row) -> Finding:
    return fault(
        "sheet.E009",
        Text("这一行收 {amount} 元，在有的情形下比事项收得多。",
             "This row costs {amount} yuan, in some case more than the item.",
             amount=f"{row.amount:f}" if row.amount is not None else "0"),
        row.place,
        Text("请降低金额，或者收窄条件。", "Lower the amount, or narrow the row."),
    )  # fmt: skip


def _unproved(table: Table) -> Finding:
    return fault(
        "sheet.E012",
        Text("“{decision}”的表不能证明对群众更有利。",
             "The table for “{decision}” cannot be shown to be better for the citizen.",
             decision=table.decision),
        table.place,
        Text("请用写明的数值和选项作条件。", "Test against values that are written out."),
    )  # fmt: skip
