"""The national exchange tables of 2020 as CSV, written and read by one declared mapping.

Items: `up_task_general_basic`, `_extend`, `_material`; cases: `up_pro_accept`, `_process`,
`_result`; certificates: `up_lic_data`. Column names as public implementations of the tables have
them; which codes a column takes is from memory and not verified. A column says under which key its
value stands, so that what is written can be read back; reading nothing is an error.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.service.limits import TimeLimit
from xiangyun.kernel.service.model import Material, ServiceItem

Kind = Literal["text", "number", "yes", "day", "codes", "lines"]
Value = str | Decimal | bool | date | tuple[str, ...] | None
Values = Mapping[str, Value]
_SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, the key of its value, and how a cell is written; one that is `required` is never
    empty.

    `codes`: the code of each word; several are joined by commas (`codes`), texts by new lines.
    """

    name: str
    key: str
    kind: Kind = "text"
    required: bool = True
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the exchange: its name and columns, in their order."""

    name: str
    columns: tuple[Column, ...]


_UNITS = {"working_day": "1", "natural_day": "2", "working_hour": "3", "hour": "4"}
_APPLICANTS = {
    "person": "1", "company": "2", "institution": "3", "social": "4", "unincorporated": "5",
    "government": "6", "other": "9",
}  # fmt: skip
_DESKS = {"window": "1", "online": "2", "post": "3", "village_desk": "4"}
_AREAS = {"country": "1", "interprovincial": "2", "province": "3", "prefecture": "4", "county": "5"}
_DEPTHS = {
    "consultation": "1", "receipt": "2", "pre_review": "3", "acceptance": "4", "handling": "5",
    "result": "6", "certificate": "7",
}  # fmt: skip
_STATES = {"in_force": "1", "suspended": "2", "cancelled": "3"}
_SOURCES = {"statutory": "1", "delegated": "2", "authorised": "3"}
_AUTHORITIES = {"statutory_body": "1", "authorised": "2", "entrusted": "3"}
_HANDLING = {"immediate": "1", "promised": "2"}
_RESULTS = {"certificate": "10", "approval": "20", "document": "30"}
_ORIGINS = {"applicant": "10", "government": "20", "register": "30", "generated": "99"}
_FORMATS = {"paper": "1", "electronic": "2", "both": "3"}
_NEEDS = {"required": "1", "conditional": "2"}
_ORIGINAL = {"original": "1", "copy": "2"}


def _c(name: str, key: str, kind: Kind = "text", codes: Mapping[str, str] | None = None) -> Column:
    return Column(name, key, kind, True, codes or {})


def _o(name: str, key: str, kind: Kind = "text", codes: Mapping[str, str] | None = None) -> Column:
    return Column(name, key, kind, False, codes or {})


BASIC = Table(
    "up_task_general_basic",
    (
        _c("row_guid", "guid"),
        _c("catalog_code", "basic_code"),
        _c("task_code", "implementation_code"),
        _c("task_handle_item", "handling_code"),
        _c("local_task_code", "code"),
        _c("task_name", "name"),
        _c("task_type", "item_type"),
        _c("task_version", "version", "number"),
        _c("task_state", "state", codes=_STATES),
        _c("use_level", "level"),
        _c("power_source", "power_source", codes=_SOURCES),
        _c("dept_code", "authority_code"),
        _c("dept_name", "authority_name"),
        _c("dept_type", "authority_kind", codes=_AUTHORITIES),
        _o("entrust_name", "entrusted_by"),
        _c("accept_condition", "accept_conditions", "lines"),
        _o("anticipate_day", "statutory", "number"),
        _c("anticipate_type", "statutory_unit", codes=_UNITS),
        _o("anticipate_explain", "statutory_basis"),
        _o("promise_day", "promised", "number"),
        _c("promise_type", "promised_unit", codes=_UNITS),
        _o("promise_explain", "promised_basis"),
        _c("by_law", "legal_basis", "lines"),
        _c("is_fee", "charged", "yes"),
        _o("fee_basis", "fee_basis"),
        _c("handle_flow", "stages", "lines"),
        _o("handle_type", "desks", "codes", _DESKS),
        _c("limit_scene_num", "visits", "number"),
        _c("link_way", "enquiries"),
        _c("supervise_way", "complaints"),
        _c("project_type", "handling_kind", codes=_HANDLING),
        _c("server_type", "applicants", "codes", _APPLICANTS),
        _o("special_procedure", "special_procedures", "lines"),
        _c("transact_addr", "place"),
        _c("transact_time", "hours"),
        _o("plan_effective_date", "planned_from", "day"),
        _o("plan_cancel_date", "planned_until", "day"),
        _c("is_single_login", "single_sign_on", "yes"),
    ),
)
EXTEND = Table(
    "up_task_general_extend",
    (
        _c("task_guid", "guid"),
        _c("handle_area", "area", codes=_AREAS),
        _c("is_entry_center", "in_service_hall", "yes"),
        _c("is_express", "by_post", "yes"),
        _c("is_online", "online", "yes"),
        _c("is_pay_online", "pay_online", "yes"),
        _c("is_schedule", "appointment", "yes"),
        _c("is_service_terminals", "self_service_terminal", "yes"),
        _o("limit_explain", "quota"),
        _o("limit_scene_explain", "visit_reason"),
        _c("online_handle_depth", "online_depth", codes=_DEPTHS),
        _o("other_dept", "joint_departments", "lines"),
        _c("result_name", "result_name"),
        _c("result_type", "result_kind", codes=_RESULTS),
        _o("service_type", "agencies", "lines"),
        _o("corp_topic_type", "company_topics", "lines"),
        _o("user_topic_type", "person_topics", "lines"),
        _o("town_code", "town"),
        _o("village_code", "village"),
    ),
)
MATERIAL = Table(
    "up_task_general_material",
    (
        _c("task_guid", "guid"),
        _c("row_guid", "key"),
        _c("material_name", "name"),
        _c("material_type", "original", codes=_ORIGINAL),
        _c("material_format", "form", codes=_FORMATS),
        _c("is_need", "necessity", codes=_NEEDS),
        _c("page_num", "copies", "number"),
        _o("page_format", "page_format"),
        _c("source_type", "origin", codes=_ORIGINS),
        _c("accept_stand", "standard"),
        _o("by_law", "basis"),
        _c("order_num", "order", "number"),
    ),
)
ACCEPT = Table(
    "up_pro_accept",
    (
        _c("project_no", "number"),
        _c("task_code", "code"),
        _c("task_name", "name"),
        _c("task_version", "version", "number"),
        _c("apply_date", "applied_on", "day"),
        _o("accept_date", "accepted_on", "day"),
        _o("promise_date", "due_on", "day"),
        _c("applyer_name", "applicant"),
        _c("org_code", "division"),
        _c("project_name", "subject"),
    ),
)
PROCESS = Table(
    "up_pro_process",
    (
        _c("project_no", "number"),
        _c("order_num", "order", "number"),
        _c("process_name", "step"),
        _c("event_name", "action"),
        _c("event_end_time", "at"),
        _c("handle_user_name", "who"),
        _o("handle_explain", "note"),
    ),
)
RESULT = Table(
    "up_pro_result",
    (
        _c("project_no", "number"),
        _c("result_type", "outcome"),
        _c("result_date", "ended_on", "day"),
        _o("result_cetr_name", "certificate_name"),
        _o("result_cetr_no", "certificate_number"),
    ),
)
LICENCES = Table(
    "up_lic_data",
    (
        _c("certificate_source_id", "identifier"),
        _c("certificate_name", "name"),
        _c("certificate_type_code", "type_code"),
        _c("certificate_number", "number"),
        _c("certificate_holder", "holder"),
        _c("certificate_holder_code", "holder_code"),
        _c("issue_dept", "authority"),
        _c("issue_dept_code", "authority_code"),
        _c("issue_date", "issued_on", "day"),
        _o("valid_end_date", "valid_until", "day"),
        _c("certificate_area_code", "division"),
        _c("certificate_state", "status"),
    ),
)
TABLES = {t.name: t for t in (BASIC, EXTEND, MATERIAL, ACCEPT, PROCESS, RESULT, LICENCES)}


# Items ---------------------------------------------------------------------------------------


def basic_values(item: ServiceItem, division: Text, division_code: str) -> dict[str, Value]:
    """What an item says in a division, by the keys of `BASIC`; limits by formula stay empty."""
    body = item.authority_for(division, division_code)
    return {
        "guid": item.handling_code(division_code),
        "basic_code": item.basic_code,
        "implementation_code": item.implementation_code(division_code),
        "handling_code": item.handling_code(division_code),
        "code": item.code,
        "name": item.name.zh,
        "item_type": item.item_type,
        "version": Decimal(item.version),
        "state": item.state,
        "level": item.level,
        "power_source": item.power_source,
        "authority_code": body.code,
        "authority_name": body.name.zh,
        "authority_kind": item.authority.kind,
        "entrusted_by": _zh(item.authority.entrusted_by),
        "accept_conditions": tuple(each.zh for each in item.accept_conditions),
        "statutory": _days(item.statutory),
        "statutory_unit": item.statutory.unit,
        "statutory_basis": item.statutory.basis,
        "promised": _days(item.promised),
        "promised_unit": item.promised.unit,
        "promised_basis": item.promised.basis,
        "legal_basis": tuple(each.words.zh for each in item.legal_basis),
        "charged": item.fee.charged,
        "fee_basis": item.fee.basis,
        "stages": item.stages,
        "desks": item.filing_desks,
        "visits": Decimal(item.visits),
        "enquiries": item.enquiries.zh,
        "complaints": item.complaints.zh,
        "handling_kind": item.handling_kind,
        "applicants": item.applicants,
        "special_procedures": item.special_procedures,
        "place": item.places.general.zh,
        "hours": item.hours.zh,
        "planned_from": item.planned_from,
        "planned_until": item.planned_until,
        "single_sign_on": item.single_sign_on,
    }


def extend_values(item: ServiceItem, division_code: str) -> dict[str, Value]:
    """What an item says by the keys of `EXTEND`."""
    return {
        "guid": item.handling_code(division_code),
        "area": item.area,
        "in_service_hall": item.in_service_hall,
        "by_post": item.by_post,
        "online": item.online,
        "pay_online": item.pay_online,
        "appointment": item.appointment,
        "self_service_terminal": item.self_service_terminal,
        "quota": _zh(item.quota),
        "visit_reason": _zh(item.visit_reason),
        "online_depth": item.online_depth,
        "joint_departments": item.joint_departments,
        "result_name": item.result.name.zh,
        "result_kind": item.result.kind,
        "agencies": item.agencies,
        "company_topics": item.company_topics,
        "person_topics": item.person_topics,
        "town": item.town,
        "village": item.village,
    }


def material_values(item: ServiceItem, division_code: str) -> list[dict[str, Value]]:
    """What each material says by the keys of `MATERIAL`."""
    guid = item.handling_code(division_code)
    return [_material(each, guid, number) for number, each in enumerate(item.materials, 1)]


def _material(each: Material, guid: str, number: int) -> dict[str, Value]:
    return {
        "guid": guid,
        "key": each.key,
        "name": each.name.zh,
        "original": "original" if each.original else "copy",
        "form": each.form,
        "necessity": each.necessity,
        "copies": Decimal(each.copies),
        "page_format": each.page_format,
        "origin": each.origin,
        "standard": each.standard.zh,
        "basis": each.basis,
        "order": Decimal(number),
    }


def _zh(text: Text | None) -> str | None:
    return text.zh if text else None


def _days(limit: TimeLimit) -> Decimal | None:
    return Decimal(limit.number) if isinstance(limit.number, int) else None


# Files ---------------------------------------------------------------------------------------


def written(table: Table, rows: Iterable[Values]) -> str:
    """The rows as CSV (RFC 4180, with CRLF), under the names of the columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for row in rows:
        writer.writerow([_cell(column, row.get(column.key)) for column in table.columns])
    return out.getvalue()


