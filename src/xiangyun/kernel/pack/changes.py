"""What is different between two versions of a pack, in the words of an office.

A reader of a version asks what changed for the citizen and for the office: the days, the fee, a
material, a question, a row of the rules, a step, who does it. Files that have no words of their
own are told value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from xiangyun.kernel.bpmn.outline import Step, outline
from xiangyun.kernel.dmn.grid import Grid, Row, grids
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.formspec import Form, Question, checked_form
from xiangyun.kernel.packfile.difference import difference

_Value = TypeVar("_Value")
NOTHING = Text("（无）", "(none)")


@dataclass(frozen=True, slots=True)
class Told:
    """One change: which part, what of it, and what it said before and says now (None: nothing)."""

    part: Text
    what: Text
    before: Text | None
    after: Text | None


_PARTS = {
    "service.yaml": Text("事项", "The item"),
    "form.json": Text("表单", "The form"),
    "rules.dmn": Text("规则", "The rules"),
    "process.bpmn": Text("流程", "The process"),
    "parameters.yaml": Text("法定数字", "Figures of the law"),
    "certificate.yaml": Text("证照", "The certificate"),
    "texts/zh-Hans.yaml": Text("文书（中文）", "Letters (Chinese)"),
    "texts/en.yaml": Text("文书（英文）", "Letters (English)"),
    "roles.yaml": Text("角色", "Roles"),
}
_KEYS = {
    "name": Text("名称", "name"),
    "everyday_name": Text("俗称", "everyday name"),
    "also_called": Text("别称", "other names"),
    "summary": Text("一句话说明", "summary"),
    "state": Text("状态", "state"),
    "version": Text("版本", "version"),
    "authority": Text("实施主体", "authority"),
    "department": Text("归口部门", "department"),
    "joint_departments": Text("联办部门", "joint departments"),
    "applicants": Text("服务对象", "applicants"),
    "filing_desks": Text("申请渠道", "where to apply"),
    "accept_conditions": Text("受理条件", "conditions"),
    "time_limit.statutory": Text("法定时限", "statutory time"),
    "time_limit.promised": Text("承诺时限", "promised time"),
    "time_limit": Text("时限", "time limits"),
    "fee": Text("收费", "fee"),
    "visits": Text("跑动次数", "visits"),
    "visit_reason": Text("跑动理由", "reason of visits"),
    "materials": Text("材料", "material"),
    "result": Text("办理结果", "result"),
    "outcomes": Text("办结方式", "outcomes"),
    "stages": Text("环节时限", "stages"),
    "roles": Text("岗位", "roles"),
    "legal_basis": Text("设定依据", "legal basis"),
    "remedies": Text("救济途径", "remedies"),
    "enquiries": Text("咨询", "enquiries"),
    "complaints": Text("投诉", "complaints"),
    "places": Text("办理地点", "places"),
    "hours": Text("办理时间", "hours"),
    "quota": Text("数量限制", "quota"),
    "process": Text("办理方式", "way of handling"),
    "topics": Text("主题", "topics"),
}


def told(before: Mapping[str, str], after: Mapping[str, str]) -> list[Told]:
    """Every change from one version's files to another's, part by part; nothing for equal files."""
    found: list[Told] = []
    for path in sorted({*before, *after}, key=_rank):
        old, new = before.get(path, ""), after.get(path, "")
        if old != new:
            found += _of_file(path, old, new)
    return found


def part_of(path: str) -> Text:
    """What a file is called in an office; its path where it has no such name."""
    if path.startswith("examples/"):
        return Text("情形 {name}", "Situation {name}", name=path[9:].rpartition(".")[0])
    return _PARTS.get(path, Text.given(path, path))


def _rank(path: str) -> tuple[int, str]:
    order = list(_PARTS)
    return (order.index(path) if path in order else len(order), path)


def _of_file(path: str, old: str, new: str) -> Iterator[Told]:
    part = part_of(path)
    if not old or not new:
        yield Told(part, Text("文件", "file"), None if not old else Text("有", "present"),
                   None if not new else Text("有", "present"))  # fmt: skip
        return
    by_name: Callable[[Text, str, str], list[Told]] | None = {
        ".bpmn": _of_process, ".dmn": _of_rules, ".json": _of_form,
    }.get("." + path.rpartition(".")[2])  # fmt: skip
    try:
        found = by_name(part, old, new) if by_name else []
    except Refused:  # a file that cannot be read is one value
        found = []
    if not by_name:
        found = [
            Told(part, _key(each.place), _given(each.before), _given(each.after))
            for each in difference(old, new)
        ]
    yield from found or [Told(part, Text("排版或注释", "layout or comments"), NOTHING, NOTHING)]


def _key(place: str) -> Text:
    """A place of a YAML file in words, as far as there are any, and then as it is written."""
    for known in sorted(_KEYS, key=len, reverse=True):
        if place == known or place.startswith(f"{known}."):
            rest = place[len(known) + 1 :].replace(".", " · ")
            return Text("{name} {rest}", "{name} {rest}", name=_KEYS[known], rest=rest)
    return Text.given(place, place)


def _given(value: str | None) -> Text | None:
    return None if value is None else Text.given(value, value)


def _between(
    old: Mapping[str, _Value],
    new: Mapping[str, _Value],
    part: Text,
    name: Callable[[_Value], Text],
    values: Callable[[_Value], Mapping[Text, str]],
) -> list[Told]:
    """What came, what went, and what of the same thing is another."""
    out = []
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before is None and after is not None:
            out.append(Told(part, name(after), None, Text("新增", "added")))
        elif after is None and before is not None:
            out.append(Told(part, name(before), Text("有", "present"), None))
        elif before is not None and after is not None:
            was, now = dict(values(before)), dict(values(after))
            out += [
                Told(
                    part,
                    Text("{thing}：{label}", "{thing}: {label}", thing=name(after), label=label),
                    _given(was.get(label)),
                    _given(now.get(label)),
                )
                for label in dict.fromkeys((*was, *now))
                if was.get(label) != now.get(label)
            ]
    return out


def _of_process(part: Text, old: str, new: str) -> list[Told]:
    was, now = ({step.id: step for step in outline(text)} for text in (old, new))
    return _between(was, now, part, _step_name, _step_values)


def _step_name(step: Step) -> Text:
    label = step.name or step.id
    return Text("环节“{name}”", "step “{name}”", name=Text.given(label, label))


def _step_values(step: Step) -> Mapping[Text, str]:
    values = {Text("名称", "name"): step.name, Text("种类", "kind"): step.kind}
    for label, value in (
        (Text("由谁办", "who"), step.who),
        (Text("可作的决定", "actions"), step.actions),
        (Text("等多久", "waits"), step.waits),
        (Text("消息、通告或错误", "message, signal or error"), step.about),
        (Text("消息按什么找到办件", "by what its message finds the case"), step.key),
        (Text("泳道", "lane"), step.lane),
    ):
        if value is not None:
            values[label] = value
    if step.loop is not None and step.loop.is_there:
        told = (step.loop.each, step.loop.item, step.loop.order, step.loop.until)
        values[Text("重复", "repeated")] = " · ".join(filter(None, told))
    for way in step.ways:
        to = way.target_name or way.target
        label = Text("到“{to}”", "on to “{to}”", to=Text.given(to, to))
        values[label] = " ".join(filter(None, (way.name, way.condition))) or "→"
    return values


def _of_rules(part: Text, old: str, new: str) -> list[Told]:
    was, now = ({grid.decision: grid for grid in grids(text)} for text in (old, new))
    out = _between(was, now, part, _table_name, lambda _: {})
    for decision in was.keys() & now.keys():
        one, other = was[decision], now[decision]
        out += _between(
            {row.id: row for row in one.rows},
            {row.id: row for row in other.rows},
            Text("规则“{table}”", "Rule “{table}”", table=Text.given(other.name, other.name)),
            lambda row: Text("行 {id}", "row {id}", id=row.id),
            _row_values(other),
        )
    return out


def _table_name(grid: Grid) -> Text:
    return Text("表“{name}”", "table “{name}”", name=Text.given(grid.name, grid.name))


def _row_values(grid: Grid) -> Callable[[Row], Mapping[Text, str]]:
    labels = [column.label for column in grid.columns]

    def values(row: Row) -> Mapping[Text, str]:
        named = [*labels, *(str(n) for n in range(len(labels), len(row.cells)))]
        return {
            Text.given(label, label): cell for label, cell in zip(named, row.cells, strict=False)
        }

    return values


def _of_form(part: Text, old: str, new: str) -> list[Told]:
    was, now = (_questions(text) for text in (old, new))
    return _between(was, now, part, _question_name, _question_values)


def _questions(text: str) -> dict[str, Question]:
    form: Form | None = checked_form(text, "form.json")[0]
    return {question.key: question for question in form.questions} if form else {}


def _question_name(question: Question) -> Text:
    return Text("问题“{label}”", "question “{label}”", label=question.label)


def _question_values(question: Question) -> Mapping[Text, str]:
    return {
        Text("问法", "label"): question.label.zh,
        Text("种类", "kind"): question.kind,
        Text("选项", "choices"): "、".join(option.label.zh for option in question.options),
        Text("规则", "rules"): str(question.rules),
        Text("何时不问", "when not asked"): " ".join(each.source for each in question.hidden_if),
    }
