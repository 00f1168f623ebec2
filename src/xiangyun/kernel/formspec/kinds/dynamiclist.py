"""A list asked row by row: shareholders, members of a family, vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.faults import fault, too_few, too_many, wrong_type
from xiangyun.kernel.formspec.model import MAX_ROWS, MAX_TABLE_ROWS, Question
from xiangyun.kernel.formspec.properties import (
    REQUIRED,
    Property,
    WrongValue,
    flag,
    longest,
    one_of,
    rows,
    shortest,
    text,
)
from xiangyun.kernel.formspec.questionkind import QuestionKind

_ROWS = Text("行", "rows")
GIVEN = "given"
"""The property that names the cell by which a task gives the rows."""


def _typed(question: Question, sent: Sequence[str]) -> Value | Finding:
    return None  # the cells of its rows are read one by one


def _given(question: Question, value: object) -> Value | Finding:
    if not isinstance(value, list):
        return wrong_type(question, '[{"name": "…"}]')
    most = most_rows(question)
    return too_many(question, most, len(value), _ROWS, "form.E118") if len(value) > most else value


def most_rows(question: Question) -> int:
    """How many rows are read at all."""
    bound = MAX_TABLE_ROWS if question.is_table else MAX_ROWS
    most = question.rules.max_length
    return bound if most is None else min(bound, most)


def _judge(question: Question, found: Value, on: date | None) -> Finding | None:
    rules, there = question.rules, len(found)
    if rules.given is not None:
        return _other_rows(question, found, rules.given)
    if there > most_rows(question):
        return too_many(question, most_rows(question), there, _ROWS, "form.E118")
    if rules.rows_fixed and there != rules.rows_shown:
        return fault(
            "form.E127",
            question,
            Text(
                "应正好 {rows_shown} 行，这里有 {there} 行。",
                "has exactly {rows_shown} {rows_shown|row|rows}, not {there}.",
                rows_shown=rules.rows_shown,
                there=there,
            ),
        )
    if rules.min_length is not None and there < rules.min_length:
        return too_few(question, rules.min_length, there, _ROWS)
    return None


def _other_rows(question: Question, found: Value, given: Sequence[str]) -> Finding | None:
    """Whether the rows are those that the task gave, each once; their order is free."""
    cell = str(question.rules.more[GIVEN])
    named = [str(row.get(cell)) for row in found]
    if unknown := [each for each in named if each not in given]:
        words = Text(
            "没有这一行：{rows}。", "has no row {rows}.", rows=list(dict.fromkeys(unknown))
        )
        return fault("form.E150", question, words)
    if missing := [each for each in given if each not in named]:
        return fault("form.E151", question, Text("还缺：{rows}。", "lacks {rows}.", rows=missing))
    if len(named) > len(given):
        twice = [each for each in given if named.count(each) > 1]
        words = Text("写了两次：{rows}。", "has {rows} twice.", rows=twice)
        return fault("form.E152", question, words)
    return None


def _may_change(value: object) -> bool:
    return not flag(value)


def _repeats(value: object) -> bool:
    if flag(value):
        return True
    raise WrongValue(
        Text(" true：只有一行的请用 group", "true: for a single row use a group"), "true"
    )


KIND = QuestionKind(
    "dynamiclist",
    Text("多行表", "A list of rows"),
    Text(
        "同样的几个问题，一行一组答案；列表内不能再有列表和上传。",
        "The same questions for each row; without lists and files inside.",
    ),
    Text("列表，每行为 {key: 答案}", "a list with {key: answer} for each row"),
    '[{"name": "…"}]',
    _typed,
    _given,
    _judge,
    properties=(
        REQUIRED,
        shortest(Text("至少几行。", "The fewest rows.")),
        longest(
            Text(
                "至多几行，不写为 {max_rows}。",
                "The most rows; {max_rows} if absent.",
                max_rows=MAX_ROWS,
            )
        ),
        Property(
            "defaultRepetitions",
            Text("页面上一开始有几行。", "How many rows there are at first."),
            rows,
            rule="rows_shown",
        ),
        Property(
            "allowAddRemove",
            Text(
                "false：行数固定为 defaultRepetitions。",
                "false: there are as many rows as `defaultRepetitions` says, no more, no less.",
            ),
            _may_change,
            rule="rows_fixed",
        ),
        Property(
            "row",
            Text(
                "一行叫什么，例如“股东”；不写用 label。",
                "What one row is called, such as Shareholder in a list of Shareholders; "
                "the label if absent.",
            ),
            text,
            within="properties",
            translated="row",
        ),
        Property(
            "table",
            Text(
                "csv：用 CSV 文件填，至多 {most} 行；首行是各问题的 key 或文字，错的行逐行指出。",
                "csv: filled from a CSV file of at most {most} rows, whose first line names the "
                "questions by key or words; wrong lines are named.",
                most=MAX_TABLE_ROWS,
            ),
            one_of("csv"),
            within="properties",
        ),
        Property(
            GIVEN,
            Text(
                "任务已给出各行：写一个问题的 key；任务的输入按本列表的名称给出各行，每行都要回答，"
                "不能增减，也不能改这一项。",
                "The task gives the rows: the key of one of the questions. The task's input with "
                "the name of the list says which; each is answered, none is added or left out, and "
                "this cell is not typed.",
            ),
            text,
            within="properties",
        ),
        Property(
            "isRepeating",
            Text("只能是 true。", "Only true."),
            _repeats,
        ),
    ),
    looks=frozenset(
        {"key", "showOutline", "nonCollapsedItems", "disableCollapse", "verticalAlignment"}
    ),
    ask=Text("请至少填写一行", "Please fill in at least one row of"),
    several=True,
    key_member="path",
    in_rows=False,
)
