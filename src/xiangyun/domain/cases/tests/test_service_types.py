"""Every type of service task, rehearsed and for real: the same results, outside and history.

A service of two tasks is made from what the type declares; the second has all inputs and may use
what the first brought. A new type needs no line here, unless others have to allow what it does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from unittest import mock

import pytest

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.bookings import lists
from xiangyun.domain.bookings.rows import Asked
from xiangyun.domain.cases import actions, drafts, inbound, openings, ports
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers import SERVICES, casestep
from xiangyun.domain.cases.handlers.carrying import CARRIERS
from xiangyun.domain.cases.models import Case, Letter, ServiceCall
from xiangyun.domain.cases.openings import Begun, Subject
from xiangyun.domain.cases.queries.entries import entry_words, names_in
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.domain.certificates import actions as certificates
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.certificates.ports import signer
from xiangyun.domain.certificates.tests.conftest import licence
from xiangyun.domain.exchange import sending
from xiangyun.domain.exchange.models import Outgoing
from xiangyun.domain.messaging.models import Message
from xiangyun.domain.payments import settling
from xiangyun.domain.payments.tests import digging
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries as held
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.feel import from_stored, to_stored
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import (
    Known,
    Rehearsal,
    published_pack,
    read_contents,
    read_pack,
    registers_in,
    rehearsal,
    rehearse,
)
from xiangyun.kernel.pack.heldregisters import DeclaredRegisters
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.bookables import ListLine
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.tasks import certificate_end, payment_ask, service_types

from . import calling
from .situations import MORNING, actor, submitted
from .waiting import case_now

ELSEWHERE = {"draw.recuse": "domain/draws/tests/test_recusal.py"}
"""Types that need what a long way leads to, such as a drawn visit, and where they are tried."""
TYPES = tuple(each for each in service_types().values() if each.name not in ELSEWHERE)
KNOWN = {
    "code": "c1",
    "name": "祥云",
    "capital": "100",
    "founded": "2026-01-02",
    "division": "222404000000",
}
OTHER = {"code": "c3", "name": "云"}
"""What the register holds beforehand."""
_REGISTER = f"""\
code: sample
formerly: [samples]
name: {{zh-Hans: 样品库, en: Samples}}
department: market-supervision
key: code
laws: [{{law: {{zh-Hans: 测试, en: A test}}, article: 第一条, verified: true}}]
fields:
  - {{name: code, type: text, required: true, words: {{zh-Hans: 代码, en: Code}}}}
  - {{name: name, type: text, searched: code, words: {{zh-Hans: 名称, en: Name}}}}
  - {{name: capital, type: number, scale: 2, words: {{zh-Hans: 资本, en: Capital}}}}
  - {{name: founded, type: date, words: {{zh-Hans: 成立, en: Founded}}}}
  - {{name: division, type: text, format: division, words: {{zh-Hans: 区划, en: Place}}}}
writers: [{calling.CODE}]
examples: [{{data: {{code: c1}}}}]
"""
_FIELDS = {
    "record": """<zeebe:input source='="c2"' target='code' />
        <zeebe:input source='="云"' target='name' />
        <zeebe:input source='=date("2026-03-01")' target='founded' />
        <zeebe:input source='=0.50' target='capital' />""",
    "correct": "<zeebe:input source='=12.5' target='capital' />"
    "<zeebe:input source='=null' target='founded' />",
}
"""Fields that a task writes, by what it does with the register."""
_ANSWERS = {"case.open": """<zeebe:input source='="金样一"' target='household' />"""}
"""Further inputs of a type: what the form of the other service asks."""
_OPENED = "visits/home"
"""The service that a case opens a case of."""
_DRAW = {"draw": "enforcement/inspection:companies"}
_EXAMPLES = {
    ("draw.plan", "first"): _DRAW,
    ("draw.plan", "second"): _DRAW,
    ("register.rectify", "first"): {"register": "sample", "key": "c3", "field": "capital"},
    ("register.rectify", "second"): {"register": "sample", "key": "c1", "objected": "祥云"},
}
"""Inputs in place of a type's own: a draw that is declared; and for the records below, what was
empty stays so, then a name as it was objected to."""

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
    "message.told.title: 请带原件\n"
    "message.told.body: 您填的是{application.word}。\n"
    "message.told.short: 请带原件来{application.word}\n"
    "entry.told.title: 上门核查\n"
    "entry.told.body: 请在{application.word}等候。\n"
    "work.lab: 化验\n",
    "en": "letter.told.title: Notice\nletter.told.body: '{application.word}. {findings}'\n"
    "message.told.title: Bring it\nmessage.told.body: '{application.word}.'\n"
    "message.told.short: Bring it to {application.word}\n"
    "entry.told.title: A visit\nentry.told.body: Wait at {application.word}.\n"
    "work.lab: Testing\nelement.first: First\nelement.second: Second\n",
}
_CONNECTOR = f"""\
code: lab
name: {{zh-Hans: 检测机构, en: Laboratory}}
organisation: "91220000MB000005XD"
packs: [{calling.CODE}]
without_address: simulated
rights: [{{basis: 协议, verified: false}}]
sends:
  test:
    name: {{zh-Hans: 检测, en: Test}}
    body: "={{wanted: true}}"
    schema: {{type: object}}
    answer:
      schema: {{type: object, properties: {{good: {{type: boolean}}, on: {{format: date}}}}}}
      result: "={{good: good, on: date(on)}}"
