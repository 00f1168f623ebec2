"""What the verbs of registers refuse."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Text

from .declarations import Used
from .states import State

WHY_WANTED = Finding(
    "register.E015",
    "error",
    Text("更正或注销要写明理由。", "A correction or an end says why."),
    hint=Text(
        "例如：与户口簿核对后改正出生日期。",
        "For example: the date of birth was compared with the household book.",
    ),
)
NO_TIME = Finding(
    "register.E018",
    "error",
    Text("有效期的终止日不在起始日之后。", "It ends on or before the day on which it begins."),
    hint=Text(
        "终止日是不再有效的第一天，请改日期。",
        "The end is the first day on which it is no longer true: change one of the days.",
    ),
)


def nothing_true(used: Used) -> Finding:
    """The finding where nothing is true of a key on a day."""
    return Finding(
        "register.E016",
        "error",
        Text(
            "{register}里这一天没有这条记录。",
            "On that day {register} has no such record.",
            register=used.name,
        ),
        hint=Text(
            "请核对主键和日期；尚未登记的先登记。",
            "Check key and day; what is not recorded yet is recorded first.",
        ),
    )


def other_key(used: Used) -> Finding:
    """The finding for data that name another key."""
    return Finding(
        "register.E019",
        "error",
        Text(
            "数据里的主键与这条记录的不同。",
            "The data name another key than this record has.",
        ),
        hint=Text(
            "主键（{key}）不能更正；请注销后另行登记，或者合并两条记录。",
            "The key ({key}) cannot be corrected: end the record and record another, or join both.",
            key=used.key_field,
        ),
    )


def was_first(before: State) -> Finding:
    """The finding for whoever corrects what somebody has just changed."""
    return Finding(
        "register.E017",
        "error",
        Text(
            "这条记录在您查看之后已被他人更改（{day}，来源：{source}），您的更正没有写入。",
            "Somebody changed this record after you looked ({day}, source: {source}); your "
            "correction was not written.",
            day=before.recorded_on,
            source=before.source,
        ),
        hint=Text(
            "请查看现在的内容，仍有不对的再更正。",
            "Look at what it says now, and correct what is still wrong.",
        ),
    )
