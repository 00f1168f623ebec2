"""`register.end`: a record that is in force no more."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings
from xiangyun.kernel.service.tasks.register_correct import KEY, WHY
from xiangyun.kernel.service.tasks.register_record import REGISTER

ENDED = Verb("register.ended", Text("终止《{register}》的记录", "Ended in {register}"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    register = wanted.headers["register"]
    around.registers.end(register, str(wanted.inputs["key"]))
    around.record(ENDED, register=register)
    return {}


TYPE = ServiceType(
    "register.end",
    Text(
        "终止一条记录：从这天起不再有效，内容保留",
        "ends a record: it is in force no more from that day on, and stays readable",
    ),
    _rehearse,
    headers=(REGISTER,),
    inputs=(
        KEY,
        WHY,
        Argument(
            "on",
            "date",
            Text("从哪天起；没有时为办理当天", "the first day without it; else today"),
            required=False,
            example='=date("2026-04-09")',
        ),
    ),
    verbs=(ENDED,),
    register="end",
)
