"""What is refused to whoever enters offers and meets others."""

from __future__ import annotations

from xiangyun.domain.registers.queries import Used
from xiangyun.kernel.findings import Finding, Place, Text

NOT_HERE = Finding(
    "offer.E003",
    "error",
    Text("这里没有您可以办理的这一条。", "There is nothing of that here that is yours to change."),
    hint=Text(
        "请核对编号，或者换用登记时的账号。", "Check the number, or act for whoever entered it."
    ),
)
MET_ALREADY = Finding(
    "offer.E005",
    "error",
    Text("双方已经在对接。", "The two have met already."),
    hint=Text("请到“我的对接”里看进展。", "See among your contacts what became of it."),
)
NOTHING_SECRET = Finding(
    "offer.E006",
    "error",
    Text("没有可以授权查看的资料。", "There is nothing that could be shown under a grant."),
    hint=Text(
        "请先登记图纸，写明是哪一条需求的。",
        "Enter a drawing first, and say of which demand it is.",
    ),
)
NOT_AGREED = Finding(
    "offer.E007",
    "error",
    Text("没有承诺保密。", "Secrecy was not promised."),
    hint=Text("请勾选保密承诺再查看。", "Tick the promise of secrecy, then look."),
)
NAMELESS = Finding(
    "offer.E008",
    "error",
    Text("没有给这次查找起名字。", "The search has no name."),
    hint=Text("请起一个名字再保存。", "Give it a name, then save it."),
)


def too_many(most: int) -> Finding:
    """More searches than an account may keep."""
    return Finding(
        "offer.E009",
        "error",
        Text("最多保存 {n} 个查找。", "At most {n} searches are kept.", n=most),
        hint=Text("请先删去一个不用的。", "Remove one that you do not use."),
    )


def not_entered(used: Used) -> Finding:
    """A register into which nobody enters records themselves, or not this one who asks."""
    return Finding(
        "offer.E001",
        "error",
        Text(
            "您不能自己在{register}登记。",
            "You cannot enter records of {register} yourself.",
            register=used.name,
        ),
        hint=Text(
            "请以个人或者单位的名义登录；有的库要先在上一级库登记。",
            "Log in as a person or an organisation; some registers want a record of another first.",
        ),
    )


def taken(key: str) -> Finding:
    """Somebody else's record has this key."""
    return Finding(
        "offer.E002",
        "error",
        Text("编号“{key}”已经是别人的。", "The number “{key}” is somebody else’s.", key=key),
        hint=Text("请另取一个编号，或者留空。", "Choose another number, or leave it empty."),
    )


def worded(field: str, text: str, why: Text) -> Finding:
    """Words that the word list of a register finds fault with, or such as it misses."""
    return Finding(
        "offer.E004",
        "error",
        Text("“{text}”：{why}", "“{text}”: {why}", text=text, why=why) if text else why,
        Place(question=field),
        Text("请改写以后再登记。", "Write it anew, then enter it."),
    )


def table(why: Text) -> Finding:
    """A table that cannot be read at all."""
    return Finding(
        "offer.E010",
        "error",
        why,
        hint=Text(
            "请用不超过 1 MB 的 CSV、TSV 或 XLSX，第一行是字段名。",
            "Send a CSV, TSV or XLSX of at most 1 MB whose first line names the fields.",
        ),
    )
