"""Reading service.yaml into a ServiceItem, with every fault named by its line."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from xiangyun.kernel.codes import division, uscc
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack import item as of
from xiangyun.kernel.pack.faults import did_you_mean, fault
from xiangyun.kernel.pack.fields import Fields, read_text
from xiangyun.kernel.pack.formulas import field_formula
from xiangyun.kernel.pack.yamltext import Node, Report

FILE = "service.yaml"


def read_item(root: Node, report: Report) -> of.ServiceItem:
    """The item; faults are reported, and the value is only good when there are none."""
    f = Fields(root, report)
    authority = _authority(f)
    limits = f.section("time_limit")
    statutory = _limit(limits, "statutory")
    promised = _limit(limits, "promised")
    extension = _limit(limits, "extension") if limits and limits.has("extension") else None
    if limits:
        limits.take("extension", required=False)
        limits.done()
    topics = f.section("topics") or Fields(Node({}, root.place, root.place), lambda _: None)
    area = f.section("area") or Fields(Node({}, root.place, root.place), lambda _: None)
    found = of.ServiceItem(
        code=f.string("code"),
        version=_whole(f, "version"),
        state=f.one_of("state", of.STATES),
        name=f.words("name"),
        everyday_name=f.words("everyday_name"),
        summary=f.words("summary"),
        item_type=f.one_of("item_type", of.ITEM_TYPES),
        power_source=f.one_of("power_source", of.POWER_SOURCES),
        level=f.one_of("level", of.LEVELS),
        basic_code=f.string("basic_code"),
        implementation_code=f.string("implementation_code"),
        handling_code=f.string("handling_code"),
        authority=authority,
        joint_departments=f.strings("joint_departments"),
        applicants=_some_of(f, "applicants", of.APPLICANTS),
        filing_desks=_some_of(f, "filing_desks", of.DESKS),
        handling_kind=f.one_of("handling_kind", of.HANDLING_KINDS),
        special_procedures=f.strings("special_procedures"),
        accept_conditions=tuple(read_text(node, report) for node in f.each("accept_conditions")),
        statutory=statutory,
        promised=promised,
        extension=extension,
        fee=_fee(f),
        visits=_whole(f, "visits"),
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
        town=_may_be_string(f, "town"),
        village=_may_be_string(f, "village"),
        result=_result(f),
        legal_basis=tuple(
            _basis(Fields(node, report, "legal_basis")) for node in f.each("legal_basis")
        ),
        materials=tuple(
            _material(Fields(node, report, "materials")) for node in f.each("materials")
        ),
        stages=f.strings("stages"),
        roles=f.strings("roles"),
        person_topics=topics.strings("person", required=False),
        company_topics=topics.strings("company", required=False),
        life_event=topics.string("life_event", required=False),
        places=tuple(_office(Fields(node, report, "place")) for node in f.each("place")),
        hours=f.words("hours"),
        enquiries=f.words("enquiries"),
        complaints=f.words("complaints"),
        remedies=_remedies(f),
        planned_from=f.day("planned_from"),
        planned_until=f.day("planned_until"),
        subject=field_formula(f, "subject"),
        competent_question=f.string("competent_question"),
        unverified=tuple(read_text(node, report) for node in f.each("unverified", required=False)),
    )
    topics.done()
    area.done()
    f.done()
    _check(found, f, report)
    return found


def _authority(f: Fields) -> of.Authority:
    a = f.section("authority") or Fields(Node({}, f.place(), f.place()), lambda _: None)
    found = of.Authority(
        a.words("name"),
        a.string("code"),
        a.one_of("kind", of.AUTHORITY_KINDS),
        a.text("entrusted_by"),
        a.string("division"),
        a.strings("path"),
    )
    a.done()
    for key, wrong in (
        ("code", uscc.problem(found.code) if found.code else None),
        ("division", division.problem(found.division) if found.division else None),
    ):
        if wrong:
            f.report(moved(wrong, a.place(key)))
    return found


def _limit(limits: Fields | None, key: str) -> of.TimeLimit:
    s = limits.section(key) if limits else None
    if s is None:
        return of.TimeLimit(0, "", "", False)
    found = of.TimeLimit(
        _whole(s, "days"),
        s.one_of("unit", of.UNITS),
        _law(s, s.node),
        s.boolean("verified"),
        s.text("explained", required=False),
    )
    s.done()
    return found


def _fee(f: Fields) -> of.Fee:
    s = f.section("fee")
    if s is None:
        return of.Fee(False, Decimal(0), Text("", ""), "", False)
    found = of.Fee(
        s.boolean("charged"),
        s.number("amount"),
        s.words("explained"),
        _law(s, s.node),
        s.boolean("verified"),
    )
    s.done()
    if not found.charged and found.amount:
        f.report(
            fault(
                "pack.E006",
                Text("不收费的事项金额应为 0。", "An item without a fee has the amount 0."),
                s.place("amount"),
            )
        )
    return found


def _basis(b: Fields) -> of.Basis:
    found = of.Basis(b.words("law"), b.string("article"), b.boolean("verified"))
    b.done()
    return found


def _material(m: Fields) -> of.Material:
    found = of.Material(
        key=m.string("key"),
        name=m.words("name"),
        necessity=m.one_of("necessity", of.NECESSITIES),
        origin=m.one_of("origin", of.ORIGINS),
        question=_may_be_string(m, "question"),
        form=m.one_of("form", of.FORMATS),
        original=m.boolean("original"),
        copies=_whole(m, "copies"),
        page_format=_may_be_string(m, "page_format"),
        standard=m.words("standard"),
        basis=_law(m, m.node),
        verified=m.boolean("verified"),
    )
    m.done()
    return found


def _result(f: Fields) -> of.Result:
    r = f.section("result")
    if r is None:
        return of.Result(Text("", ""), "", None, None)
    found = of.Result(
        r.words("name"),
        r.one_of("kind", of.RESULT_KINDS),
        _may_be_string(r, "certificate"),
        _may_be_string(r, "sample"),
    )
    r.done()
    return found


def _office(p: Fields) -> of.Office:
    found = of.Office(p.words("name"), p.words("address"), p.string("division"))
    p.done()
    if found.division and (wrong := division.problem(found.division)):
        p.report(moved(wrong, p.place("division")))
    return found


def _remedies(f: Fields) -> tuple[of.Remedy, ...]:
    section = f.take("remedies")
    found = []
    for kind, node in section.items() if section else ():
        r = Fields(node, f.report, kind)
        unit = "months" if r.has("months") else "days"
        found.append(
            of.Remedy(
                kind, _whole(r, unit), unit, r.words("to"), _law(r, node), r.boolean("verified")
            )
        )
        r.done()
    return tuple(found)


def _law(f: Fields, node: Node) -> str:
    """The legal basis of a figure or a duty: none is a fault of its own."""
    f.taken.add("basis")
    basis = node.get("basis")
    if basis is None or not isinstance(basis.value, str) or not basis.value.strip():
        f.report(no_basis(f.name, basis.place if basis else node.place))
        return ""
    return basis.value.strip()


def no_basis(name: str, place: Place) -> Finding:
    """A figure without a legal basis."""
    return fault(
        "pack.E010",
        Text(f"“{name}”没有写法律依据。", f"“{name}” has no legal basis."),
        place,
        Text(
            "请补 basis，例如“《公司法》（2023年修订）第四十七条”；未核对的另写 verified: false。",
            "Add `basis`, the law and its article; where it is from memory, say verified: false.",
        ),
    )


def _whole(f: Fields, key: str) -> int:
    number = f.number(key)
    if number != int(number) or number < 0:
        f.report(
            fault(
                "pack.E006",
                Text(f"“{key}”应为非负整数。", f"“{key}” is a whole number, not negative."),
                f.place(key),
            )
        )
        return 0
    return int(number)


def _may_be_string(f: Fields, key: str) -> str | None:
    if f.has(key):
        return f.string(key) or None
    f.take(key)  # it must be there, if only as null
    return None


def _some_of(f: Fields, key: str, known: Collection[str]) -> tuple[str, ...]:
    found = f.strings(key)
    for value in found:
        if value and value not in known:
            message = Text(f"不认识“{value}”。", f"“{value}” is not known.")
            f.report(fault("pack.E006", message, f.place(key), did_you_mean(value, known)))
    return found


def moved(finding: Finding, place: Place) -> Finding:
    """The same finding at another place."""
    return Finding(finding.id, finding.severity, finding.message, place, finding.hint)


def _check(found: of.ServiceItem, f: Fields, report: Report) -> None:
    """Rules between fields: codes nest, promises keep to the law, visits have a reason."""
    codes = (
        ("basic_code", found.basic_code, 12, "", "000131127004"),
        (
            "implementation_code",
            found.implementation_code,
            31,
            found.authority.code + found.level + found.basic_code,
            "11222404MB0XY0014E4000131127004",
        ),
        (
            "handling_code",
            found.handling_code,
            33,
            found.implementation_code,
            "11222404MB0XY0014E400013112700401",
        ),
    )
    for key, code, length, start, example in codes:
        if code and (
            len(code) != length
            or not (code.isascii() and code.isalnum() and code == code.upper())
            or not code.startswith(start)
        ):
            report(_wrong_code(key, length, start, example, f.place(key)))
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
    if found.promised.unit == found.statutory.unit and found.promised.days > found.statutory.days:
        report(
            fault(
                "pack.E006",
                Text("承诺时限不能长于法定时限。", "The promised time exceeds the statutory time."),
                f.place("time_limit"),
                Text("请缩短 promised 的天数。", "Shorten the days of `promised`."),
            )
        )


def _wrong_code(key: str, length: int, start: str, example: str, place: Place) -> Finding:
    begin = Text(f"，以 {start} 开头", f" and begins with {start}") if start else Text("", "")
    return fault(
        "pack.E007",
        Text(
            f"“{key}”应为 {length} 位数字和大写字母{begin.zh}。",
            f"“{key}” has {length} digits and capitals{begin.en}.",
        ),
        place,
        Text(f"例如 {example}。", f"For example {example}."),
    )
