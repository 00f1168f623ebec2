"""Examples (examples/*.yaml): a citizen's situation, what people do, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from xiangyun.kernel.codes import division
from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, wrong_kind
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.payment import parsed
from xiangyun.kernel.service.openings import APPLICANT, HOW
from xiangyun.kernel.service.patterns import unrolled
from xiangyun.kernel.service.signing import PASSKEY
from xiangyun.kernel.spelling import did_you_mean
from xiangyun.kernel.worktime import office_time, office_zone

ACTS = ("task", "message", "signal", "timer", "until", "register", "answer", "payment")
PAYMENT_ACTIONS = ("paid", "expired", "refunded")
"""What a payer does with a fee, or lets be; `refunded`: paid, and given back at once."""
Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens: a task is done, a message comes, a timer rings, time passes.

    Or a register says something else from then on, what was asked of others is answered, or
    somebody pays a fee or does not.
    """

    kind: str
    """one of `ACTS`"""
    name: str
    """element of the task, timer or service task, name of the message or signal, the moment as it
    is written, the code of the register, or of the fee"""
    place: Place
    action: str = ""
    by: str = ""
    note: str = ""
    answers: Answers = field(default_factory=dict)
    role: str = ""
    """Of several open tasks of one element, the one that waits for this role (`as`)."""
    until: datetime | None = None
    signature: str = ""
    """`passkey` where whoever does the task signs with one; else empty."""
    key: str = ""
    """Of the record that changes; `answers` are its new values."""
    amount: str = ""
    """What the fee must come to, such as 860.00; empty where the example does not say."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of it; `findings`: per decision its outcome and the rows that fired."""

    findings: tuple[tuple[str, tuple[str, ...]], ...]
    path: tuple[str, ...]
    letters: tuple[str, ...]
    outcome: str
    certificate: Mapping[str, str]
    places: Mapping[str, Place]
    messages: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    """Of calendars."""
    refunds: tuple[str, ...] = ()
    """What is given back, such as `reinstatement 200.00`."""
    pauses: tuple[str, ...] | None = None
    """What the clocks stood still for, from which day to which: `pay 2026-04-09 2026-04-13`; None:
    not looked at."""


@dataclass(frozen=True, slots=True)
class Division:
    """The competent division; `path`: names from the province down to itself."""

    code: str
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Example:
    """One situation. `answers` are as in JSON; `registers` are what registers hold beforehand."""

    key: str
    title: Text
    situation: Text
    division: Division
    filed_at: datetime
    filed_at_desk: str
    filed_by: str
    answers: Answers
    registers: Mapping[str, tuple[Answers, ...]]
    acts: tuple[Act, ...]
    expected: Expected
    place: Place
    opened: str = APPLICANT
    """How it opened; see `openings`."""
    message: str = ""
    """The message by which it opened."""
    signature: str = ""
    """How the applicant signed, as that of an act."""
    certificates: tuple[Answers, ...] = ()
    """What the applicant holds beforehand: identifier, kind, number, issued_on and more."""
    late: tuple[str, ...] = ()
    """Service tasks that are not answered at once; a step `answer` says when they are."""


def read_examples(roots: Mapping[str, Node], report: Report) -> tuple[Example, ...]:
    """All examples, in the order of their files. `like` takes what is not said from another one."""
    found: dict[str, Example] = {}
    for file in sorted(roots):
        key = file.removeprefix("examples/").removesuffix(".yaml")
        found[key] = _example(key, roots[file], found, report)
    return tuple(found.values())


def _example(key: str, root: Node, earlier: Mapping[str, Example], report: Report) -> Example:
    f = Fields(root, report)
    like = _like(f, earlier)
    filing = f.section("filing", required=like is None)
    desk = filing.string("desk", required=False) if filing else like.filed_at_desk if like else ""
    by = filing.string("by") if filing else like.filed_by if like else ""
    signature = _signature(filing) if filing else like.signature if like else ""
    if filing:
        filing.done()
    answers = _answers(f, "answers", required=like is None)
    found = Example(
        key=key,
        title=f.words("title"),
        situation=f.words("situation"),
        division=_division(f, like),
        filed_at=_moment(f, like),
        filed_at_desk=desk,
        filed_by=by,
        answers={**(like.answers if like else {}), **answers},
        registers=_registers(f, like),
        acts=tuple(
            _act(Fields(node, report, "steps")) for node in unrolled(f.each("steps"), report)
        ),
        expected=_expected(f),
        place=Place(root.place.file, root.place.line),
        opened=(f.one_of("opened", HOW) if f.has("opened") else like.opened if like else APPLICANT),
        message=f.string("message", required=False) or (like.message if like else ""),
        signature=signature,
        certificates=_held(f, like),
        late=_listed(f, "late", required=False) or (like.late if like else ()),
    )
    f.done()
    return found


def _like(f: Fields, earlier: Mapping[str, Example]) -> Example | None:
    name = f.string("like", required=False)
    if name and name not in earlier:
        message = Text(
            "前面没有示例“{name}”。", "There is no example “{name}” before this one.", name=name
        )
        f.report(fault("pack.E041", message, f.place("like"), did_you_mean(name, earlier)))
    return earlier.get(name)


def _division(f: Fields, like: Example | None) -> Division:
    d = f.section("division", required=like is None)
    if d is None:
        return like.division if like else Division("", ())
    found = Division(d.string("code"), d.strings("path"))
    d.done()
    if found.code and (wrong := division.problem(found.code)):
        f.report(replace(wrong, place=d.place("code")))
    return found


