"""The forms about people of an office: their fields, and what was typed into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import QueryDict

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.staff import checks
from xiangyun.domain.staff.access import reaches
from xiangyun.domain.staff.queries import Person
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.kernel.codes.department import DEPARTMENTS
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.pack.kinds.role import DeclaredRole

_FIELD_OF = {
    "staff.E003": "division",
    "staff.E005": "to",
    "staff.E007": "login",
    "staff.E008": "password",
    "staff.E010": "name",
    "staff.E011": "role",
    "staff.E012": "department",
    "staff.E013": "division",
    "staff.E018": "department",
    "staff.E019": "division",
}
"""At which field of a form a refusal stands; others stand above it."""


def field_of(finding: Finding) -> str:
    """The field that a refusal is about; empty for none."""
    return _FIELD_OF.get(finding.id, "")


def day_of(typed: str) -> date | None:
    """A day that was typed; None for nothing. Raises Refused `staff.E005`."""
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        raise Refused([checks.DAYS]) from None


def of_new_person(actor: Actor, typed: QueryDict, wrong: Finding | None) -> list[Field]:
    """The fields for a new account."""
    return [
        _text("login", Text("登录名", "Login"), typed, wrong),
        _text("name", Text("姓名", "Name"), typed, wrong),
        _text("office", Text("单位名称", "Office"), typed, wrong, hint=_OFFICE),
        _text("division", Text("单位所在区划", "Where the office is"), typed, wrong, hint=_PLACE),
        _departments(actor, typed, wrong),
        _text("mobile", Text("手机", "Telephone"), typed, wrong, required=False),
    ]


def of_mandate(
    actor: Actor,
    one: Person,
    known: Mapping[str, DeclaredRole],
    typed: QueryDict,
    wrong: Finding | None,
) -> list[Field]:
    """The fields for a mandate that is to be given."""
    roles = [
        Choice(key, role.words, typed.get("role") == key, role.does)
        for key, role in sorted(known.items())
    ]
    place = str(one.division or "")
    return [
        Field("role", "select", _ROLE, choices=roles, error=_at("role", wrong), anchor="m-role"),
        _departments(actor, typed, wrong, "m-department", one.department),
        _text("division", _WHERE, typed, wrong, hint=_PLACE, anchor="m-place", otherwise=place),
        _day("from", Text("自哪天起", "First day"), typed, wrong, "m-from"),
        _day("to", Text("到哪天止", "Last day"), typed, wrong, "m-to"),
    ]


def of_deputy(others: Iterable[Person], typed: QueryDict, wrong: Finding | None) -> list[Field]:
    """The fields for a deputy of somebody who will be absent."""
    choices = [
        Choice(
            one.staffer.login,
            Text.given(f"{one.staffer.name} {one.office}", f"{one.staffer.name} {one.office}"),
            typed.get("deputy") == one.staffer.login,
        )
        for one in others
    ]
    return [
        Field(
            "deputy", "select", Text("由谁代理", "Who stands in"), choices=choices, anchor="d-who"
        ),
        _day("from", Text("自哪天起", "First day"), typed, None, "d-from", required=True),
        _day("to", Text("到哪天止", "Last day"), typed, wrong, "d-to", required=True),
        _text("reason", _REASON, typed, None, required=False, anchor="d-reason"),
    ]


def of_reason(anchor: str) -> Field:
    """The field for why something is done."""
    return Field("reason", "text", _REASON, width="medium", anchor=anchor)


def _departments(
    actor: Actor, typed: QueryDict, wrong: Finding | None, anchor: str = "", otherwise: str = ""
) -> Field:
    """The departments that an actor may name: those of the own mandates, or all of them."""
    mine = {reach.department for reach in reaches(actor)}
    chosen = typed.get("department", otherwise)
    return Field(
        "department",
        "select",
        Text("部门", "Department"),
        hint=Text("不选：不限于一个部门的职责。", "None: a role that is no single department's."),
        required=False,
        choices=[
            Choice(key, each.name, key == chosen)
            for key, each in DEPARTMENTS.items()
            if "" in mine or key in mine
        ],
        error=_at("department", wrong),
        anchor=anchor,
    )


def _text(
    key: str,
    label: Text,
    typed: QueryDict,
    wrong: Finding | None,
    *,
    hint: Text | None = None,
    required: bool = True,
    anchor: str = "",
    otherwise: str = "",
) -> Field:
    return Field(
        key,
        "text",
        label,
        hint=hint,
        typed=typed.get(key, otherwise),
        required=required,
        error=_at(key, wrong),
        width="medium",
        anchor=anchor,
    )


def _day(
    key: str,
    label: Text,
    typed: QueryDict,
    wrong: Finding | None,
    anchor: str,
    required: bool = False,
) -> Field:
    return Field(
        key,
        "date",
        label,
        typed=typed.get(key, ""),
        required=required,
        error=_at(key, wrong),
        anchor=anchor,
    )


def _at(key: str, wrong: Finding | None) -> Finding | None:
    return wrong if wrong is not None and field_of(wrong) == key else None


_OFFICE = Text("记录中显示的名称，如“珲春市消防救援大队”。", "As records show it.")
_PLACE = Text(
    "区划代码，可只写前几位，如 222404。", "The code of the division, or its first digits: 222404."
)
_ROLE = Text("职责", "Role")
_WHERE = Text("在哪里（含下级）", "Where, with all below")
_REASON = Text("原因", "Reason")
_WHO = Text("由谁代理", "Who stands in")
