"""Why a certificate ceases to stand: reason codes of status changes (GB/T 36906 interfaces).

Configuration, not law: the codes 01 to 07 are this platform's own numbering, the articles are
named from memory and not verified against the text. Code 99 其他 with a mandatory description is
as seen in public implementations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiangyun.kernel.findings import Text

OTHER = "99"
REPLACED = "07"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, the status that it leads to, and the article behind it."""

    text: Text
    status: str
    basis: str = ""
    verified: bool = False


REASONS: Mapping[str, Reason] = {
    "01": Reason(
        Text("以欺骗、贿赂等不正当手段取得", "Obtained by deceit, bribery or other improper means"),
        "revoked",
        "《行政许可法》第六十九条第二款",
    ),
    "02": Reason(
        Text(
            "超越职权、违反程序或者不符合条件而作出",
            "Issued beyond powers, procedure or conditions",
        ),
        "revoked",
        "《行政许可法》第六十九条第一款",
    ),
    "03": Reason(
        Text("因违法行为被吊销", "Withdrawn as a penalty for an offence"),
        "withdrawn",
        "《行政处罚法》第九条",
    ),
    "04": Reason(
        Text("持证主体依法终止", "Its holder has ceased to exist by law"),
        "cancelled",
        "《行政许可法》第七十条",
    ),
    "05": Reason(Text("持证主体申请注销", "Cancelled at its holder's request"), "cancelled"),
    "06": Reason(Text("调查期间暂停使用", "Suspended while it is looked into"), "suspended"),
    REPLACED: Reason(Text("信息变更，已换发新证照", "Replaced after a change"), "replaced"),
    OTHER: Reason(Text("其他", "Other"), "revoked"),
}
