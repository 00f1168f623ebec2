"""Why a note, checkpoint or proof of a log is not believed."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Refused, Text


def refused(number: str, about: object = "") -> Refused:
    """The refusal with this reason; `about` names the part. Others name it by its whole id."""
    number = number.removeprefix("ledger.")
    said = _SAID[number]
    message = Text("{about}：{said}", "{about}: {said}", about=str(about), said=said)
    return Refused([Finding(f"ledger.{number}", "error", message if about != "" else said)])


_SAID = {
    "E002": Text("签名便笺的写法不对。", "It is no signed note."),
    "E003": Text("没有受信任的密钥签名。", "No trusted key signed it."),
    "E004": Text("检查点的写法不对。", "It is no checkpoint."),
    "E005": Text("证明的写法不对。", "It is no proof of a log."),
    "E006": Text("记录不在这棵树中。", "The entry does not stand in this tree."),
    "E007": Text("联署的见证者不够。", "Too few witnesses signed it."),
    "E008": Text(
        "日志有两个版本：同一来源的两棵树互不相续。",
        "The log shows two views: two trees of one origin do not continue each other.",
    ),
    "E009": Text("检查点属于另一个日志。", "The checkpoint is of another log."),
    "E010": Text("日志的一块（tile）缺失或不符。", "A tile of the log is missing or does not fit."),
}
