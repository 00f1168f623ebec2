"""Where a rehearsal differs from what its example expects, in words and with the line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from xiangyun.kernel.bpmn import Element, TaskOpened
from xiangyun.kernel.codes import division
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.dmn import Decided
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.language import CHINESE
from xiangyun.kernel.pack.outcome import Rehearsal
from xiangyun.kernel.packfile.display import shown
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.service.examples import Act, Answers, Example
from xiangyun.kernel.service.headers import listed
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.openings import MESSAGE
from xiangyun.kernel.service.ruling import findings_of
from xiangyun.kernel.spelling import did_you_mean


def differences(example: Example, made: Rehearsal) -> list[Finding]:
    """All differences, each at the line of the example that expects otherwise."""
    return list(_differences(example, made))


def _differences(example: Example, made: Rehearsal) -> Iterator[Finding]:
    expected = example.expected
    decided = tuple(_ruling(decision) for decision in made.decisions)
    wanted = tuple((outcome, tuple(sorted(rows))) for outcome, rows in expected.findings)
    letters, messages, entries = (
        _joined(each.name for each in kept) for kept in (made.letters, made.messages, made.entries)
    )
    for key, name, want, got in (
        ("findings", Text("结论", "the findings"), _rulings(wanted), _rulings(decided)),
        ("path", Text("经过", "the path"), _joined(expected.path), _joined(made.path)),
        ("letters", Text("信件", "the letters"), _joined(expected.letters), letters),
        ("messages", Text("消息", "the messages"), _joined(expected.messages), messages),
        ("entries", Text("日程", "calendar entries"), _joined(expected.entries), entries),
        ("refunds", Text("退费", "the refunds"), _joined(expected.refunds), _joined(made.refunds)),
        ("outcome", Text("结果", "the outcome"), expected.outcome, made.outcome),
    ):
        if want != got:
            yield _other(example, key, name, want, got)
    if expected.pauses is not None and expected.pauses != made.pauses:
        words = Text("停表", "the pauses")
        yield _other(example, "pauses", words, _joined(expected.pauses), _joined(made.pauses))
    if expected.certificate and made.certificate is None:
        yield _other(example, "certificate", Text("证照", "the certificate"), "…", "—")
    elif made.certificate:
        fields = {field.key: field.shown for field in made.certificate.fields}
        for key, want in expected.certificate.items():
            if fields.get(key) != want:
                name = Text("证照的“{key}”", "“{key}” of the certificate", key=key)
                yield _other(example, "certificate", name, want, fields.get(key, "—"))


def _ruling(decided: Decided) -> tuple[str, tuple[str, ...]]:
    """A decision as examples write it: its outcome, and the rows that speak."""
    value = decided.value
    outcome = value.get("outcome") if isinstance(value, dict) else value
    return shown(outcome, CHINESE), tuple(sorted(finding.id for finding in findings_of(decided)))


def _rulings(rulings: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    return "; ".join(f"{outcome} [{', '.join(rows)}]" for outcome, rows in rulings)


def _joined(names: Iterable[str]) -> str:
    return ", ".join(names)


def _other(example: Example, key: str, name: Text, want: str, got: str) -> Finding:
    return fault(
        "pack.E040",
        Text(
            "示例“{title}”：{name}应为“{want}”，实际是“{got}”。",
            "“{title}”: {name} should be “{want}” but came out as “{got}”.",
            title=example.title,
            name=name,
            want=want,
            got=got,
        ),
        example.expected.places.get(key, example.place),
        Text(
            "请看是规则、流程改错了，还是示例该更新。",
            "Either the rules or the process are wrong, or the example is out of date.",
        ),
    )


def with_files(form: Form, answers: Answers) -> dict[str, object]:
    """Examples name a file by its bare name; here it gets the size and place that a form wants."""
    files = {question.key for question in form.questions if question.kind == "filepicker"}

    def attached(value: object) -> object:
        names = value if isinstance(value, list) else [value]
        if not all(isinstance(name, str) for name in names):
            return value
        return [{"name": name, "size": 1, "reference": f"example:{name}"} for name in names]

    return {key: attached(value) if key in files else value for key, value in answers.items()}


def wrong_answer(of: Example | Act, key: str, finding: Finding) -> Finding:
    """An answer of an example, or of an act of one, that the form would not take."""
    return fault(
        "pack.E042",
        Text(
            "答案“{key}”：{message}",
            "The answer “{key}”: {message}",
            key=key,
            message=finding.message,
        ),
        of.place,
        finding.hint,
    )


def wrong_change(act: Act, finding: Finding) -> Finding:
    """What a register is to say from an act on, and cannot."""
    return fault(
        "pack.E041",
        Text(
            "登记库“{name}”的“{key}”：{message}",
            "“{key}” of the register “{name}”: {message}",
            name=act.name,
            key=act.key,
            message=finding.message,
        ),
        act.place,
        finding.hint,
    )


def no_form(act: Act) -> Finding:
    """Answers at a task that asks for none."""
    return fault(
        "pack.E041",
        Text("“{name}”没有表单，不收答案。", "“{name}” has no form for answers.", name=act.name),
        act.place,
        Text(
            "请删去 answers，或者给任务加任务头 form。",
            "Remove `answers`, or give the task the header `form`.",
        ),
    )


def not_opened_so(service: ServiceItem, example: Example) -> list[Finding]:
    """An example that opens in a way in which no case of the service does."""
    ways = [each.how for each in service.openings]
    messages = [name for each in service.openings if each.how == MESSAGE for name in each.names]
    if example.opened not in ways:
        kind, name, known = Text("立件方式", "way of opening"), example.opened, ways
    elif example.opened == MESSAGE and example.message not in messages:
        kind, name, known = Text("消息", "message"), example.message, messages
    else:
        return []
    return [unknown("pack.E080", kind, name, known, example.place)]


def none_to_be_late(elements: Mapping[str, Element], example: Example) -> list[Finding]:
    """What an example says is answered later, and is no service task."""
    known = [each.id for each in elements.values() if each.kind == "serviceTask"]
    kind = Text("服务任务", "service task")
    return [
        unknown("pack.E041", kind, name, known, example.place)
        for name in example.late
        if name not in known
    ]


def elsewhere(
    service: ServiceItem, example: Example, application: Mapping[str, Value]
) -> list[Finding]:
    """The address an example gives lies outside the division whose office it is filed with."""
    key = service.competent_question
    given = str(application.get(key))
    low, high = division.subtree(example.division.code)
    if given.isdecimal() and low <= int(given) <= high:
        return []
    return [
        fault(
            "pack.E042",
            Text(
                "答案“{key}”是 {given}，不在{name}（{code}）。",
                "The answer “{key}” is {given}, not in {name} ({code}).",
                key=key,
                given=given,
                name=example.division.name,
                code=example.division.code,
            ),
            example.place,
            Text("请改 division 或者这个答案。", "Change `division`, or this answer."),
        )
    ]


def strangers(service: ServiceItem, task: TaskOpened, example: Example) -> list[Finding]:
    """Roles that FEEL worked out for a task and that service.yaml does not know."""
    return [
        unknown("pack.E022", Text("角色", "role"), role, service.doers, example.place)
        for role in task.groups
        if role not in service.doers and not _narrowed(role, service)
    ]


def _narrowed(role: str, service: ServiceItem) -> bool:
    """Whether it is a role of the service, narrowed by the formula to a department there is."""
    name, colon, key = role.partition(":")
    return bool(colon) and name in service.roles and department(key) is not None


def wrong_action(act: Act, task: TaskOpened) -> Finding | None:
    """An action the task does not offer, or one without the note it needs."""
    actions = listed(task.headers, "actions")
    if act.action not in actions:
        message = Text(
            "“{name}”没有动作“{action}”。",
            "“{name}” offers no “{action}”.",
            name=task.name,
            action=act.action,
        )
        return fault("pack.E041", message, act.place, did_you_mean(act.action, actions))
    if act.action in listed(task.headers, "note_required") and not act.note:
        return fault(
            "pack.E041",
            Text(
                "动作“{action}”须写理由。", "The action “{action}” needs a note.", action=act.action
            ),
            act.place,
            Text("请补 note: …。", "Add note: …."),
        )
    return None


def same_hand(act: Act, task: TaskOpened, done_by: Mapping[str, Collection[str]]) -> Finding | None:
    """One person does two tasks that the process keeps apart (header `not_by`)."""
    for earlier in listed(task.headers, "not_by"):
        if act.by in done_by.get(earlier, ()):
            return fault(
                "pack.E041",
                Text(
                    "“{name}”须由另一人办理：{by}已经办了“{earlier}”。",
                    "“{name}” is for somebody else: {by} has done “{earlier}”.",
                    name=act.name,
                    by=act.by,
                    earlier=earlier,
                ),
                act.place,
                Text("请改 by。", "Change `by`."),
            )
    return None


def not_open(act: Act, open_: Sequence[str]) -> Finding:
    """Something is to happen that the case does not wait for."""
    return fault(
        "pack.E041",
        Text("此刻没有在等“{name}”。", "The case does not wait for “{name}” now.", name=act.name),
        act.place,
        Text("正在等的有：{joined}。", "It waits for: {joined}.", joined=_joined(open_) or "—"),
    )


def another_amount(act: Act, amount: str) -> Finding:
    """A fee that comes to another amount than the example says."""
    return fault(
        "pack.E041",
        Text(
            "“{name}”应为 {want} 元，实际是 {amount} 元。",
            "“{name}” should be {want} yuan and came to {amount}.",
            name=act.name,
            want=act.amount,
            amount=amount,
        ),
        act.place,
        Text("请看是公式错了，还是示例该更新。", "Either the formula or the example is wrong."),
    )


def not_ended(example: Example, open_: Sequence[str]) -> Finding:
    """The steps are over but the case is not."""
    return fault(
        "pack.E041",
        Text(
            "示例“{title}”的步骤做完了，办件还没有办结。",
            "The steps of “{title}” are over, but the case is not.",
            title=example.title,
        ),
        example.place,
        Text("正在等的有：{joined}。", "It waits for: {joined}.", joined=_joined(open_) or "—"),
    )


def cannot_go_on(place: Place, why: Text) -> Finding:
    """The engine stands still."""
    return fault("pack.E041", Text("走不下去：{why}", "It cannot go on: {why}", why=why), place)
