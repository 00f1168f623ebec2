"""Words and findings as they go over the interface."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Finding, Text


class Words(Schema):
    """The same words in Chinese and English."""

    zh: str
    en: str


class DepartmentOut(Schema):
    """A department of the province, by its key and in words."""

    key: str
    name: Words


def department_out(key: str) -> DepartmentOut | None:
    """The department with a key; None for nobody's."""
    found = department(key)
    return DepartmentOut(key=found.key, name=words(found.name)) if found else None


class FindingOut(Schema):
    """What is wrong, and what to do."""

    id: str
    severity: str
    field: str = ""
    message: Words
    hint: Words | None = None


def words(text: Text) -> Words:
    """A kernel text as it goes over the interface."""
    return Words(zh=text.zh, en=text.en)


def finding_out(found: Finding) -> FindingOut:
    """A finding as it goes over the interface."""
    return FindingOut(
        id=found.id,
        severity=found.severity,
        field=found.place.question if found.place else "",
        message=words(found.message),
        hint=words(found.hint) if found.hint else None,
    )


def finding(found: Finding) -> dict[str, Any]:
    """A finding as JSON."""
    return finding_out(found).model_dump()


ABSENT = finding(
    Finding(
        "api.E404",
        "error",
        Text("没有找到，或者您无权查看。", "Not found, or not yours to see."),
        hint=Text("请核对编号。", "Check the number."),
    )
)
