"""`case.open`: a case of another service opens because of this one."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import Process, ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

OPENED = Verb(
    "case.opened_another", Text("转立办件《{service}》", "Another case opened: {service}")
)
ENDED = "case.ended"
"""The message that a case sends to the one that opened it, once it has ended; its key is the number
of the case, and it brings what `TOLD` names."""
TOLD = ("outcome", "meaning")
SUBJECT = ("subject_kind", "subject_code", "subject_name")
"""The inputs that say whom the new case is about; the others are its answers."""


def answers_in(inputs: Mapping[str, Value]) -> dict[str, Value]:
    """The answers for the form of the new case; null is no answer."""
    return {
        name: value for name, value in inputs.items() if name not in SUBJECT and value is not None
    }


def opens_others(process: Process) -> bool:
    """Whether a drawing opens cases of other services."""
    types = (element.type for element in process.elements.values())
    return any(type_ is not None and type_.text == TYPE.name for type_ in types)


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    around.record(OPENED, service=wanted.headers["service"])
    return {"number": f"{around.case_number[:14]}{900_000 + around.next_number()}"}


TYPE = ServiceType(
    "case.open",
    Text(
        "立一件别的事项；同一办件的同一步只立一件，主体除另写外与本件相同",
        "opens a case of another service; one for each time the task is reached, about the same "
        "party unless another is named",
    ),
    _rehearse,
    headers=(
        Header("service", "service", Text("事项代码", "the code of the service"), example="a/b"),
    ),
    inputs=(
        Argument(
            "subject_kind",
            "text",
            Text(
                "主体种类 person、organisation、place、thing；不写为 person",
                "what the party is: person, organisation, place, thing; person if not said",
            ),
            required=False,
            example='="organisation"',
        ),
        Argument(
            "subject_code",
            "text",
            Text("主体代码", "the party's code"),
            required=False,
            example='="912224MA0000000X"',
        ),
        Argument(
            "subject_name",
            "text",
            Text("主体名称", "the party's name"),
            required=False,
            example='="祥云"',
        ),
    ),
    other_inputs=Text(
        "都是新办件的答案，按表单的键", "are answers of the new case, by the keys of its form"
    ),
    results=(Result("number", "text", Text("新办件编号", "the new case's number"), made_up=True),),
    verbs=(OPENED,),
)
