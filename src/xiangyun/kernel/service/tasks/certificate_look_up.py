"""`certificate.look_up`: what the applicant holds of a kind, to renew, change or end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

KIND = Argument(
    "kind",
    "text",
    Text("证照种类，即 certificate.yaml 的 id", "the kind: the id in its certificate.yaml"),
    example='="permit"',
)
NUMBER = Argument(
    "number",
    "text",
    Text("证照编号；没有时为持有的全部", "its number; without it, all that are held"),
    required=False,
    example='="P-1"',
)
FOUND = Result(
    "certificates",
    "list",
    Text(
        "申请人持有的，新的在前，各有 identifier、number、holder、holder_code、issued_on、"
        "valid_until（没有期限时为空）、status、stands（是否有效）和 fields（各项的中文）",
        "what the applicant holds, the newest first, each with identifier, number, holder, "
        "holder_code, issued_on, valid_until (null without end), status, stands (whether it is in "
        "force) and fields (each line in Chinese)",
    ),
    made_up=True,
)


def matching(
    held: Sequence[Mapping[str, Value]], kind: Value, number: Value
) -> Mapping[str, Value]:
    """The answer: those of a kind, with a number where one is given."""
    return {
        "certificates": [
            {name: value for name, value in each.items() if name != "kind"}
            for each in held
            if each["kind"] == kind and number in (None, "", each["number"])
        ]
    }


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    return matching(around.held, wanted.inputs["kind"], wanted.inputs.get("number"))


TYPE = ServiceType(
    "certificate.look_up",
    Text(
        "查申请人自己持有的证照；别人的查不到",
        "looks up certificates that the applicant holds; nobody else's are found",
    ),
    _rehearse,
    inputs=(KIND, NUMBER),
    results=(FOUND,),
)
