"""`theme.yaml`: one form, one clock, several cases (一件事一次办).

A theme stands beside a service. The service asks once for all that its members need, and its
drawing opens a case of each (`case.open`) and waits until that has ended (the message `case.ended`
by the number of the case). What is declared here is proved of the drawing: that it opens exactly
the members, answers every question that each of them always asks, waits for each, and promises no
less time than they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml
from xiangyun.kernel.service.limits import TimeLimit
from xiangyun.kernel.service.tasks import case_open

FILE = "theme.yaml"
_WRITTEN = {"service": "a/b", "open": "open_b", "wait": "b_ended"}


@dataclass(frozen=True, slots=True)
class Member:
    """A service of which a theme opens a case; `opens` and `waits` are elements of its drawing.

    `sometimes`: whether only some of those who apply need it.
    """

    service: str
    opens: str
    waits: str
    sometimes: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Theme:
    """Several services that are applied for in one go."""

    name: Text
    members: tuple[Member, ...]
    place: Place


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    root = read_yaml(files[FILE], FILE, report) if FILE in files else None
    if root is None:
        return []
    f = Fields(root, report, FILE)
    name = f.words("name")
    members = tuple(_member(node, report) for node in f.each("members"))
    f.done()
    place = Place(FILE)
    if len({each.service for each in members}) < 2:
        report(
            fault(
                "pack.E590",
                Text("一件事至少办两件。", "A theme has two members or more."),
                f.place("members"),
                Text("请写上另一个事项。", "Name another service."),
            )
        )
    theme = Theme(name, members, place)
    return [Declaration(KIND.name, pack, pack, name, {FILE: files[FILE]}, theme, place)]


def _member(node: Node, report: Report) -> Member:
    m = Fields(node, report, "members", _WRITTEN)
    found = Member(
        m.string("service"),
        m.string("open"),
        m.string("wait"),
        m.boolean("sometimes", default=False),
        m.place("service"),
    )
    m.done()
    return found


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    theme: Theme = declaration.value
    services = known.all("service")
    own = services.get(declaration.pack)
    if own is None or own.value.process is None:
        if known.judges("service"):
            yield fault(
                "pack.E591",
                Text("theme.yaml 旁边没有可办的事项。", "No service stands beside theme.yaml."),
                declaration.place,
                Text(
                    "请写出 service.yaml 和 process.bpmn：一张表、一个时限。",
                    "Write service.yaml and process.bpmn: the one form and the one clock.",
                ),
            )
        return
    pack: Pack = own.value
    for member in theme.members:
        yield from _opens(member, pack.process)
        if member.service in services:
            yield from _member_fits(member, pack, services[member.service].value)
        elif known.judges("service"):
            kind = Text("事项", "service")
            yield unknown("pack.E082", kind, member.service, services, member.place)
    yield from _no_others(theme, pack.process)


def _opens(member: Member, process: Process) -> Iterator[Finding]:
    """The drawing opens the member where it is said, and waits for its end."""
    opens, waits = process.elements.get(member.opens), process.elements.get(member.waits)
    if opens is None or not _is_opening(opens) or _opened(opens) != member.service:
        yield fault(
            "pack.E592",
            Text(
                "流程图里“{open}”不是立“{service}”的 case.open。",
                "In the drawing “{open}” is no `case.open` of “{service}”.",
                open=member.opens,
                service=member.service,
            ),
            member.place,
            Text("请核对元素的 id 和 service。", "Look at the element’s id and its `service`."),
        )
    trigger = waits.trigger if waits is not None else None
    if trigger is None or trigger.kind != "message" or trigger.name != case_open.ENDED:
        yield fault(
            "pack.E593",
            Text(
                "流程图里“{wait}”不等消息 {message}：“{service}”办没办完，没有人知道。",
                "In the drawing “{wait}” does not wait for the message {message}: nobody would "
                "know when “{service}” is done.",
                wait=member.waits,
                message=case_open.ENDED,
                service=member.service,
            ),
            member.place,
            Text(
                "请用消息中间事件，关联键是那一件的编号。",
                "Draw a message catch event, correlated by the number of the case.",
            ),
        )


def _member_fits(member: Member, pack: Pack, of: Pack) -> Iterator[Finding]:
    opens = pack.process.elements.get(member.opens)
    if opens is not None and _is_opening(opens):
        given = {each.target.partition(".")[0] for each in opens.inputs}
        for key, label in _always_asked(of.form):
            if key not in given:
                yield fault(
                    "pack.E594",
                    Text(
                        "“{service}”必须回答“{label}”（{key}），这件事没有给它。",
                        "“{service}” always asks “{label}” ({key}), and the theme does not answer.",
                        service=of.service.name,
                        label=label,
                        key=key,
                    ),
                    member.place,
                    Text(
                        "请在表单里问，并作为 case.open 的输入。",
                        "Ask it in the form and give it as an input of `case.open`.",
                    ),
                )
    if _is_shorter(pack.service.promised, of.service.promised):
        yield fault(
            "pack.E595",
            Text(
                "这件事承诺的时间比其中“{service}”的还短。",
                "The theme promises less time than its member “{service}”.",
                service=of.service.name,
            ),
            member.place,
            Text("请写不短于各件的时限。", "Promise no less than the longest member."),
        )


def _always_asked(form: Form) -> Iterator[tuple[str, Text]]:
    """Questions that everybody must answer and that no register does."""
    for question in form.questions:
        if question.required and not question.hidden_if and not question.source:
            yield question.key, question.label


def _is_shorter(own: TimeLimit, other: TimeLimit) -> bool:
    """Whether one promised time is known to be shorter: both are numbers of one unit."""
    if own.unit != other.unit:
        return False
    return (
        isinstance(own.number, int) and isinstance(other.number, int) and own.number < other.number
    )


def _no_others(theme: Theme, process: Process) -> Iterator[Finding]:
    """Whoever reads the theme is told of each case that it opens."""
    told = {member.opens for member in theme.members}
    for element in process.elements.values():
        if _is_opening(element) and element.id not in told:
            yield fault(
                "pack.E596",
                Text(
                    "流程图里还立了“{service}”，theme.yaml 没有写。",
                    "The drawing opens a case of “{service}” too, which theme.yaml does not say.",
                    service=_opened(element),
                ),
                theme.place,
                Text(
                    "请写进 members，或者删去这一步。", "Add it to `members`, or remove the step."
                ),
            )


def _is_opening(element: Element) -> bool:
    return element.type is not None and element.type.text == case_open.TYPE.name


def _opened(element: Element) -> str:
    return element.headers.get("service", "").strip()


KIND = Kind("theme", Text("一件事", "theme"), (FILE,), globs(FILE), _read, _fits, referred=False)