examples:
  - {{sends: test, answers: {{good: true, on: =string(today)}}}}
"""
_REQUIREMENT = f"""\
code: word-kept
name: {{zh-Hans: 守信, en: A word kept}}
basis: 测试
services: [{calling.CODE}]
evidence:
  - code: test
    name: {{zh-Hans: 检测报告, en: Report}}
    providers:
      - organisation: "91220000MB000005XD"
        name: {{zh-Hans: 检测机构, en: Laboratory}}
        connector: lab
        message: test
  - code: elsewhere
    name: {{zh-Hans: 外地检测报告, en: Report from elsewhere}}
    providers:
      - organisation: "91220000MB000005XD"
        name: {{zh-Hans: 外地检测机构, en: Laboratory elsewhere}}
        places: ["21"]
        connector: lab
        message: test
"""
_RESOURCES = """\
resources:
  - id: desk
    name: {zh-Hans: 窗口, en: Counter}
    place: "222404000000"
    slot: PT30M
    capacity: 2
    lanes: [{id: all, name: {zh-Hans: 全部, en: All}, priority: 1}]
    opening: [{days: working, hours: "8:30-12:00"}]
    opens: P30D
    closes: PT1H
    cancel: PT1H
    hold: PT1H
    waiting: 5
    extension: {days: 7, hours: 10}
"""
_NUMBERS = """
numbers:
  - name: decision
    words: {zh-Hans: 决定书文号, en: Number of the decision}
    per: [year, county]
    format: "{place.name}测〔{year}〕{serial}号"
"""
_FEES = """
fees:
  - code: reinstatement
    name: {zh-Hans: 修复费, en: Reinstatement fee}
    payer: applicant
    amount: =860
    days: 5
    basis: 测试
    verified: false
"""
_HELD = certificate_end.TYPE.inputs[0].example.strip('="')
_HOLDS = f"""\
certificates: [{{identifier: {_HELD}, kind: permit, number: P-0, issued_on: 2026-04-08}}]
"""
_PAID = "[{payment: reinstatement, action: paid, amount: 860.00}]"
_EXAMPLE = f"""\
title: {{zh-Hans: 测试, en: A test}}
situation: {{zh-Hans: 测试。, en: A test.}}
division: {{code: "222404000000", path: [吉林省, 延边朝鲜族自治州, 珲春市]}}
filed_at: 2026-04-09 08:40
filing: {{desk: null, by: 金样一}}
answers: {{word: 厂, place: "222404001001"}}
registers: {{sample: {json.dumps([KNOWN, OTHER], ensure_ascii=False)}}}
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
    told = {
        kind: ", ".join(2 * [each.example for each in type_.headers if each.kind == kind])
        for kind in ("letter", "message", "entry")
    }
    entries = "" if type_.name == "calendar.cancel" else told["entry"]
    expected = f"letters: [{told['letter']}], messages: [{told['message']}], entries: [{entries}]"
    files["examples/01-test.yaml"] = _EXAMPLE.replace("letters: []", expected)
    files["certificate.yaml"] = _CERTIFICATE
    files["registers/sample.yaml"] = _REGISTER
    if type_.name == "connector.call":
        files["connectors/lab.yaml"] = _CONNECTOR
    if type_.name == "evidence.providers":
        files["connectors/lab.yaml"] = _CONNECTOR
        files["requirements/word.yaml"] = _REQUIREMENT
    if any(each.kind == "resource" for each in type_.headers):
        files["resources.yaml"] = _RESOURCES
    service = files["service.yaml"].replace("certificate: null", "certificate: permit")
    files["service.yaml"] = service.replace("kind: document", "kind: certificate") + _NUMBERS
    for language, words in _TEXTS.items():
        files[f"texts/{language}.yaml"] += words
    if any(each.kind == "fee" for each in type_.headers):
        service = service.replace("charged: false", "charged: true")
        service = service.replace("pay_online: false", "pay_online: true")
        files["service.yaml"] = service.replace("kind: document", "kind: certificate") + _FEES
    if type_.waits is not None:
        steps = f"steps: [{{repeat: 2, of: {_PAID}}}]"
        files["examples/01-test.yaml"] = files["examples/01-test.yaml"].replace("steps: []", steps)
    if type_.name == "certificate.end":
        files["examples/01-test.yaml"] += _HOLDS
    if type_.name == "booking.take":
        files["service.yaml"] += "openings: [applicant, case]\n"
    if type_.name == "register.rectify":
        files["registers/sample.yaml"] += f"objection: {calling.CODE}\n"
    return files


