"""Do the files of a pack fit together? What the process, rules and certificate refer to exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.dmn import Model
from xiangyun.kernel.dmn.asked import required
from xiangyun.kernel.dmn.model import InputData
from xiangyun.kernel.feel.host import HOST_NAMES
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack import taskforms
from xiangyun.kernel.pack.calls import brought_by, check_calls, known_variables
from xiangyun.kernel.pack.elements import check_elements
from xiangyun.kernel.pack.offered import check_offered
from xiangyun.kernel.pack.reader import PROCESS, RULES, PackSources, is_called_file, missing
from xiangyun.kernel.pack.taskforms import TASKS
from xiangyun.kernel.pack.variables import STARTING
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.service import certificate
from xiangyun.kernel.service import reader as service
from xiangyun.kernel.service.headers import listed
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.numbers import CASE, LOCAL
from xiangyun.kernel.service.openings import check_starts
from xiangyun.kernel.service.signing import SIGNATURE_FOR_FEEL, rule_of
from xiangyun.kernel.service.tasks import case_open, service_types

TASK_RESULT = ("action", "note", "by", "at", "application")
"""What comes back from a person; `application` from a correction only."""
_EVENT_RESULT = ("note", "by", "at")


def check_references(sources: PackSources) -> Iterator[Finding]:
    """Every reference from one file to another that leads nowhere."""
    for check in _CHECKS:
        yield from check(sources)


# -- names in expressions -------------------------------------------------------------------------


def _expressions(sources: PackSources) -> Iterator[Finding]:
    if sources.process is None:
        return
    known_by = known_variables(sources.processes)
    # The drawing and the letters of a standard way are proved already.
    for process in () if sources.way else sources.processes:
        local = _local_names(process, sources.processes)
        for formula in process.formulas:
            names = {*known_by[process.id], *HOST_NAMES, *local.get(id(formula), ())}
            for name in formula.expression.unknown_names(names) if formula.expression else ():
                found = name.finding(process.file, formula.line)
                where = process.elements.get(formula.element)
                yield _said_where(found, Place(process.file, formula.line), where)
    known = frozenset().union(*known_by.values())
    for written in sources.certificate.formulas() if sources.certificate else ():
        yield from written.unknown({*known, "issued_on"})
    for rule in sources.service.numbers if sources.service else ():
        of_case = {*STARTING, *LOCAL} - ({"case_number"} if rule.name == CASE else set())
        for _, hole in rule.form.holes:
            yield from hole.unknown(of_case if rule.name == CASE else {*known, *LOCAL})
    if sources.service and sources.service.subject:
        yield from sources.service.subject.unknown(STARTING)
    for wordings in (sources.texts or {}).values():
        for wording in wordings.values():
            if not sources.brought(wording.place):
                for _, hole in wording.holes:
                    yield from hole.unknown(known)


def _local_names(process: Process, all_: Iterable[Process]) -> dict[int, tuple[str, ...]]:
    """What an output mapping may use besides root variables, by the formula's identity."""
    by_id = {each.id: each for each in all_}
    found: dict[int, tuple[str, ...]] = {}
    for element in process.elements.values():
        for output in element.outputs:
            found[id(output.source)] = _results(element, by_id)
    return found


def _results(element: Element, by_id: Mapping[str, Process]) -> tuple[str, ...]:
    own = tuple(transfer.target for transfer in element.inputs)
    if element.called is not None:
        called = by_id.get(element.called.text)
        return (*own, *called.sets, *brought_by(called, by_id)) if called else own
    if element.kind == "userTask":
        return (
            *own,
            *TASK_RESULT,
            *((taskforms.ANSWERS,) if taskforms.form_named(element) else ()),
            *((SIGNATURE_FOR_FEEL,) if rule_of(element) is not None else ()),
        )
    type_ = service_types().get(element.type.text) if element.type else None
    if type_ is not None:
        return (*own, *(result.name for result in type_.results))
    awaited = element.trigger.name if element.trigger is not None else ""
    return (*own, *_EVENT_RESULT, *(case_open.TOLD if awaited == case_open.ENDED else ()))


def _said_where(finding: Finding, place: Place, element: Element | None) -> Finding:
    if element is None:
        return finding
    message = Text(
        "“{label}”：{message}", "“{label}”: {message}", label=element.label, message=finding.message
    )
    return Finding(finding.id, finding.severity, message, place, finding.hint)


