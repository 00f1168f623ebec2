"""`message.send`: somebody is told something, in the inbox and wherever he wants to be told."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.letters import write_letter
from xiangyun.kernel.service.servicetype import ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

TO = Header(
    "to",
    "addressee",
    Text(
        "发给哪个角色：当事人，或办件所在地的工作人员；不写则给申请人",
        "the role that is told: of a party, or of officials where the case is; without one, "
        "the applicant",
    ),
    required=False,
)
SENT = Verb("notice.sent", Text("发出通知《{notice}》", "Notice sent: {notice}"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    name = wanted.headers["message"]
    for language in (ENGLISH, CHINESE):  # both must be writable; the Chinese one is kept
        made = write_letter(
            name,
            around.files.texts,
            around.variables,
            language,
            around.findings,
            around.at,
            kind="message",
        )
    around.messages.append(made)
    around.record(SENT, notice=name)
    return {}


TYPE = ServiceType(
    "message.send",
    Text(
        "通知当事人或工作人员，按各人选择的方式，中英文各一份",
        "tells parties or officials, by the ways that each has chosen, in Chinese and in English",
    ),
    _rehearse,
    headers=(
        Header("message", "message", Text("哪一条消息", "which message"), example="told"),
        TO,
    ),
    verbs=(SENT,),
)