def read(table: Table, text: str, file: str = "") -> list[dict[str, Value]]:
    """The rows of a CSV file, by keys. Raises Refused with every fault, by its line.

    Columns may stand in any order, and further ones beside them; a file without a row is an error.
    """
    name = file or f"{table.name}.csv"
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = next(reader, [])
    faults = [_no_column(name, each.name) for each in table.columns if each.name not in head]
    if faults:
        raise Refused(faults)
    at = {column.name: head.index(column.name) for column in table.columns}
    rows = []
    for cells in reader:
        if not cells:
            continue
        row: dict[str, Value] = {}
        for column in table.columns:
            cell = cells[at[column.name]] if at[column.name] < len(cells) else ""
            if column.required and not cell:
                faults.append(_wrong_cell(name, reader.line_num, column.name, cell))
                continue
            try:
                row[column.key] = _value(column, cell)
            except (ValueError, ArithmeticError, KeyError):
                faults.append(_wrong_cell(name, reader.line_num, column.name, cell))
        rows.append(row)
    if not rows:
        faults.append(_no_row(name))
    if faults:
        raise Refused(faults)
    return rows


def _cell(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        if column.kind == "codes":
            return ",".join(column.codes[each] for each in value)
        return _SEPARATOR.join(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return column.codes[value] if column.codes else value


def _value(column: Column, cell: str) -> Value:
    if column.kind in ("codes", "lines"):
        return _several(column, cell)
    if not cell:
        return None
    if column.kind == "yes":
        return {"1": True, "0": False}[cell]
    if column.kind == "number":
        return Decimal(cell)
    if column.kind == "day":
        return date.fromisoformat(cell)
    return _words(column)[cell] if column.codes else cell


def _several(column: Column, cell: str) -> tuple[str, ...]:
    if not cell:
        return ()
    if column.kind == "codes":
        return tuple(_words(column)[each] for each in cell.split(","))
    return tuple(cell.split(_SEPARATOR))


def _words(column: Column) -> dict[str, str]:
    return {code: word for word, code in column.codes.items()}


def columns_of(name: str) -> Sequence[Column]:
    """The columns of a table by its name. Raises KeyError."""
    return TABLES[name].columns


def _no_column(file: str, column: str) -> Finding:
    return fault(
        "pack.E261",
        Text("缺少列 {column}。", "The column {column} is missing.", column=column),
        Place(file, 1),
        Text("第一行写列名，顺序不限。", "The first line names the columns, in any order."),
    )


def _wrong_cell(file: str, line: int, column: str, cell: str) -> Finding:
    return fault(
        "pack.E262",
        Text("列 {column} 不能是“{cell}”。", "The column {column} cannot be “{cell}”.",
             column=column, cell=cell),
        Place(file, line),
        Text("代码见 docs/reference/national-tables.md。",
             "docs/reference/national-tables.md has the codes."),
    )  # fmt: skip


def _no_row(file: str) -> Finding:
    return fault(
        "pack.E263",
        Text("文件里没有一行数据。", "The file holds no row at all."),
        Place(file),
        Text("没有东西可导入；请看是不是导出了空表。",
             "There is nothing to import; perhaps an empty table was exported."),
    )  # fmt: skip
