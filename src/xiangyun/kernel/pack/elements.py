"""What a drawing says of its elements in headers, properties and inputs: is it there, and read?

The declarations (`service.headers`, `service.tasks`) say what may be said; nothing else may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from xiangyun.kernel.bpmn import Element, Formula
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack import taskforms
from xiangyun.kernel.pack.reader import PackSources
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.service import headers as declared
from xiangyun.kernel.service.casetime import pauses
from xiangyun.kernel.service.headers import Header, Kind, words_in
from xiangyun.kernel.service.letters import KINDS, is_letter
from xiangyun.kernel.service.servicetype import ServiceType
from xiangyun.kernel.service.tasks import service_types
from xiangyun.kernel.spelling import did_you_mean


def check_elements(sources: PackSources) -> Iterator[Finding]:
    """Roles, service types, headers, properties and inputs of every element."""
    for process in sources.processes:
        for element in process.elements.values():
            place = Place(process.file, element.line)
            of_main = process is sources.process
            if element.kind == "userTask":
                yield from _roles(sources, element, place)
            type_ = service_types().get(element.type.text) if element.type else None
            if element.type is not None and type_ is None:
                kind = Text("服务任务类型", "type of service task")
                yield unknown("pack.E023", kind, element.type.text, service_types(), place)
            elif type_ is not None and type_.instead:
                yield _earlier(element, type_, place)
            elif element.kind == "userTask" or element.headers or type_ is not None:
                known = headers_of(element, type_)
                yield from _pairs(sources, element, element.headers, known, _HEADER, place)
            known = tuple(properties_of(element, of_main=of_main))
            yield from _pairs(sources, element, element.properties, known, _PROPERTY, place)
            yield from _signature(element, place)
            if type_ is not None:
                yield from _inputs(element, type_, place)
                yield from _stands_still(element, type_, place)
            if element.form:
                yield from _form_definition(sources, element, place)


def headers_of(element: Element, type_: ServiceType | None) -> tuple[Header, ...]:
    """The headers that something reads on an element."""
    if element.kind == "userTask":
        return declared.OF_USER_TASKS
    return (*type_.headers, declared.STAGE) if type_ is not None else ()


def properties_of(element: Element, *, of_main: bool) -> Iterator[Header]:
    """The properties that something reads on an element."""
    is_work = element.kind == "userTask" or element.type is not None
    if is_work or element.called is not None:
        yield from (declared.CLOCK, declared.MINUTES)
    if is_work:
        yield declared.PAUSE
    if element.kind == "userTask" or _is_applied_for(element):
        yield from declared.SIGNATURES
    if element.called is not None:
        yield declared.STAGE
    if element.kind == "endEvent" and not element.parent and of_main:
        yield declared.OUTCOME


def _is_applied_for(element: Element) -> bool:
    """Whether it is a start at which somebody sends an application."""
    kind = element.trigger.kind if element.trigger else "none"
    return element.kind == "startEvent" and not element.parent and kind == "none"


def _stands_still(element: Element, type_: ServiceType, place: Place) -> Iterator[Finding]:
    """What is answered at once holds up no clock."""
    if pauses(element.properties) and not type_.later:
        yield fault(
            "pack.E500",
            Text(
                "“{element}”（{type}）当即就有结果，停不了表。",
                "“{element}” ({type}) is answered at once: no clock stands still for it.",
                element=element.label,
                type=type_.name,
            ),
            place,
            Text(
                "请删去 clock=pauses；停表的是用户任务，和等别人答复的服务任务，例如 payment.ask。",
                "Remove `clock=pauses`; user tasks, and service tasks that others answer, such as "
                "payment.ask, stop the clocks.",
            ),
        )


def _signature(element: Element, place: Place) -> Iterator[Finding]:
    """What is said of a signature must have one to speak of, and a document sent with it."""
    said = [each.name for each in declared.SIGNATURES if each.name in element.properties]
    if said and declared.SIGNATURE.name not in said:
        yield fault(
            "pack.E411",
            Text(
                "“{element}”没有要签名，“{name}”不起作用。",
                "“{element}” asks for no signature: nothing reads “{name}”.",
                element=element.label,
                name=said[0],
            ),
            place,
            Text(
                "请补上 signature=required 或 signature=offered，或者删去。",
                "Add `signature=required` or `signature=offered`, or remove it.",
            ),
        )
    if said and element.headers.get("form") == taskforms.ANSWERS:
        yield fault(
            "pack.E412",
            Text(
                "“{element}”让申请人修改申请，不能要签名。",
                "“{element}” has the applicant correct the application: it takes no signature.",
                element=element.label,
            ),
            place,
            Text(
                "请在后面加一个任务，让申请人签名确认。",
                "Let the applicant confirm and sign in a task that follows.",
            ),
        )


def _earlier(element: Element, type_: ServiceType, place: Place) -> Finding:
    return fault(
        "pack.E055",
        Text(
            "“{element}”的类型 {type} 是旧写法，只有已发布的版本还用。",
            "The type {type} of “{element}” is of earlier versions only.",
            element=element.label,
            type=type_.name,
        ),
        place,
        Text("请改写 {instead}。", "Write {instead}.", instead=type_.instead),
    )


_HEADER, _PROPERTY = Text("任务头", "header"), Text("属性", "property")


def _pairs(
    sources: PackSources,
    element: Element,
    said: Mapping[str, str],
    known: Iterable[Header],
    what: Text,
    place: Place,
) -> Iterator[Finding]:
    by_name = {header.name: header for header in known}
    for header in by_name.values():
        if header.required and not said.get(header.name, "").strip():
            if header is declared.OUTCOME:
                yield from _outcome(sources, element, header, "", place)
            else:
                yield _missing(element, header, what, place)
    for name, value in said.items():
        if name not in by_name:
            yield _unread(element, name, by_name, what, place)
        elif value.strip():
            header = by_name[name]
            yield from _VALUES[header.kind](sources, element, header, value, place)


def _missing(element: Element, header: Header, what: Text, place: Place) -> Finding:
    example = header.example or (header.values[0] if header.values else "…")
    return fault(
        "pack.E028",
        Text(
            "“{element}”缺少“{name}”。",
            "“{element}” lacks “{name}”.",
            element=element.label,
            name=header.name,
        ),
        place,
        Text(
            "请补上{what}，例如 {name}={example}：{meaning}。",
            "Add this {what}, for example {name}={example}: {meaning}.",
            what=what,
            name=header.name,
            example=example,
            meaning=header.meaning,
        ),
    )


def _unread(
    element: Element, name: str, known: Mapping[str, Header], what: Text, place: Place
) -> Finding:
    if name == declared.OUTCOME.name and element.kind == "endEvent":
        return fault(
            "pack.E027",
            Text(
                "“{element}”不是主流程的结束，办理结果由主流程的结束事件说明。",
                "“{element}” does not end the main process, whose ends alone say the outcome.",
                element=element.label,
            ),
            place,
            Text(
                "请删去 outcome，用变量把结论交给主流程。",
                "Remove `outcome`; hand a variable on.",
            ),
        )
    hint = Text("请删去。", "Remove it.")
    return fault(
        "pack.E032",
        Text(
            "“{element}”的{what}“{name}”不起作用。",
            "Nothing reads the {what} “{name}” of “{element}”.",
            element=element.label,
            what=what,
            name=name,
        ),
        place,
        did_you_mean(name, known) if known else hint,
    )


# -- what values refer to ----------------------------------------------------------

_KINDS = {
    "actions": Text("动作", "action"),
    "clock": Text("计时标记", "clock mark"),
    "pause": Text("停表事由", "cause of a pause"),
}
Check = Callable[[PackSources, Element, Header, str, Place], Iterator[Finding]]


def _any(*_: object) -> Iterator[Finding]:
    return iter(())


def _among(header: Header, value: str, place: Place) -> Iterator[Finding]:
    if value not in header.values:
        kind = _KINDS.get(header.name, Text("“{name}”的值", "value of “{name}”", name=header.name))
        yield unknown("pack.E028", kind, value, header.values, place)


def _one_of(
    _: PackSources, __: Element, header: Header, value: str, at: Place
) -> Iterator[Finding]:
    yield from _among(header, value.strip(), at)


def _some_of(
    _: PackSources, __: Element, header: Header, value: str, at: Place
) -> Iterator[Finding]:
    for word in words_in(value):
        yield from _among(header, word, at)


def _number(
    _: PackSources, element: Element, header: Header, value: str, at: Place
) -> Iterator[Finding]:
    try:
        fine = float(value) >= 0
    except ValueError:
        fine = False
    if not fine:
        yield fault(
            "pack.E028",
            Text(
                "“{element}”的“{name}”应为数字，现为“{value}”。",
                "“{name}” of “{element}” is a number, not “{value}”.",
                element=element.label,
                name=header.name,
                value=value,
            ),
            at,
        )


def _actions(
    _: PackSources, element: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    actions = declared.listed(element.headers, "actions")
    for action in words_in(value):
        if action not in actions:
            yield unknown("pack.E028", _KINDS["actions"], action, actions, at)


def _user_tasks(
    sources: PackSources, element: Element, header: Header, value: str, at: Place
) -> Iterator[Finding]:
    own = header.name == declared.SAME_HAND  # a task that comes again may stay with the same hand
    tasks = {
        one.id
        for process in sources.processes
        for one in process.elements.values()
        if one.kind == "userTask" and (own or one.id != element.id)
    }
    for task in words_in(value):
        if task not in tasks:
            kind = Text("别的用户任务", "other user task")
            yield unknown("pack.E028", kind, task, tasks, at)


def _stage(
    sources: PackSources, _: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    if sources.service and value not in sources.service.stages:
        yield unknown("pack.E026", Text("环节", "stage"), value, sources.service.stages, at)


def _outcome(
    sources: PackSources, _: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    known = [each.name for each in sources.service.outcomes] if sources.service else []
    if sources.service and value.strip() not in known:
        yield unknown("pack.E027", Text("办理结果", "outcome"), value, known, at)


def _party_role(
    sources: PackSources, _: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    if sources.service and value not in sources.service.party_roles:
        known = list(sources.service.party_roles)
        yield unknown("pack.E028", Text("当事人角色", "role of a party"), value, known, at)


def _addressee(
    sources: PackSources, _: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    if sources.service is None:
        return
    known = tuple(dict.fromkeys((*sources.service.party_roles, *sources.service.doers)))
    if value not in known:
        yield unknown("pack.E028", Text("角色", "role"), value, known, at)


def _department(
    sources: PackSources, _: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    if sources.service and value not in sources.service.joint_departments:
        known = list(sources.service.joint_departments)
        yield unknown("pack.E028", Text("联办机构", "joint department"), value, known, at)


def _declared_number(
    sources: PackSources, _: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    known = [each.name for each in sources.service.numbers] if sources.service else []
    if sources.service and value not in known:
        yield unknown("pack.E028", Text("编号", "kind of number"), value, known, at)


def _file_question(
    sources: PackSources, element: Element, _: Header, value: str, at: Place
) -> Iterator[Finding]:
    """A question of the form that the element sends: of the task's, or of the application's."""
    named = taskforms.form_named(element)
    form = sources.forms.get(named) if element.kind == "userTask" else sources.form
    asked = form.questions if form is not None else ()
    files = [question.key for question in asked if question.kind == "filepicker"]
    if value.strip() not in files:
        kind = Text("表单里的材料题", "question for files in its form")
        yield unknown("pack.E410", kind, value.strip(), files, at)


def _fee(sources: PackSources, _: Element, __: Header, value: str, at: Place) -> Iterator[Finding]:
    known = [each.code for each in sources.service.fees] if sources.service else []
    if sources.service and value.strip() not in known:
        yield unknown("pack.E028", Text("收费项目", "fee"), value, known, at)


def _certificate(
    sources: PackSources, _: Element, __: Header, value: str, at: Place
) -> Iterator[Finding]:
    if sources.certificate and value != sources.certificate.id:
        known = [sources.certificate.id]
        yield unknown("pack.E024", Text("证照", "certificate"), value, known, at)


def _form(sources: PackSources, _: Element, __: Header, value: str, at: Place) -> Iterator[Finding]:
    named = value.strip()
    if named != taskforms.ANSWERS and taskforms.file_of(named) not in sources.files:
        known = sorted(filter(None, map(taskforms.name_of, sources.files)))
        yield unknown("pack.E060", Text("任务表单", "form of a task"), named, known, at)


_VALUES: Mapping[Kind, Check] = {
    "name": _any,
    "register": _any,  # what registers there are, other packs say: see `registers`
    "service": _any,  # as for registers; see `openedcases`
    "connector": _any,  # as for registers; see `connectors`
    "requirement": _any,  # as for registers; see `evidence`
    "resource": _any,  # as for registers; see `booked`
    "field": _any,
    "names": _any,
    "letter": _any,  # that its words are there is asked with all other words
    "message": _any,
    "entry": _any,
    "text": _any,
    "number": _number,
    "one of": _one_of,
    "some of": _some_of,
    "actions": _actions,
    "user tasks": _user_tasks,
    "stage": _stage,
    "outcome": _outcome,
    "department": _department,
    "party role": _party_role,
    "addressee": _addressee,
    "form": _form,
    "certificate": _certificate,
    "fee": _fee,
    "declared number": _declared_number,
    "file question": _file_question,
}


def texts_of(element: Element) -> Iterator[str]:
    """The keys of texts that the headers of an element name."""
    type_ = service_types().get(element.type.text) if element.type else None
    for header in headers_of(element, type_):
        value = element.headers.get(header.name, "").strip()
        if value and header.kind in KINDS:
            yield from (f"{header.kind}.{value}.title", f"{header.kind}.{value}.body")
        elif value and header.kind == "text":
            yield value


def optional_texts(keys: Iterable[str]) -> Iterator[str]:
    """Of keys of texts: those that may stand beside them, the words for telephones."""
    for key in keys:
        if is_letter(key) and key.endswith(".title"):
            yield f"{key.removesuffix('.title')}.short"


# -- inputs, roles, forms ----------------------------------------------------------


def _inputs(element: Element, type_: ServiceType, place: Place) -> Iterator[Finding]:
    given = {transfer.target.partition(".")[0] for transfer in element.inputs}
    for argument in type_.inputs:
        if argument.required and argument.name not in given:
            yield fault(
                "pack.E033",
                Text(
                    "“{element}”缺少输入“{name}”：{meaning}。",
                    "“{element}” lacks the input “{name}”: {meaning}.",
                    element=element.label,
                    name=argument.name,
                    meaning=argument.meaning,
                ),
                place,
                Text("请加一个 zeebe:input。", "Add a zeebe:input."),
            )
    if type_.other_inputs is not None:
        return
    known = {argument.name for argument in type_.inputs}
    in_outputs = {
        name.name
        for output in element.outputs
        if output.source.expression is not None
        for name in output.source.expression.unknown_names(())
    }
    for name in sorted(given - known - in_outputs):
        yield fault(
            "pack.E033",
            Text(
                "“{element}”的输入“{name}”不起作用。",
                "Nothing reads the input “{name}” of “{element}”.",
                element=element.label,
                name=name,
            ),
            place,
            did_you_mean(name, known) if known else Text("请删去。", "Remove it."),
        )


def _roles(sources: PackSources, element: Element, place: Place) -> Iterator[Finding]:
    for role in words_of(element.groups):
        if sources.service and role not in (known := sources.service.doers):
            yield unknown("pack.E022", Text("角色", "role"), role, known, place)
    if element.groups is None:
        yield fault(
            "pack.E028",
            Text(
                "“{element}”缺少“candidateGroups”。",
                "“{element}” lacks “candidateGroups”.",
                element=element.label,
            ),
            place,
            Text("请写由谁办理，例如 reviewer。", "Say whose task it is, for example reviewer."),
        )


def words_of(formula: Formula | None) -> list[str]:
    """The roles written down; those that FEEL works out show in the rehearsals only."""
    return words_in(formula.text) if formula and not formula.expression else []


def _form_definition(sources: PackSources, element: Element, place: Place) -> Iterator[Finding]:
    """What modelling programs write instead of the header; both may stand there if they agree."""
    if element.headers.get("form", element.form) == element.form != taskforms.ANSWERS:
        yield from _form(sources, element, declared.FORM, element.form, place)
        return
    yield fault(
        "pack.E032",
        Text(
            "“{element}”的 formDefinition 不起作用。",
            "Nothing reads the formDefinition of “{element}”.",
            element=element.label,
        ),
        place,
        Text(
            "申请人修改申请，写任务头 form=answers；任务表单只写一处，formId 或任务头 form。",
            "To have the applicant edit the application, write the header form=answers; name the "
            "form of a task once, by formId or by the header `form`.",
        ),
    )
