"""What an outline puts into a process: a part in the middle of a way, a deadline at a step's edge.

As in `outline`, the file is changed at those places alone; what lies behind the new part in the
drawing moves to make room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xiangyun.kernel.bpmn import outlinelanes as lanes
from xiangyun.kernel.bpmn.markup import BPMNDI, DC, DI, ZEEBE
from xiangyun.kernel.bpmn.outline import by_id, no_step, quoted, shapes, taken
from xiangyun.kernel.bpmn.outlineevents import KINDS as EVENTS
from xiangyun.kernel.bpmn.outlineevents import found_or_made
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.xmlsource import Change, Source, Tag


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part: what it is called, what is said of it, and its size in the drawing."""

    name: Text
    said: Text
    width: int = 100
    height: int = 80


_ROLE = Text("由谁办（角色），如 reviewer", "who does it, a role such as reviewer")
_TIME = Text("多久，如 P5D 或“=5 working days”", "how long, such as P5D or =5 working days")
_CONDITION = Text("走另一条路的条件，如 =application.age < 18",
                  "when the other way is taken, such as =application.age < 18")  # fmt: skip
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "user": Kind(Text("由人办的任务", "A task for people"), _ROLE),
        "service": Kind(
            Text("由平台做的任务", "A task for the platform"),
            Text("类型，如 letter.send", "its type, such as letter.send"),
        ),
        "decision": Kind(
            Text("按决策表判断", "A decision by a table"),
            Text("决策的编号，如 precheck", "the id of the decision, such as precheck"),
        ),
        "call": Kind(
            Text("调用另一个流程", "A call of another process"),
            Text("被调流程的编号", "the id of the process that is called"),
        ),
        "subprocess": Kind(Text("子流程", "A sub-process"), Text("不填", "nothing"), 310, 120),
        "gateway": Kind(Text("分岔", "A fork by a condition"), _CONDITION, 50, 50),
        "timer": Kind(Text("等一段时间", "A wait for some time"), _TIME, 36, 36),
        "deadline": Kind(
            Text("期限，到时中止这一步", "A deadline that ends the step where the way begins"),
            _TIME,
            36,
            36,
        ),
        "reminder": Kind(
            Text("提醒，不中止这一步", "A reminder while the step where the way begins goes on"),
            _TIME,
            36,
            36,
        ),
        "message": Kind(
            Text("等一个消息", "A wait for a message"),
            Text("消息的名称，如 bank_answered", "its name, such as bank_answered"),
            36,
            36,
        ),
        "error": Kind(
            Text("出错时改走另一条路", "Another way where the step fails"),
            Text("错误代码，如 no_answer", "the code of the error, such as no_answer"),
            36,
            36,
        ),
    }
)
"""Every kind of part. Those of two ways lead to a step of the same process, or to a new end."""

AT_THE_EDGE = frozenset(("deadline", "reminder", "error"))
TWO_WAYS = AT_THE_EDGE | {"gateway"}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ID = re.compile(r"[A-Za-z_][\w.-]{0,60}", re.ASCII)
_ALLOWED = ("userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess", "task",
            "receiveTask", "sendTask", "scriptTask", "manualTask", "transaction")  # fmt: skip
_GAP = 60


@dataclass(frozen=True, slots=True)
class Part:
    """What is put in: its kind, its id and name, what `Kind.said` asks, where its second way leads.

    `to` is the id of a step, empty for an end that is made.
    """

    kind: str
    id: str
    name: str
    detail: str = ""
    to: str = ""


def with_part(text: str, flow: str, part: Part, file: str = "process.bpmn") -> str:
    """The file with a part in the middle of a flow, or at the edge of the step it begins at.

    Raises Refused `pack.E581` for a flow, a step or a kind that is not there, `pack.E582` for an id
    that is taken or is none, `pack.E587` where what is asked of the part is not said, or nothing
    can stand at the edge of that step.
    """
    source = Source(text, file)
    tags = by_id(source)
    tag = tags.get(flow)
    if tag is None or tag.name != "sequenceFlow" or part.kind not in KINDS:
        raise Refused([no_step(file, flow)])
    made = _Made(source, tags, tag, part)
    made.check()
    return source.changed(made.changes())


