"""`letter.send`: the applicant, or a party in another role, is written to."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.letters import write_letter
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

SENT = Verb("letter.sent", Text("发出《{letter}》", "Letter sent: {letter}"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    name = wanted.headers["letter"]
    for language in (ENGLISH, CHINESE):  # both must be writable; the Chinese one is kept
        made = write_letter(
            name, around.files.texts, around.variables, language, around.findings, around.at
        )
    around.letters.append(made)
    around.record(SENT, letter=name)
    return {}


TYPE = ServiceType(
    "letter.send",
    Text(
        "给申请人或另一角色的当事人写信，中英文各一份",
        "writes to the applicant or a party in another role, in Chinese and in English",
    ),
    _rehearse,
    headers=(
        Header("letter", "letter", Text("哪一封信", "which letter"), example="told"),
        Header(
            "to",
            "party role",
            Text(
                "写给哪个角色的当事人；不写则给申请人",
                "the role of the party that it goes to; without one, the applicant",
            ),
            required=False,
        ),
    ),
    inputs=(
        Argument(
            "number",
            "text",
            Text("文号，如 number.assign 的结果", "its number, such as `number.assign` gives"),
            required=False,
            example='="〔2026〕1号"',
        ),
    ),
    verbs=(SENT,),
)
