"""Every type of service task, rehearsed and for real: the same results, outside and history.

A service of two tasks is made from what the type declares; the second has all inputs and may use
what the first brought. A new type needs no line here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts, inbound, ports
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers import SERVICES, casestep
from xiangyun.domain.cases.models import Case, Letter, ServiceCall
from xiangyun.domain.cases.queries.entries import entry_words
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers.models import Record
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.feel import from_stored, to_stored
from xiangyun.kernel.pack import Rehearsal, read_pack, rehearsal, rehearse
from xiangyun.kernel.service.servicetype import ServiceType
from xiangyun.kernel.service.surroundings import InMemoryRegisters
from xiangyun.kernel.service.tasks import service_types

from . import calling
from .situations import MORNING, actor
from .waiting import case_now

TYPES = tuple(service_types().values())
KNOWN = {"code": "c1", "name": "祥云", "capital": 100}
"""What the register holds beforehand."""

_CERTIFICATE = """\
id: permit
name: {zh-Hans: 许可证, en: Permit}
type_code: 11100000MB0143028R001
type_code_verified: false
issuer: {name: =authority.name, code: =authority.code}
holder: {name: =application.word, code: ="无", code_kind: other}
division: =division.code
valid_from: =issued_on
valid_to: =null
fields:
  - {key: number, label: {zh-Hans: 编号, en: Number}, value: ="P-1", place: top}
  - {key: word, label: {zh-Hans: 词, en: Word}, value: =application.word}