class _Made:
    """The markup of a part and of its shapes, in the spelling of the file."""

    def __init__(self, source: Source, tags: Mapping[str, Tag], flow: Tag, part: Part) -> None:
        self.source, self.tags, self.flow, self.part = source, tags, flow, part
        self.p = f"{flow.prefix}:" if flow.prefix else ""
        known = source.prefixes.get(ZEEBE)
        self.z, self.declared = known or "zeebe", "" if known else f' xmlns:zeebe="{ZEEBE}"'
        indent = source.data[: flow.start].rpartition(b"\n")[2].decode()
        self.gap = f"\n{indent}" if not indent.strip() else ""
        self.after = f"{part.id}_to_{flow.get('targetRef')}"
        self.end = "" if part.to else f"{part.id}_end"
        self.second = f"{part.id}_otherwise" if part.kind == "gateway" else f"{part.id}_over"
        self.event, self.named = "", list[Change]()
        if part.kind in EVENTS:
            self.event, self.named = found_or_made(source, part.kind, part.id, part.detail)

    def check(self) -> None:
        """Raises Refused as `with_part` says."""
        part, ids = self.part, {self.part.id}
        if part.kind not in AT_THE_EDGE:
            ids.add(self.after)
        if part.kind in TWO_WAYS:
            ids |= {self.second, self.end} - {""}
        if part.kind == "subprocess":
            ids |= {f"{part.id}_start", f"{part.id}_end", f"{part.id}_inside"}
        if not _ID.fullmatch(part.id) or ids & self.tags.keys():
            raise Refused([taken(self.source.file, part.id)])
        if not part.detail.strip() and part.kind != "subprocess":
            raise Refused([_said_nothing(self.source.file, part)])
        target = self.tags.get(part.to)
        if part.kind in TWO_WAYS and part.to:
            if target is None or target.parent is not self.flow.parent:
                raise Refused([no_step(self.source.file, part.to)])
            if target.name in ("startEvent", "boundaryEvent"):
                raise Refused([no_step(self.source.file, part.to)])
        step = self.tags.get(self.flow.get("sourceRef"))
        if part.kind in AT_THE_EDGE and (step is None or step.name not in _ALLOWED):
            raise Refused([_no_edge(self.source.file, self.flow.get("sourceRef"))])

    def changes(self) -> Iterator[Change]:
        """All changes of the file."""
        part = self.part
        yield from self.named
        new = [part.id, *([self.end] if self.end and part.kind in TWO_WAYS else [])]
        yield from lanes.joined(self.source, self.flow.get("sourceRef"), new)
        if part.kind in AT_THE_EDGE:
            yield self.source.inserted(self.flow.start, self._at_the_edge())
            yield from self._led_to()
            yield from self._edge_drawn()
            return
        yield self.source.attribute(self.flow, "targetRef", part.id)
        target = self.tags.get(self.flow.get("targetRef"))
        for incoming in target.all("incoming") if target else ():
            if self.source.text_of(incoming).strip() == self.flow.get("id"):
                yield self.source.content(incoming, self.after)
        yield self.source.inserted(self.flow.start, self._in_the_way())
        if part.kind == "gateway":
            yield from self._led_to()
        yield from self._way_drawn()

    # Markup

    def _in_the_way(self) -> str:
        p, part = self.p, self.part
        name, detail = f' id="{part.id}" name="{quoted(part.name)}"', quoted(part.detail)
        ways = (
            f"<{p}incoming>{self.flow.get('id')}</{p}incoming>"
            f"<{p}outgoing>{self.after}</{p}outgoing>"
        )
        onward = self._flow(self.after, part.id, self.flow.get("targetRef"))
        if part.kind == "gateway":
            ways += f"<{p}outgoing>{self.second}</{p}outgoing>"
            gate = f'<{p}exclusiveGateway{name} default="{self.after}">{ways}</{p}exclusiveGateway>'
            return gate + self.gap + onward + self._second_way(self._condition())
        if part.kind in ("timer", "message"):
            tag = "intermediateCatchEvent"
            return f"<{p}{tag}{name}>{ways}{self._trigger()}</{p}{tag}>{self.gap}{onward}"
        if part.kind == "subprocess":
            one, other, inside = (f"{part.id}_{each}" for each in ("start", "end", "inside"))
            held = (
                f'<{p}startEvent id="{one}"><{p}outgoing>{inside}</{p}outgoing></{p}startEvent>'
                f'<{p}endEvent id="{other}"><{p}incoming>{inside}</{p}incoming></{p}endEvent>'
                f'<{p}sequenceFlow id="{inside}" sourceRef="{one}" targetRef="{other}" />'
            )
            return f"<{p}subProcess{name}>{ways}{held}</{p}subProcess>{self.gap}{onward}"
        z = f"{self.z}:"
        tag, held = {
            "user": (
                "userTask",
                f'<{z}userTask /><{z}assignmentDefinition candidateGroups="{detail}" />'
                f'<{z}taskHeaders><{z}header key="actions" value="done" /></{z}taskHeaders>',
            ),
            "service": ("serviceTask", f'<{z}taskDefinition type="{detail}" />'),
            "decision": (
                "businessRuleTask",
                f'<{z}calledDecision decisionId="{detail}" resultVariable="{detail}" />',
            ),
            "call": ("callActivity", f'<{z}calledElement processId="{detail}" />'),
        }[part.kind]
        extension = f"<{p}extensionElements{self.declared}>{held}</{p}extensionElements>"
        return f"<{p}{tag}{name}>{extension}{ways}</{p}{tag}>{self.gap}{onward}"

    def _at_the_edge(self) -> str:
        p, part = self.p, self.part
        goes_on = ' cancelActivity="false"' if part.kind == "reminder" else ""
        return (
            f'<{p}boundaryEvent id="{part.id}" name="{quoted(part.name)}"{goes_on}'
            f' attachedToRef="{self.flow.get("sourceRef")}">'
            f"<{p}outgoing>{self.second}</{p}outgoing>{self._trigger()}</{p}boundaryEvent>{self.gap}"
            f"{self._second_way()}"
        )

    def _second_way(self, condition: str = "") -> str:
        p, to = self.p, self.part.to or self.end
        made = self._flow(self.second, self.part.id, to, condition)
        if self.end:
            made += f'<{p}endEvent id="{self.end}"><{p}incoming>{self.second}</{p}incoming>'
            made += f"</{p}endEvent>{self.gap}"
        return made

    def _flow(self, id: str, one: str, other: str, held: str = "") -> str:
        tag = f'{self.p}sequenceFlow id="{id}" sourceRef="{one}" targetRef="{other}"'
        closed = f"<{tag}>{held}</{self.p}sequenceFlow>" if held else f"<{tag} />"
        return closed + self.gap

    def _condition(self) -> str:
        return self._formal("conditionExpression", self.part.detail)

    def _trigger(self) -> str:
        if named := EVENTS.get(self.part.kind):
            return f'<{self.p}{named.definition} {named.reference}="{self.event}" />'
        held = self._formal("timeDuration", self.part.detail)
        return f"<{self.p}timerEventDefinition>{held}</{self.p}timerEventDefinition>"

    def _formal(self, tag: str, words: str) -> str:
        kind = f'xsi:type="{self.p}tFormalExpression"'
        return f'<{self.p}{tag} xmlns:xsi="{_XSI}" {kind}>{quoted(words)}</{self.p}{tag}>'

    def _led_to(self) -> Iterator[Change]:
        """The step that the second way leads to says so, where the file says it of the others."""
        target = self.tags.get(self.part.to)
        told = target.all("incoming") if target else []
        if told:
            tag = f"<{self.p}incoming>{self.second}</{self.p}incoming>"
            yield self.source.inserted(told[-1].end, tag)

    # Drawing

    def _way_drawn(self) -> Iterator[Change]:
        """The part in the middle of its flow's line, and the line in two halves."""
        drawn = {each.get("bpmnElement"): each for each in shapes(self.source)}
        edge = drawn.get(self.flow.get("id"))
        points = edge.all("waypoint") if edge else []
        if edge is None or len(points) < 2:
            return
        kind, half = KINDS[self.part.kind], len(points) // 2
        (x1, y1), (x2, y2) = (_at(each) for each in (points[half - 1], points[half]))
        across = abs(x2 - x1) >= abs(y2 - y1)
        forward = (x2 > x1) if across else (y2 > y1)
        size = kind.width if across else kind.height
        far = (x2 - x1) if across else (y2 - y1)
        room = max(0.0, size + 2 * _GAP - far) if forward else 0.0
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        if room:
            x, y = (x1 + _GAP + size / 2, y1) if across else (x1, y1 + _GAP + size / 2)
        line = (x2 if across else y2) - 0.5
        shift = _Shift("x" if across else "y", line, room)
        rest = [shift.point(*_at(each)) for each in points[half:]]
        yield Change(points[half].start, points[-1].end, self._points(edge, [(x, y)]).encode())
        made = self._shape(edge, self.part.id, x - kind.width / 2, y - kind.height / 2, kind)
        made += self._edge(edge, self.after, [(x, y), *rest])
        made += self._inside(edge, x, y, kind)
        if self.part.kind == "gateway":
            below = y + kind.height / 2
            made += self._second_drawn(edge, drawn, (x, below), shift)
        yield self.source.inserted(edge.start, made)
        if room:
            yield from _moved(self.source, shift, {points[-1].end: points[half].start})

    def _edge_drawn(self) -> Iterator[Change]:
        """The event at the lower edge of its step, beside those that stand there already."""
        drawn = {each.get("bpmnElement"): each for each in shapes(self.source)}
        step = drawn.get(self.flow.get("sourceRef"))
        bounds = step.first("Bounds") if step else None
        if step is None or bounds is None:
            return
        beside = sum(
            each.get("attachedToRef") == self.flow.get("sourceRef") for each in self.tags.values()
        )
        x = _number(bounds, "x") + 18 + 40 * beside
        y = _number(bounds, "y") + _number(bounds, "height")
        kind = KINDS[self.part.kind]
        made = self._shape(step, self.part.id, x - 18, y - 18, kind)
        made += self._second_drawn(step, drawn, (x, y + 18), _Shift("x", 0, 0))
        yield self.source.inserted(step.start, made)

    def _second_drawn(
        self, beside: Tag, drawn: Mapping[str, Tag], at: tuple[float, float], shift: _Shift
    ) -> str:
        """The second way: down, and to the step it leads to, or to the end that is made."""
        x, y = at
        if self.end:
            points = [(x, y), (x, y + _GAP)]
            end = self._shape(beside, self.end, x - 18, y + _GAP, KINDS["timer"])
            return end + self._edge(beside, self.second, points)
        target = drawn.get(self.part.to)
        bounds = target.first("Bounds") if target else None
        if bounds is None:
            return ""
        middle = _number(bounds, "x") + _number(bounds, "width") / 2
        bottom = _number(bounds, "y") + _number(bounds, "height")
        middle, bottom = shift.point(middle, bottom)
        low = max(y, bottom) + 40
        return self._edge(beside, self.second, [(x, y), (x, low), (middle, low), (middle, bottom)])

    def _inside(self, edge: Tag, x: float, y: float, kind: Kind) -> str:
        if self.part.kind != "subprocess":
            return ""
        small, id = KINDS["timer"], self.part.id
        left, right = x - kind.width / 2 + 40, x + kind.width / 2 - 76
        return (
            self._shape(edge, f"{id}_start", left, y - 18, small)
            + self._shape(edge, f"{id}_end", right, y - 18, small)
            + self._edge(edge, f"{id}_inside", [(left + 36, y), (right, y)])
        )

    def _shape(self, beside: Tag, id: str, x: float, y: float, kind: Kind) -> str:
        head = f"{beside.prefix}:" if beside.prefix else ""
        c = self.source.prefixes.get(DC, "dc")
        opened = ' isExpanded="true"' if kind is KINDS["subprocess"] else ""
        return (
            f'<{head}BPMNShape id="{id}_di" bpmnElement="{id}"{opened}><{c}:Bounds x="{x:g}" '
            f'y="{y:g}" width="{kind.width}" height="{kind.height}" /></{head}BPMNShape>'
        )

    def _edge(self, beside: Tag, id: str, points: list[tuple[float, float]]) -> str:
        head = f"{beside.prefix}:" if beside.prefix else ""
        tag = f'{head}BPMNEdge id="{id}_di" bpmnElement="{id}"'
        return f"<{tag}>{self._points(beside, points)}</{head}BPMNEdge>"

    def _points(self, beside: Tag, points: list[tuple[float, float]]) -> str:
        told = next((each for each in beside.all("waypoint")), None)
        d = told.prefix if told is not None else self.source.prefixes.get(DI, "di")
        return "".join(f'<{d}:waypoint x="{x:g}" y="{y:g}" />' for x, y in points)