_MEMBER = re.compile(r"\b(parameters|application)\.([A-Za-z_][A-Za-z0-9_]*)")
_ANY_MEMBER = re.compile(r"(?:parameters|application|tasks)\.")
_OF_TASK = re.compile(r"(?<![\w.])tasks\.([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?", re.ASCII)


def _members(sources: PackSources) -> Iterator[Finding]:
    """`parameters.x`, `application.x` and `tasks.visit.x` in any file.

    Contexts have no type in FEEL, so the members are looked for in the text, line by line.
    """
    figures = sources.parameters.keys() if sources.parameters else None
    questions = {question.key for question in sources.form.questions} if sources.form else None
    kinds = {
        "parameters": ("pack.E029", Text("法定数字", "figure"), figures),
        "application": ("pack.E025", Text("表单问题", "form question"), questions),
    }
    by_name: dict[str, str] | None = None
    if sources.process is not None and not any(TASKS in each.sets for each in sources.processes):
        by_name = taskforms.forms_by_name(taskforms.forms_by_task(sources.processes))
    drawings = (PROCESS, *filter(is_called_file, sources.files))
    for path in (*drawings, RULES, certificate.FILE, service.FILE, *_text_files(sources)):
        text = sources.files.get(path, "")
        if not _ANY_MEMBER.search(text):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if line.lstrip().startswith("#"):
                continue
            for match in _MEMBER.finditer(line):
                id, kind, known = kinds[match[1]]
                if known is not None and match[2] not in known:
                    place = Place(path, number, match.start(2) + 1)
                    yield unknown(id, kind, match[2], known, place)
            if by_name is not None:
                for match in _OF_TASK.finditer(line):
                    yield from _of_task(sources, by_name, match, Place(path, number))


def _of_task(
    sources: PackSources, by_name: Mapping[str, str], match: re.Match[str], place: Place
) -> Iterator[Finding]:
    """One `tasks.visit.x`: a task with a form, or a form, and one of its questions."""
    task, question = match.groups()
    if task not in by_name:
        kind = Text("带表单的任务", "task with a form")
        yield unknown("pack.E060", kind, task, by_name, place._replace(column=match.start(1) + 1))
    elif question and (form := sources.forms.get(by_name[task])) is not None:
        keys = {each.key for each in form.questions}
        if question not in keys:
            at = place._replace(column=match.start(2) + 1)
            yield unknown("pack.E025", Text("表单问题", "form question"), question, keys, at)


def _text_files(sources: PackSources) -> Iterable[str]:
    return (path for path in sources.files if path.startswith("texts/"))


# -- decisions ------------------------------------------------------------------------------------


def _inputs(rules: Model, asking: Iterable[tuple[Process, Element]]) -> Iterator[InputData]:
    """The inputs of what a case decides, and those that nothing reads.

    What only decisions over a whole register read (population.yaml) is no variable of a case.
    """
    called = [element.decision.text for _, element in asking if element.decision]
    ids = [rules.by_name[name].id for name in called if name in rules.by_name]
    in_cases = {each.id for each in required(rules, ids)}
    others = required(rules, [id for id, _ in rules.decisions if id not in in_cases])
    elsewhere = {each.id for each in others} - in_cases
    for each in rules.elements.values():
        if isinstance(each, InputData) and asking and each.id not in elsewhere:
            yield each


def _forms(sources: PackSources) -> Iterator[Finding]:
    """Forms that no task asks for, and questions that a register is to answer beforehand."""
    used = set(taskforms.forms_by_task(sources.processes).values())
    for path in sources.files:
        name = taskforms.name_of(path)
        if name and name not in used and sources.process is not None:
            yield fault(
                "pack.W002",
                Text("没有任务用到表单 {path}。", "No task asks for the form {path}.", path=path),
                Place(path),
                Text(
                    "请给任务加任务头 form={name}，或者删去这个文件。",
                    "Give a task the header form={name}, or delete the file.",
                    name=name,
                ),
            )
    for name, form in sources.forms.items():
        for question in form.questions:
            if question.source:
                yield fault(
                    "pack.E061",
                    Text(
                        "任务表单的问题“{label}”写了 source：任务的答案不由库预填。",
                        "“{label}” has a source: no register answers a form of a task beforehand.",
                        label=question.label,
                    ),
                    Place(taskforms.file_of(name)),
                    Text(
                        "请删去 source；要用库里的数据，请在流程里查询。",
                        "Remove it; to use what a register knows, look it up in the process.",
                    ),
                )


