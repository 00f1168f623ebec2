"""Reading service.yaml into a ServiceItem, with every fault named by its line."""

from __future__ import annotations

import re

from xiangyun.kernel.codes import department
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields, may_be_string, read_text, some_of, whole
from xiangyun.kernel.packfile.formulas import field_formula
from xiangyun.kernel.packfile.laws import read_basis
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.payment import read_fee_item
from xiangyun.kernel.service import earlier, meanings, sections, times
from xiangyun.kernel.service import model as of
from xiangyun.kernel.service.enquiries import read_enquiries
from xiangyun.kernel.service.namecheck import read_name_check
from xiangyun.kernel.service.numbers import read_number
from xiangyun.kernel.service.openings import read_openings
from xiangyun.kernel.service.retention import read_retention
from xiangyun.kernel.service.secrecy import read_circle
from xiangyun.kernel.service.whichcase import read_which_case
from xiangyun.kernel.service.written import WRITTEN

FILE = "service.yaml"
_CODED = ("", "1", "2", "3", "4")
"""Levels of which six digits name each division; "" where the level could not be read."""


def read_service(root: Node, report: Report) -> of.ServiceItem:
    """The service item; faults are reported, and the value is only good when there are none."""
    f = Fields(root, report, examples=WRITTEN)
    body = sections.authority(f)
    limits = times.read_time(f)
    stages, stage_limits, unannounced = times.read_stages(f)
    outcomes, actions = meanings.read_outcomes(f, stages), meanings.read_actions(f)
    if not f.has("outcomes"):
        outcomes, actions, unannounced = earlier.OUTCOMES, earlier.ACTIONS, earlier.UNANNOUNCED
        report(earlier.undeclared(f.place()))
    overseer = f.string("overseer", required=False) or times.OVERSEER
    roles = f.strings("roles")
    topics = f.section("topics") or Fields(Node({}, root.place, root.place), lambda _: None)
    area = f.section("area") or Fields(Node({}, root.place, root.place), lambda _: None)
    circle = read_circle(f, overseer)
    found = of.ServiceItem(
        code=f.string("code"),
        version=whole(f, "version"),
        state=f.one_of("state", of.STATES),
        name=f.words("name"),
        everyday_name=f.words("everyday_name"),
        also_called=f.strings("also_called", required=False),
        summary=f.words("summary"),
        item_type=f.one_of("item_type", of.ITEM_TYPES),
        power_source=f.one_of("power_source", of.POWER_SOURCES),
        level=f.one_of("level", of.LEVELS),
        basic_code=f.string("basic_code"),
        handling_item=f.string("handling_item"),
        authority=body,
        department=_department(f),
        parties=tuple(
            sections.party(Fields(node, report, "parties"))
            for node in f.each("parties", required=False)
        ),
        circle=circle,
        joint_departments=f.strings("joint_departments"),
        applicants=some_of(f, "applicants", of.APPLICANTS),
        filing_desks=some_of(f, "filing_desks", of.DESKS),
        handling_kind=f.one_of("handling_kind", of.HANDLING_KINDS),
        special_procedures=f.strings("special_procedures"),
        accept_conditions=tuple(read_text(node, report) for node in f.each("accept_conditions")),
        statutory=limits.statutory,
        promised=limits.promised,
        kinds=limits.kinds,
        extension=limits.extension,
        fee=sections.fee(f),
        visits=whole(f, "visits"),
        visit_reason=f.text("visit_reason"),
        online=f.boolean("online"),
        online_depth=f.one_of("online_depth", of.DEPTHS),
        single_sign_on=f.boolean("single_sign_on"),
        pay_online=f.boolean("pay_online"),
        by_post=f.boolean("by_post"),
        appointment=f.boolean("appointment"),
        self_service_terminal=f.boolean("self_service_terminal"),
        in_service_hall=f.boolean("in_service_hall"),
        area=area.one_of("kind", of.AREAS),
        area_explained=area.text("explained", required=False),
        quota=f.text("quota"),
        agencies=f.strings("agencies"),
        town=may_be_string(f, "town"),
        village=may_be_string(f, "village"),
        result=sections.result(f),
        legal_basis=tuple(
            read_basis(Fields(node, report, "legal_basis")) for node in f.each("legal_basis")
        ),
        materials=tuple(
            sections.material(Fields(node, report, "materials")) for node in f.each("materials")
        ),
        stages=stages,
        stage_limits=stage_limits,
        unannounced=unannounced,
        outcomes=outcomes,
        actions=actions,
        overseer=overseer,
        roles=roles,
        openings=read_openings(f, roles),
        person_topics=topics.strings("person", required=False),
        company_topics=topics.strings("company", required=False),
        life_event=meanings.read_life_event(topics),
        places=sections.places(f),
        hours=f.words("hours"),
        enquiries=f.words("enquiries"),
        complaints=f.words("complaints"),
        remedies=sections.remedies(f),
        planned_from=f.day("planned_from"),
        planned_until=f.day("planned_until"),
        subject=field_formula(f, "subject"),
        competent_question=f.string("competent_question"),
        public_decisions=f.strings("public_decisions", required=False),
        unverified=tuple(read_text(node, report) for node in f.each("unverified", required=False)),
        numbers=tuple(
            read_number(Fields(node, report, "numbers"))
            for node in f.each("numbers", required=False)
        ),
        fees=tuple(
            read_fee_item(Fields(node, report, "fees")) for node in f.each("fees", required=False)
        ),
        asked_in_case=read_enquiries(f, roles, circle.need),
        name_check=read_name_check(f),
        which_case=read_which_case(f),
        process=f.string("process", required=False) or "",
        retention=read_retention(f),
    )
    topics.done()
    area.done()
    f.done()
    _check(found, f, report)
    return found