@dataclass(frozen=True, slots=True)
class _Shift:
    """Whatever lies at `line` or behind it on an axis moves by so much."""

    axis: str
    line: float
    by: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the drawing where it lies now."""
        if self.axis == "x":
            return (x + self.by if x >= self.line else x, y)
        return (x, y + self.by if y >= self.line else y)


def _moved(source: Source, shift: _Shift, written: Mapping[int, int]) -> Iterator[Change]:
    """Shapes and points behind the line move, what reaches over it grows.

    `written`: spans of the file, end by begin, which are written anew already.
    """
    size = "width" if shift.axis == "x" else "height"
    spans = [(begin, end) for end, begin in written.items()]
    for tag in source.root.walk():
        if any(begin <= tag.start < end for begin, end in spans):
            continue
        if tag.space == DC and tag.name == "Bounds":
            at, long = _number(tag, shift.axis), _number(tag, size)
            if at >= shift.line:
                yield source.attribute(tag, shift.axis, f"{at + shift.by:g}")
            elif at + long > shift.line and _holds_others(tag):
                yield source.attribute(tag, size, f"{long + shift.by:g}")
        elif tag.space == DI and tag.name == "waypoint":
            at = _number(tag, shift.axis)
            if at >= shift.line:
                yield source.attribute(tag, shift.axis, f"{at + shift.by:g}")


def _holds_others(bounds: Tag) -> bool:
    """Whether it is the frame of a pool, lane or sub-process, which others lie in."""
    shape = bounds.parent
    return (
        shape is not None
        and shape.space == BPMNDI
        and (_number(bounds, "width") > 130 or bool(shape.get("isExpanded")))
    )


def _at(point: Tag) -> tuple[float, float]:
    return _number(point, "x"), _number(point, "y")


def _number(tag: Tag, name: str) -> float:
    try:
        return float(tag.get(name))
    except ValueError:
        return 0.0


def _said_nothing(file: str, part: Part) -> Finding:
    kind = KINDS[part.kind]
    return Finding(
        "pack.E587",
        "error",
        Text("“{kind}”还要说明：{said}。", "“{kind}” needs to say: {said}.",
             kind=kind.name, said=kind.said),
        Place(file),
        Text("请填“说明”一栏。", "Fill in what it says."),
    )  # fmt: skip


def _no_edge(file: str, step: str) -> Finding:
    return Finding(
        "pack.E587",
        "error",
        Text("“{step}”不是任务，边上不能放期限。",
             "“{step}” is no task: no deadline stands at its edge.", step=step),
        Place(file),
        Text("请选从任务出发的路。", "Choose a way that begins at a task."),
    )  # fmt: skip
