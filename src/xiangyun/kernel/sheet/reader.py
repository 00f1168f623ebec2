"""Reading a sheet, with every fault by its line."""

from __future__ import annotations

from decimal import Decimal

from xiangyun.kernel.codes import division
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, some_of, whole, wrong_kind
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml
from xiangyun.kernel.service import model as of
from xiangyun.kernel.service.limits import UNITS
from xiangyun.kernel.service.ruling import SEVERITIES
from xiangyun.kernel.service.times import number_key
from xiangyun.kernel.sheet.model import (
    CONTACTS,
    FILE,
    SWITCHES,
    Lighter,
    LocalFee,
    Promise,
    Row,
    Sheet,
    Table,
)

EQUAL = (
    *("code", "name", "everyday_name", "also_called", "summary", "version", "state"),
    *("basic_code", "handling_item", "legal_basis", "item_type", "power_source", "level"),
    *("authority", "department", "joint_departments", "handling_kind", "accept_conditions"),
    *("special_procedures", "time_limit", "statutory", "result", "stages", "outcomes", "actions"),
    *("roles", "parties", "secrecy", "topics", "remedies", "subject", "numbers", "openings"),
    *("competent_question", "public_decisions", "planned_from", "planned_until", "process"),
    "retention",
)
"""Keys of service.yaml that say the same everywhere; no place may have its own."""


def parse_sheet(text: str, file: str = FILE) -> Sheet:
    """The sheet in a text. Raises Refused with every fault; an empty text is one."""
    findings: list[Finding] = []
    root = read_yaml(text, file, findings.append)
    found = read_sheet(root, findings.append) if root else None
    if found is None or findings:
        raise Refused(findings)
    return found


def read_sheet(root: Node, report: Report) -> Sheet:
    """The sheet; faults are reported, and the value is only good when there are none."""
    f = Fields(root, report)
    for key, node in root.items():
        if key in EQUAL:
            f.taken.add(key)
            report(_equal(key, node.place))
    places = {key: node.place for key, node in root.items()}
    contacts = {key: f.words(key) for key in CONTACTS if key in places}
    found = Sheet(
        f.string("item"),
        _division(f),
        {key: words for key, words in contacts.items() if words},
        _promise(f, "promised"),
        _promise(f, "extension"),
        f.strings("waived", required=False),
        _lighter(f),
        _fee(f),
        tuple(_table(node, report, "severity") for node in f.each("acceptance", required=False)),
        whole(f, "visits") if f.has("visits") else None,
        {key: f.boolean(key) for key in SWITCHES if f.has(key)},
        f.one_of("online_depth", of.DEPTHS) if f.has("online_depth") else None,
        f.one_of("area", of.AREAS) if f.has("area") else None,
        some_of(f, "filing_desks", of.DESKS) if f.has("filing_desks") else None,
        some_of(f, "applicants", of.APPLICANTS) if f.has("applicants") else None,
        "quota" in places and not f.has("quota"),
        places,
    )
    if f.has("quota"):
        report(_quota(places["quota"]))
    f.taken |= {"quota", *SWITCHES, *CONTACTS}
    f.done()
    return found


def _division(f: Fields) -> str:
    code = f.string("division")
    if code and (wrong := division.problem(code)):
        f.report(Finding(wrong.id, wrong.severity, wrong.message, f.place("division"), wrong.hint))
        return ""
    return code


def _promise(f: Fields, key: str) -> Promise | None:
    s = f.section(key, required=False)
    if s is None:
        return None
    unit = s.one_of("unit", UNITS)
    found = Promise(whole(s, number_key(unit)), unit, s.node.place)
    s.done()
    return found


def _lighter(f: Fields) -> dict[str, Lighter]:
    section = f.section("materials", required=False)
    found = {}
    for key, node in section.node.items() if section else ():
        m = Fields(node, f.report, key)
        found[key] = Lighter(
            whole(m, "copies") if m.has("copies") else None,
            m.one_of("form", of.FORMATS) if m.has("form") else None,
            m.boolean("original") if m.has("original") else None,
            node.place,
        )
        m.taken |= {"copies", "form", "original"}
        m.done()
    return found


def _fee(f: Fields) -> LocalFee | None:
    s = f.section("fee", required=False)
    if s is None:
        return None
    explained = s.text("explained", required=False)
    if s.has("decision"):
        table = _table(s.node, f.report, "amount")
        return LocalFee(None, explained, table, s.node.place)
    amount = s.number("amount")
    if amount < 0:
        f.report(wrong_kind("amount", s.node, Text("不小于 0 的金额", "an amount of 0 or more")))
        amount = Decimal(0)
    s.done()
    return LocalFee(amount, explained, None, s.node.place)


def _table(node: Node, report: Report, out: str) -> Table:
    s = Fields(node, report)
    rows = tuple(_row(each, report, out) for each in s.each("rows"))
    found = Table(s.string("decision"), rows, node.place)
    s.take("explained", required=False)
    s.done()
    return found


def _row(node: Node, report: Report, out: str) -> Row:
    r = Fields(node, report)
    when = r.section("when", required=False)
    tests = tuple((key, _cell(each)) for key, each in when.node.items()) if when else ()
    severity, amount = "", None
    if out == "amount":
        amount = r.number("amount")
    else:
        severity = r.one_of("severity", SEVERITIES)
    found = Row(r.string("id", out != "amount"), tests, severity, amount, node.place)
    r.done()
    return found


def _cell(node: Node) -> str:
    value = node.value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _equal(key: str, place: Place) -> Finding:
    return fault(
        "sheet.E001",
        Text("“{key}”五级相同，各地不能另写。",
             "“{key}” is equal at five levels; no place has its own.", key=key),
        place,
        Text("请删去这一项；要改，由发布事项的上级改。",
             "Remove it; who published the item changes it for everybody."),
    )  # fmt: skip


def _quota(place: Place) -> Finding:
    return fault(
        "sheet.E019",
        Text("实施清单不能增加数量限制。", "A sheet adds no quota."),
        place,
        Text("可以写 quota: null，取消限制。", "It may lift one: quota: null."),
    )