def _decisions(sources: PackSources) -> Iterator[Finding]:
    if sources.process is None:
        return
    asking = [
        (process, element)
        for process in sources.processes
        for element in process.elements.values()
        if element.decision is not None
    ]
    if asking and RULES not in sources.files:
        yield missing(RULES)
    if sources.rules is None:
        return
    names = {name for pair in sources.rules.decisions for name in pair}
    if sources.service:
        for name in sources.service.public_decisions:
            if name not in names:
                place = Place(service.FILE, _line_with(sources.files[service.FILE], name))
                yield unknown("pack.E021", Text("决策", "decision"), name, names, place)
    for process, element in asking:
        if element.decision and element.decision.text not in names:
            place = Place(process.file, element.line)
            yield unknown(
                "pack.E021", Text("决策", "decision"), element.decision.text, names, place
            )
    known_by = known_variables(sources.processes)
    known = frozenset(name for process, _ in asking for name in known_by[process.id])
    # What only decisions over a whole register read (population.yaml) is no variable of a case.
    for input_ in _inputs(sources.rules, asking):
        if input_.name not in known:
            place = Place(RULES, input_.line)
            yield unknown("pack.E020", Text("变量", "variable"), input_.name, known, place)


# -- service and certificate ----------------------------------------------------------------------


def _of_service(sources: PackSources) -> Iterator[Finding]:
    found = sources.service
    if found is None:
        return
    place = Place(service.FILE)
    if found.result.certificate and certificate.FILE not in sources.files:
        yield missing(certificate.FILE)
    if sources.certificate and found.result.certificate not in (None, sources.certificate.id):
        known = [sources.certificate.id]
        name = found.result.certificate
        yield unknown("pack.E024", Text("证照", "certificate"), name, known, place)
    yield from _meanings(found, sources.processes)
    if sources.process is not None:
        yield from check_starts(found.openings, sources.process)
    if sources.form is None:
        return
    keys = {question.key for question in sources.form.questions}
    asked = [material.question for material in found.materials if material.question]
    asked += [key for each in found.parties for key in (each.code, each.party_name)]
    named = [(key, service.FILE) for key in (*asked, found.competent_question)]
    if sources.certificate:
        lines = sources.certificate.fields
        named += [(line.options_of, certificate.FILE) for line in lines if line.options_of]
    for key, file in named:
        if key and key not in keys:
            spot = Place(file, _line_with(sources.files[file], key))
            yield unknown("pack.E025", Text("表单问题", "form question"), key, keys, spot)


def _meanings(service: ServiceItem, processes: Iterable[Process]) -> Iterator[Finding]:
    """Outcomes that no end says, and actions that no task has."""
    elements = [each for process in processes for each in process.elements.values()]
    if not elements:
        return
    said = {each.properties.get("outcome", "").strip() for each in elements}
    offered = {name for each in elements for name in listed(each.headers, "actions")}
    for outcome in service.outcomes:
        if outcome.place is not None and outcome.name not in said:
            yield fault(
                "pack.W006",
                Text(
                    "没有结束事件用到办理结果“{name}”。",
                    "No end event says the outcome “{name}”.",
                    name=outcome.name,
                ),
                outcome.place,
                Text(
                    "请在结束事件上写属性 outcome={name}，或者删去。",
                    "Give an end event the property outcome={name}, or remove it here.",
                    name=outcome.name,
                ),
            )
    for action in service.actions:
        if action.place is not None and action.name not in offered:
            kind = Text("动作", "action")
            yield unknown("pack.W007", kind, action.name, offered, action.place)


def _line_with(text: str, word: str) -> int:
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if re.search(rf"\b{word}\b", line)), 0)


_CHECKS: tuple[Callable[[PackSources], Iterator[Finding]], ...] = (
    _expressions,
    _members,
    _decisions,
    check_elements,
    check_calls,
    _forms,
    check_offered,
    _of_service,
)
