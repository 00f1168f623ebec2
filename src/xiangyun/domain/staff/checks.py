"""What an administrator is refused for, in words."""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.spelling import did_you_mean

UNKNOWN = Finding(
    "staff.E001",
    "error",
    Text("没有这个账户，或它不归您管理。", "There is no such account, or it is not yours."),
    hint=Text(
        "请核对登录名；其他单位的人员由其管理员管理。",
        "Check the login; people of other offices are looked after by their administrators.",
    ),
)
NOT_ONESELF = Finding(
    "staff.E002",
    "error",
    Text("不能给自己授予职责、指定代理或解除停用。", "Nobody does this for the own account."),
    hint=Text("请由另一位管理员办理。", "Let another administrator do it."),
)
BEYOND = Finding(
    "staff.E003",
    "error",
    Text(
        "超出了本单位的地域或部门，不能授予。",
        "This lies beyond the place or the department of your office: it cannot be given.",
    ),
    hint=Text(
        "只能在本单位及下级、本部门的范围内授予。",
        "Give mandates in your office's place or below it, and for its department.",
    ),
)
NOT_OFFICIAL = Finding(
    "staff.E004",
    "error",
    Text("只有工作人员能有职责。", "Only officials have mandates."),
    hint=Text("请为其另开工作人员账户。", "Open an account of an official for the person."),
)
DAYS = Finding(
    "staff.E005",
    "error",
    Text("终止日期早于起始日期，或已经过去。", "The last day precedes the first, or has passed."),
    hint=Text("日期写成 2026-12-31。", "Write days as 2026-12-31."),
)
NO_MANDATE = Finding(
    "staff.E006",
    "error",
    Text("没有这项职责，或已经终止。", "There is no such mandate, or it has ended."),
    hint=Text("请查看该人员现有的职责。", "Look at the mandates that the person has."),
)
LOGIN_TAKEN = Finding(
    "staff.E007",
    "error",
    Text("登录名已被使用。", "The login is taken."),
    hint=Text("请换一个登录名。", "Choose another login."),
)
WEAK = Finding(
    "staff.E008",
    "error",
    Text("密码太容易猜到。", "The password is too easily guessed."),
    hint=Text(
        "至少 10 个字符，不要全是数字，不要与登录名相近；留空则自动生成。",
        "At least 10 characters, not digits alone, nothing like the login; empty makes one.",
    ),
)
NOBODY_THERE = Finding(
    "staff.E009",
    "error",
    Text("没有职责可以代理。", "There is no mandate to stand in for."),
    hint=Text("请先给被代理人授予职责。", "Give the absent official a mandate first."),
)
INCOMPLETE = Finding(
    "staff.E010",
    "error",
    Text("登录名、姓名、区划和单位都要填写。", "Login, name, division and office are needed."),
)
ALREADY = Finding(
    "staff.E014",
    "error",
    Text("已经是这个状态。", "It stands so already."),
)


def no_role(role: str, known: Iterable[str]) -> Finding:
    """A role that nobody declares, with the nearest name."""
    said = Text("没有职责“{key}”。", "There is no role “{key}”.", key=role)
    return Finding("staff.E011", "error", said, hint=did_you_mean(role, known))


def not_there(role: Text, departments: Iterable[Text]) -> Finding:
    """A role that does not exist in this department."""
    return Finding(
        "staff.E018",
        "error",
        Text(
            "“{role}”只在这些部门有：{departments}。",
            "“{role}” exists in these departments: {departments}.",
            role=role,
            departments=list(departments),
        ),
        hint=Text("请选其中一个部门。", "Choose one of them."),
    )


def not_at_level(role: Text, levels: Iterable[str]) -> Finding:
    """A role that is not held at the level of this place."""
    return Finding(
        "staff.E019",
        "error",
        Text(
            "“{role}”只在这些层级授予：{levels}。",
            "“{role}” is given at these levels: {levels}.",
            role=role,
            levels=list(levels),
        ),
        hint=Text("请换一个区划。", "Choose another division."),
    )


def no_department(key: str, known: Iterable[str]) -> Finding:
    """A department that is not in the list, with the nearest key."""
    said = Text("没有部门“{key}”。", "There is no department “{key}”.", key=key)
    return Finding("staff.E012", "error", said, hint=did_you_mean(key, known))


def unreadable(needed: Iterable[str], unknown: Iterable[str]) -> Finding:
    """A file whose first line does not name the columns."""
    return Finding(
        "staff.E015",
        "error",
        Text("第一行应是列名。", "The first line has to name the columns."),
        hint=Text(
            "必须有：{needed}。不认识：{unknown}。",
            "Needed: {needed}. Not known: {unknown}.",
            needed=list(needed),
            unknown=list(unknown) or "–",
        ),
    )


SHORT_LINE = Finding(
    "staff.E016",
    "error",
    Text("这一行的列数与第一行不同。", "This line has other columns than the first."),
    hint=Text("内容中的逗号要加引号。", "A comma within a value needs quotes around it."),
)
TOO_LONG = Finding(
    "staff.E017",
    "error",
    Text("一个文件最多 {most} 行。", "A file has at most {most} lines.", most=5000),
    hint=Text("请分成几个文件。", "Divide it."),
)


def no_division(code: str) -> Finding:
    """A code of a division that is none."""
    return Finding(
        "staff.E013",
        "error",
        Text("没有区划“{code}”。", "There is no division “{code}”.", code=code),
        hint=Text("填 12 位区划代码，或前几位。", "Give its code of 12 digits, or the first ones."),
    )