def _department(f: Fields) -> str:
    """The key of the department that the service belongs to, in its one spelling."""
    given = f.string("department", required=False)
    if given and department.department(given) is None:
        f.report(
            unknown(
                "pack.E016",
                Text("部门", "department"),
                given,
                department.DEPARTMENTS,
                f.place("department"),
            )
        )
        return ""
    return department.spelled(given)


def _check(found: of.ServiceItem, f: Fields, report: Report) -> None:
    """Rules between fields: codes are whole, promises keep to the law, visits have a reason."""
    for key, code, length, example in (
        ("basic_code", found.basic_code, 12, "000131127004"),
        ("handling_item", found.handling_item, 2, "01"),
    ):
        if code and not (len(code) == length and re.fullmatch("[0-9A-Z]+", code)):
            report(_wrong_code(key, length, example, f.place(key)))
    if found.level not in _CODED:
        report(
            fault(
                "pack.E006",
                Text(
                    "实施主体编码的规则只到县级：乡镇、村的代码不能由六位区划唯一推出。",
                    "The rule of the authority’s code reaches down to counties: six digits do not "
                    "tell two towns apart.",
                ),
                f.place("level"),
                Text("请把 level 改为 1 至 4。", "Make level 1, 2, 3 or 4."),
            )
        )
    if found.visits and found.visit_reason is None:
        report(
            fault(
                "pack.E005",
                Text(
                    "要到现场的，须写明原因。", "Where a visit is needed, its reason is needed too."
                ),
                f.place("visits"),
                Text(
                    "请填 visit_reason，或把 visits 改为 0。",
                    "Fill in visit_reason, or make visits 0.",
                ),
            )
        )
    _check_materials(found, f, report)
    times.check_time(found, f, report)


def _check_materials(found: of.ServiceItem, f: Fields, report: Report) -> None:
    """Whoever checks a promise, or is told of a paper that did not come, is of the service."""
    officials = [role for role in found.roles if role != of.APPLICANT]
    for material in found.materials:
        promise, later = material.instead.promise, material.instead.later
        for role in (promise.checked_by if promise else "", later.told if later else ""):
            if role and role not in officials:
                word = Text("岗位", "role")
                report(unknown("pack.E664", word, role, officials, f.place("materials")))


def _wrong_code(key: str, length: int, example: str, place: Place) -> Finding:
    return fault(
        "pack.E007",
        Text(
            "“{key}”应为 {length} 位数字和大写字母。",
            "“{key}” has {length} digits and capitals.",
            key=key,
            length=length,
        ),
        place,
        Text("例如 {example}。", "For example {example}.", example=example),
    )