def _process(type_: ServiceType) -> str:
    named = {"register": "sample" if type_.register else "samples", "service": _OPENED,
             "resource": f"{calling.CODE}:desk"}  # fmt: skip
    headers = "".join(
        f'<zeebe:header key="{each.name}" value="{named.get(each.name, each.example)}" />'
        for each in type_.headers
    )

    def task(name: str) -> str:
        inputs = "".join(
            f"<zeebe:input source='{_example(type_, each, name)}' target='{each.name}' />"
            for each in type_.inputs
            if each.required or name == "second"
        )
        inputs += _FIELDS.get(type_.register, "") + _ANSWERS.get(type_.name, "")
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


def _example(type_: ServiceType, argument: Argument, task: str) -> str:
    """What a record is ended by is another in the second task: it is there no more."""
    if type_.register == "end" and argument.name == "key" and task == "second":
        return '="c3"'
    given = _EXAMPLES.get((type_.name, task), {}).get(argument.name)
    return argument.example if given is None else f'="{given}"'


def published(files: Mapping[str, str], type_: ServiceType) -> None:
    """The service, offered; one with a type of earlier versions was published by these."""
    with acting_as(SYSTEM) as system:
        if type_.name == "case.open":
            opened = read_folder(calling.PACK.parents[1] / _OPENED)
            opened["service.yaml"] += "openings: [applicant, case]\n"
            catalogue.publish(_OPENED, opened, actor=system, at=MORNING)
        if not type_.instead and type_.name != "register.rectify":
            catalogue.publish(calling.CODE, files, actor=system, at=MORNING)
            return
        # What is no more to be used; and a form for objections, which is no matter of a task.
        with pytest.raises(Refused, match=r"pack\.E0(55|75)"):
            catalogue.publish(calling.CODE, files, actor=system, at=MORNING)
        path = "registers/sample.yaml"
        catalogue.publish(calling.CODE, {path: _REGISTER}, actor=system, at=MORNING)
        registers.declare(files[path], path, calling.CODE, at=MORNING)
        ServiceVersion.objects.create(
            code=calling.CODE, number=1, digest="", files=files, published_at=MORNING
        )


def worked(files: Mapping[str, str], type_: ServiceType) -> Case:
    """The case of the example for real, from end to end."""
    published(files, type_)
    with acting_as(SYSTEM):
        for data in (KNOWN, OTHER):
            registers.enter_record(
                register="sample",
                key=data["code"],
                division=0,
                data=data,
                source="test",
                on=date(2026, 1, 2),
            )
    wang = actor("wang")
    if type_.name == "certificate.end":
        held_by(wang)
    if type_.name == "booking.take":
        return opened_by_one_that_booked_a_list(wang)
    with acting_as(wang):
        draft = drafts.start_draft(calling.CODE, actor=wang, at=MORNING)
        answers = {"word": "厂", "place": "222404001001"}
        drafts.keep_answers(draft.id, answers, actor=wang, at=MORNING)
        case = actions.submit_case(draft.id, actor=wang, at=MORNING)
    for _ in range(2):  # what is answered later is answered, as its job would
        with acting_as(SYSTEM):
            call = ServiceCall.objects.filter(case=case, answered_at=None).first()
        if call is not None and call.type == payment_ask.TYPE.name:
            digging.take(digging.paid(order := digging.last_order(case), at=MORNING))
            settling.bring(order.pk, at=MORNING)
        elif call is not None and call.type in CARRIERS:
            with acting_as(SYSTEM):
                [message] = Outgoing.objects.filter(token=call.token, case=case)
            sending.send(message.pk, at=MORNING)
        elif call is not None:
            answer = ports.departments().notify(
                call.headers["department"], call.inputs, key=call.token, at=MORNING
            )
            inbound.complete_service_call(call.pk, answer, at=MORNING)
    return case_now(case.pk)


