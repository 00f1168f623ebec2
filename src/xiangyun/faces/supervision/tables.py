"""What overseers see, as files: the columns of each list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.supervision import queries
from xiangyun.faces.look.downloads import Cell, Table
from xiangyun.faces.look.lists import CASE, NUMBER, SERVICE
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Text

STANDING: Table[cases.Standing] = Table(
    "open-cases",
    Text("在办的办件", "Open cases"),
    (
        (CASE, lambda row: row.case.subject),
        (NUMBER, lambda row: row.case.number),
        (SERVICE, lambda row: row.service),
        (Text("由谁办理", "Who has it"), lambda row: "; ".join(map(_task, row.waiting))),
        (Text("收件", "Sent"), lambda row: row.case.submitted_at),
        (Text("期限", "Due"), lambda row: row.case.due_on),
        (Text("还剩工作日", "Working days left"), lambda row: row.days_left),
    ),
)
ENDED: Table[cases.Ended] = Table(
    "ended-cases",
    Text("本月办结的办件", "Cases that ended this month"),
    (
        (CASE, lambda row: row.case.subject),
        (NUMBER, lambda row: row.case.number),
        (SERVICE, lambda row: row.service),
        (Text("结果", "Outcome"), lambda row: row.outcome),
        (Text("收件", "Sent"), lambda row: row.case.submitted_at),
        (Text("办结", "Ended"), lambda row: row.case.ended_at),
    ),
)
_ORDER, _URGING = Text("督办", "Order"), Text("催办", "Urging")
ORDERS: Table[queries.Order] = Table(
    "orders",
    Text("催办和督办", "Urging and orders"),
    (
        (CASE, lambda row: row.case.subject),
        (NUMBER, lambda row: row.case.number),
        (Text("种类", "Kind"), lambda row: _ORDER if row.due_on else _URGING),
        (Text("谁提出", "By"), lambda row: row.by_name),
        (Text("提出时间", "When"), lambda row: row.at),
        (Text("内容", "What was said"), lambda row: row.why),
        (Text("答复期限", "Answer due"), lambda row: row.due_on),
        (Text("答复", "Answer"), lambda row: row.answer),
        (Text("谁答复", "Answered by"), lambda row: row.answered_by_name),
        (Text("答复时间", "Answered"), lambda row: row.answered_at),
    ),
)


def place(
    heads: Sequence[Text], values: Callable[[cases.Tally], Sequence[int]]
) -> Table[queries.Part]:
    """The numbers of a place's parts, then those of its departments."""

    def number(at: int) -> Callable[[queries.Part], Cell]:
        return lambda part: values(part.tally)[at]

    return Table(
        "supervision",
        Text("监督", "Supervision"),
        (
            (Text("地区或部门", "Place or department"), lambda part: part.name),
            *((head, number(at)) for at, head in enumerate(heads)),
        ),
        personal=False,
    )


def _task(task: cases.Waiting) -> str:
    return f"{words(task.title)}: {task.holder or ', '.join(map(words, task.roles))}"
