"""`department.notify`: another department has something to do."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

NOTIFIED = Verb("department.notified", Text("已推送：{work}", "Passed on: {work}"))
ANSWERED = Verb("service.answered", Text("已办妥：{element}", "Completed: {element}"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    department, day = wanted.headers["department"], around.today
    answer: dict[str, Value] = {
        "reference": f"{department.upper()}-{day:%Y%m%d}-{around.next_number():06}",
        "completed_on": day,
    }
    around.record(NOTIFIED, department=department, work=wanted.headers["work"])
    around.record(ANSWERED, element=wanted.element, **answer)
    return answer


TYPE = ServiceType(
    "department.notify",
    Text("交给另一个部门办理，等它办妥", "hands work to another department and waits for it"),
    _rehearse,
    headers=(
        Header(
            "department",
            "department",
            Text("哪个联办机构", "which joint department"),
            example="lab",
        ),
        Header(
            "work",
            "text",
            Text("要办的事：文字的键", "what it shall do: a key of the texts"),
            example="work.lab",
        ),
    ),
    other_inputs=Text("都发给该部门", "are sent to it"),
    results=(
        Result("reference", "text", Text("对方的编号", "its reference"), made_up=True),
        Result(
            "completed_on",
            "date",
            Text("办妥的日期", "the day it was done"),
        ),
    ),
    later=True,
    verbs=(NOTIFIED, ANSWERED),
)
