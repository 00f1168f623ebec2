"""What is wrong with a grant, or with who uses it."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Text

NO_GRANT = Finding(
    "grant.E001",
    "error",
    Text("没有这项授权。", "There is no such grant."),
    hint=Text(
        "请核对授权编号，并以授权的一方登录。", "Check its number, and act for a party to it."
    ),
)
NO_BANK = Finding(
    "grant.E002",
    "error",
    Text("没有登记这个机构。", "No such organisation is known."),
    hint=Text("请填写它的统一社会信用代码。", "Give its unified social credit code."),
)
NO_SIGNATORY = Finding(
    "grant.E003",
    "error",
    Text(
        "只有可以办理全部事项的代表人能代企业授权。",
        "Only who represents the company in all matters grants in its name.",
    ),
    hint=Text("请由代表人先选择所代表的企业。", "Its representative first chooses the company."),
)
NO_REGISTER = Finding(
    "grant.E005",
    "error",
    Text("没有选择可以查看的库。", "No register is named."),
    hint=Text("至少选择一个库。", "Name one at least."),
)
OVER = Finding(
    "grant.E006",
    "error",
    Text("授权的最后一天已经过去。", "The last day of the grant has passed."),
    hint=Text(
        "请填写今天或以后的日期；不填则只能查看一次。",
        "Give a day from today on; without one it is for one look.",
    ),
)
NO_PURPOSE = Finding(
    "grant.E007",
    "error",
    Text("没有写明用途。", "It says no purpose."),
    hint=Text("请写明机构为什么要查看。", "Say what the bank looks for."),
)
NO_LONGER = Finding(
    "grant.E009",
    "error",
    Text("授权已经收回、到期或用完。", "The grant was revoked, is over, or is used up."),
    hint=Text("请企业重新授权。", "Ask the company for a new one."),
)
ONESELF = Finding(
    "grant.E011",
    "error",
    Text("企业不必授权自己。", "A company needs no grant to itself."),
    hint=Text("请填写另一个机构。", "Name another organisation."),
)

ANSWERS_ONLY = Finding(
    "grant.E012",
    "error",
    Text(
        "凭这项授权只能提问，看不到记录。", "By this grant questions are answered; nothing is seen."
    ),
    hint=Text("请改为提问，或请企业另行授权。", "Ask a question, or ask the company for another."),
)


def no_inquiry(code: str) -> Finding:
    """A question that nobody declares."""
    return Finding(
        "grant.E013",
        "error",
        Text("没有“{code}”这个问题。", "There is no question {code}.", code=code),
        hint=Text("请先查询可以提的问题。", "Look up the questions that may be asked."),
    )


def not_open(register: str) -> Finding:
    """A register of which a company cannot let others see its records."""
    return Finding(
        "grant.E004",
        "error",
        Text(
            "“{register}”不能由企业授权查看。",
            "The register {register} is none that a company opens to others.",
            register=register,
        ),
        hint=Text(
            "只有关于企业、没有密级的库可以授权。",
            "Only registers about organisations, of the ordinary class, can be granted.",
        ),
    )


def amended(version: int) -> Finding:
    """A version of before: what was agreed is another now."""
    return Finding(
        "grant.E008",
        "error",
        Text(
            "授权已经更改，现在是第 {version} 版。",
            "The grant was amended: this is version {version}.",
            version=version,
        ),
        hint=Text("请先重新查询授权。", "Query it again first."),
    )


def not_granted(register: str) -> Finding:
    """A register that the grant does not name."""
    return Finding(
        "grant.E010",
        "error",
        Text("授权不包括“{register}”。", "The grant does not name {register}.", register=register),
        hint=Text("请企业把这个库加入授权。", "Ask the company to add it."),
    )