note: {zh-Hans: 测试。, en: A test.}
"""
_TEXTS = {
    "zh-Hans": "letter.told.title: 告知书\n"
    "letter.told.body: 您填的是{application.word}。{findings}\n"
    "work.lab: 化验\n",
    "en": "letter.told.title: Notice\nletter.told.body: '{application.word}. {findings}'\n"
    "work.lab: Testing\nelement.first: First\nelement.second: Second\n",
}
_EXAMPLE = f"""\
title: {{zh-Hans: 测试, en: A test}}
situation: {{zh-Hans: 测试。, en: A test.}}
division: {{code: "222404000000", path: [吉林省, 延边朝鲜族自治州, 珲春市]}}
filed_at: 2026-04-09 08:40
filing: {{desk: null, by: 金样一}}
answers: {{word: 厂, place: "222404001001"}}
registers: {{companies: [{json.dumps(KNOWN, ensure_ascii=False)}]}}
steps: []
expected: {{outcome: issued, findings: [], path: [first, second, end_issued], letters: []}}
"""


def files_of(type_: ServiceType) -> dict[str, str]:
    """A service that does nothing but two tasks of a type."""
    files = {
        path: text
        for path, text in read_folder(calling.PACK).items()
        if not path.startswith(("processes/", "examples/", "rules"))
    }
    files["process.bpmn"] = _process(type_)
    letters = [each.example for each in type_.headers if each.kind == "letter"] * 2
    expected = f"letters: [{', '.join(letters)}]"
    files["examples/01-test.yaml"] = _EXAMPLE.replace("letters: []", expected)
    files["certificate.yaml"] = _CERTIFICATE
    service = files["service.yaml"].replace("certificate: null", "certificate: permit")
    files["service.yaml"] = service.replace("kind: document", "kind: certificate")
    for language, words in _TEXTS.items():
        files[f"texts/{language}.yaml"] += words
    return files


def _process(type_: ServiceType) -> str:
    headers = "".join(
        f'<zeebe:header key="{each.name}" value="{each.example}" />' for each in type_.headers
    )

    def task(name: str) -> str:
        inputs = "".join(
            f"<zeebe:input source='{each.example}' target='{each.name}' />"
            for each in type_.inputs
            if each.required or name == "second"
        )
        outputs = "".join(
            f'<zeebe:output source="={each.name}" target="{name}_{each.name}" />'
            for each in type_.results
        )
        return (
            f'<bpmn:serviceTask id="{name}" name="{name}"><bpmn:extensionElements>'
            f'<zeebe:taskDefinition type="{type_.name}" /><zeebe:ioMapping>{inputs}{outputs}'
            f"</zeebe:ioMapping><zeebe:taskHeaders>{headers}</zeebe:taskHeaders>"
            "</bpmn:extensionElements></bpmn:serviceTask>"
        )

    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:test">'
        '<bpmn:process id="inspection" isExecutable="true">'
        f'<bpmn:startEvent id="filed" />{task("first")}{task("second")}'
        '<bpmn:endEvent id="end_issued"><bpmn:extensionElements><zeebe:properties>'
        '<zeebe:property name="outcome" value="issued" /></zeebe:properties>'
        "</bpmn:extensionElements></bpmn:endEvent>"
        '<bpmn:sequenceFlow id="f1" sourceRef="filed" targetRef="first" />'
        '<bpmn:sequenceFlow id="f2" sourceRef="first" targetRef="second" />'
        '<bpmn:sequenceFlow id="f3" sourceRef="second" targetRef="end_issued" />'
        "</bpmn:process></bpmn:definitions>"
    )


def worked(files: Mapping[str, str]) -> Case:
    """The case of the example for real, from end to end."""
    with acting_as(SYSTEM) as system:
        catalogue.publish(calling.CODE, files, actor=system, at=MORNING)
        registers.enter_record(
            register="companies", key="c1", division=0, data=KNOWN, source="test", on=MORNING.date()
        )
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(calling.CODE, actor=wang, at=MORNING)
        answers = {"word": "厂", "place": "222404001001"}
        drafts.keep_answers(draft.id, answers, actor=wang, at=MORNING)
        case = actions.submit_case(draft.id, actor=wang, at=MORNING)
    for _ in range(2):  # what is answered later is answered, as its job would
        with acting_as(SYSTEM):
            call = ServiceCall.objects.filter(case=case, answered_at=None).first()
        if call is not None:
            answer = ports.departments().notify(
                call.headers["department"], call.inputs, key=call.token, at=MORNING
            )
            inbound.complete_service_call(call.pk, answer, at=MORNING)
    return case_now(case.pk)


def outside(rehearsed: Rehearsal, held: InMemoryRegisters) -> dict[str, Any]:
    """What a rehearsal left outside of its case."""
    made = rehearsed.certificate
    return {
        "companies": held.held["companies"],
        "letters": [(each.name, each.title, each.body) for each in rehearsed.letters],
        "certificate": made and [made.holder, *((f.key, f.shown, f.shown_en) for f in made.fields)],
    }


def outside_for_real(case: Case) -> dict[str, Any]:
    """The same of a real one."""
    with acting_as(SYSTEM):
        records = Record.objects.filter(register="companies", source__in=["test", case.number])
        letters = Letter.objects.filter(case=case).order_by("pk")
        issued = Certificate.objects.filter(case_number=case.number, status="valid").first()
        found = issued and [
            issued.holder_name,
            *((f["key"], f["value"]["zh"], f["value"]["en"]) for f in issued.content["fields"]),
        ]
        return {
            "companies": {record.key: record.data for record in records},
            "letters": [(each.kind, each.title["zh"], each.body["zh"]) for each in letters],
            "certificate": found,
        }


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.name)
def test_a_rehearsed_task_does_what_the_real_one_does(
    type_: ServiceType, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, held = files_of(type_), InMemoryRegisters({})

    def keeping(registers: Any) -> InMemoryRegisters:
        nonlocal held
        held = InMemoryRegisters(registers)
        return held

    monkeypatch.setattr(rehearsal, "InMemoryRegisters", keeping)
    pack = read_pack(files)
    rehearsed = rehearse(pack, pack.examples[0])
    case = worked(files)
    assert (rehearsed.outcome, case.outcome) == ("issued", "issued"), rehearsed.findings

    real = {name: from_stored(value) for name, value in case.variables.items()}
    number = str(rehearsed.variables["case_number"])
    for task in ("first", "second"):
        for result in type_.results:
            name = f"{task}_{result.name}"
            one, other = rehearsed.variables[name], real[name]
            assert result.fits(one), (name, one)
            assert result.fits(other), (name, other)
            if not result.made_up:
                assert _as(one, number, case.number) == to_stored(other), name

    assert _as(outside(rehearsed, held), number, case.number) == to_stored(outside_for_real(case))

    with acting_as(SYSTEM):
        history = cases.history(case)
    own = [each for each in history if each.verb not in ("case.submitted", "case.ended")]
    assert [(each.verb, each.what) for each in own] == [
        (verb.id, entry_words(verb.id, data, pack)) for verb, data in rehearsed.recorded
    ]
    assert {each.verb for each in own} == {verb.id for verb in type_.verbs}


def _as(value: Any, number: str, real: str) -> Any:
    """A rehearsed value with the number of the real case in place of the made-up one."""
    return json.loads(json.dumps(to_stored(value)).replace(number, real))


def test_every_type_has_a_handler_and_every_handler_a_type() -> None:
    assert SERVICES.keys() == service_types().keys()


def test_a_handler_of_no_declared_type_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="declared as festival\\.plan"):
        casestep.service("festival.plan")


def test_a_type_that_nobody_does_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SERVICES, "letter.send")
    with pytest.raises(ValueError, match="letter\\.send"):
        casestep.check_handlers()