def held_by(wang: Actor) -> None:
    """The certificate that is ended: drawn once, so that the drawing can name it."""
    with mock.patch.object(certificates, "next_identifier", return_value=_HELD):
        certificates.issue(
            replace(licence(), id="permit"),
            owner=wang.subject,
            case_number=None,
            actor=SYSTEM,
            at=MORNING,
            signer=signer(),
        )


def opened_by_one_that_booked_a_list(founder: Actor) -> Case:
    """The same, opened by another case, which has booked by a list what the tasks take over."""
    other, desk = submitted(founder), f"{calling.CODE}:desk"
    reference = "吉H12345"
    with acting_as(SYSTEM):
        for hour in (9, 10):
            begins = MORNING.replace(day=13, hour=hour, minute=0)
            lists.book_list(
                desk,
                [ListLine("all", 1, reference, {}, begins)],
                begins,
                actor=SYSTEM,
                at=MORNING,
                party=other.owner,
                case=Asked(other.pk, calling.CODE, {}),
            )
    answers = {"word": "厂", "place": "222404001001"}
    begun = Begun("case", "test", Subject(party=other.owner), answers, source=other.number)
    case, _ = openings.open_case(calling.CODE, begun, at=MORNING)
    return case_now(case.pk)


def outside(rehearsed: Rehearsal, kept: DeclaredRegisters) -> dict[str, Any]:
    """What a rehearsal left outside of its case."""
    made = rehearsed.certificate
    return {
        "sample": kept.held["sample"],
        "letters": [(each.name, each.title, each.body) for each in rehearsed.letters],
        "messages": [(each.name, each.title, each.body) for each in rehearsed.messages],
        "entries": [(each.name, each.title) for each in rehearsed.entries],
        "certificate": made and [made.holder, *((f.key, f.shown, f.shown_en) for f in made.fields)],
    }


def outside_for_real(case: Case) -> dict[str, Any]:
    """The same of a real one."""
    with acting_as(SYSTEM):
        keys = ("c1", "c2", "c3", "9122TEST", case.number)
        records = [held.state("sample", key, as_of=MORNING.date()) for key in keys]
        letters = Letter.objects.filter(case=case).order_by("pk")
        issued = Certificate.objects.filter(case_number=case.number, status="valid").first()
        found = issued and [
            issued.holder_name,
            *((f["key"], f["value"]["zh"], f["value"]["en"]) for f in issued.content["fields"]),
        ]
        told = Message.objects.filter(case=case, letter=None).order_by("pk")
        return {
            "messages": [
                (each.name, each.title["zh"], each.body["zh"])
                for each in told
                if each.kind == "notice"
            ],
            "entries": [(each.name, each.title["zh"]) for each in told if each.kind == "entry"],
            "sample": {record.key: record.data for record in records if record},
            "letters": [(each.kind, each.title["zh"], each.body["zh"]) for each in letters],
            "certificate": found,
        }


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.name)
def test_a_rehearsed_task_does_what_the_real_one_does(
    type_: ServiceType, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, kept = files_of(type_), DeclaredRegisters({}, {})

    def keeping(registers: Any, declared: Mapping[str, Register]) -> DeclaredRegisters:
        nonlocal kept
        kept = DeclaredRegisters(registers, declared)
        return kept

    monkeypatch.setattr(rehearsal, "DeclaredRegisters", keeping)
    pack = published_pack(files) if type_.instead else read_pack(files)
    declared = registers_in(Known(read_contents(files, calling.CODE).declarations))
    rehearsed = rehearse(pack, pack.examples[0], registers=declared)
    case = worked(files, type_)
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
            elif isinstance(one, list):  # of made-up rows the numbers alone are made up
                assert _unnumbered(one) == _unnumbered(other), name

    assert _as(outside(rehearsed, kept), number, case.number) == to_stored(outside_for_real(case))

    with acting_as(SYSTEM):
        history = cases.history(case)
        names = names_in(data for _, data in rehearsed.recorded)
    own = [
        each for each in history if each.verb not in ("case.submitted", "case.opened", "case.ended")
    ]
    assert [(each.verb, each.what) for each in own] == [
        (verb.id, entry_words(verb.id, data, pack, names)) for verb, data in rehearsed.recorded
    ]
    assert {each.verb for each in own} == {verb.id for verb in type_.verbs}


_COMES_AND_GOES = ("case.submitted", "case.opened", "case.ended")


def _unnumbered(rows: Any) -> list[dict[str, Any]]:
    return [
        {name: to_stored(each) for name, each in row.items() if name != "number"} for row in rows
    ]


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