def _moment(f: Fields, like: Example | None) -> datetime:
    if like is not None and not f.has("filed_at"):
        return like.filed_at
    return _written(f, "filed_at")


def _written(f: Fields, key: str) -> datetime:
    """A moment on the clock of the office, as it is written; one with a zone is taken there."""
    text = f.string(key)
    try:
        return office_time(datetime.fromisoformat(text))
    except ValueError:
        wanted = Text("日期和时间，如 2026-04-09 08:40", "a moment such as 2026-04-09 08:40")
        if text:
            f.report(wrong_kind(key, f.node.get(key) or f.node, wanted))
        return datetime(2000, 1, 1, tzinfo=office_zone())


def _answers(f: Fields, key: str, required: bool = False) -> dict[str, object]:
    node = f.take(key, required)
    plain = jsonable(node.plain()) if node else {}
    return plain if isinstance(plain, dict) else {}


def _registers(f: Fields, like: Example | None) -> Mapping[str, tuple[Answers, ...]]:
    node = f.take("registers", required=False)
    if node is None:
        return like.registers if like else {}
    return {
        name: tuple(
            record
            for item in (records.value if isinstance(records.value, list) else ())
            if isinstance(record := jsonable(item.plain()), dict)
        )
        for name, records in node.items()
    }


_HELD = ("identifier", "kind", "number", "issued_on")
_MAY_SAY = (*_HELD, "holder", "holder_code", "valid_until", "status", "fields")


def _held(f: Fields, like: Example | None) -> tuple[Answers, ...]:
    if not f.has("certificates"):
        return like.certificates if like else ()
    found = []
    for node in f.each("certificates"):
        one = jsonable(node.plain())
        said = one if isinstance(one, dict) else {}
        missing = [name for name in _HELD if name not in said]
        unknown = [name for name in said if name not in _MAY_SAY]
        if missing or unknown:
            f.report(
                fault(
                    "pack.E571",
                    Text(
                        "持有的证照写法不对：{names}。",
                        "A certificate that is held is not written right: {names}.",
                        names=[*missing, *unknown],
                    ),
                    node.place,
                    Text(
                        "须写 identifier、kind、number 和 issued_on，可写 holder、holder_code、"
                        "valid_until、status、fields。",
                        "It says identifier, kind, number and issued_on, and may say holder, "
                        "holder_code, valid_until, status, fields.",
                    ),
                )
            )
        else:
            found.append(said)
    return tuple(found)


def _act(f: Fields) -> Act:
    kind = next((kind for kind in ACTS if f.has(kind)), "task")
    found = Act(
        kind=kind,
        name=f.string(kind),
        place=f.place(),
        action=f.one_of("action", PAYMENT_ACTIONS)
        if kind == "payment"
        else f.string("action", required=kind == "task"),
        by=f.string("by", required=kind in ("task", "message")),
        note=f.string("note", required=False),
        answers=_answers(f, "change" if kind == "register" else "answers", kind == "register"),
        role=f.string("as", required=False),
        until=_written(f, "until") if kind == "until" else None,
        signature=_signature(f) if kind == "task" else "",
        key=f.string("key") if kind == "register" else "",
        amount=_amount(f) if kind == "payment" else "",
    )
    f.done()
    return found


def _signature(f: Fields) -> str:
    """That somebody signs by passkey; what was signed on paper is a file among the answers."""
    return f.one_of("signature", (PASSKEY,)) if f.has("signature") else ""


def _amount(f: Fields) -> str:
    """What a fee comes to, written `860.00`, or as a number."""
    node = f.take("amount", required=False)
    if node is None:
        return ""
    if isinstance(node.value, Decimal | int) and not isinstance(node.value, bool):
        return f"{node.value:.2f}"
    if not isinstance(node.value, str) or parsed(node.value) is None:
        f.report(wrong_kind("amount", node, Text("金额，如 860.00", "an amount such as 860.00")))
        return ""
    return node.value


def _expected(f: Fields) -> Expected:
    e = f.section("expected")
    if e is None:
        return Expected((), (), (), "", {}, {})
    findings = []
    for node in unrolled(e.each("findings"), f.report):
        one = Fields(node, f.report, "findings")
        findings.append((one.string("outcome"), one.strings("rows")))
        one.done()
    certificate = e.take("certificate", required=False)
    found = Expected(
        tuple(findings),
        _listed(e, "path"),
        _listed(e, "letters"),
        e.string("outcome"),
        {key: str(node.plain()) for key, node in certificate.items()} if certificate else {},
        {key: node.place for key, node in e.node.items()},
        _listed(e, "messages", required=False),
        _listed(e, "entries", required=False),
        _listed(e, "refunds", required=False),
        _listed(e, "pauses", required=False) if e.has("pauses") else None,
    )
    e.done()
    return found


def _listed(e: Fields, key: str, *, required: bool = True) -> tuple[str, ...]:
    """Names one after the other, what is repeated written out."""
    items = unrolled(e.each(key, required), e.report)
    return tuple(e.string_in(item) for item in items)


def jsonable(value: object) -> object:
    """Plain YAML values as JSON has them: days as ISO words, whole numbers as int."""
    if isinstance(value, dict):
        return {key: jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [jsonable(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value
