"""`connector.call`: a message to another system, as a connector declares it."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

from .department_notify import ANSWERED

ASKED = Verb("connector.asked", Text("已发往其他系统：{work}", "Sent to another system: {work}"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    connector, message = wanted.headers["connector"], wanted.headers["message"]
    key = f"{around.case_number}-{wanted.element}-{around.next_number()}"
    answer = around.connectors.ask(connector, message, wanted.inputs, key=key, today=around.today)
    around.record(ASKED, connector=connector, message=message, work=wanted.headers["work"])
    around.record(ANSWERED, element=wanted.element)
    return {"answer": answer}


TYPE = ServiceType(
    "connector.call",
    Text(
        "按连接器给另一个系统发报文，等它答复；演练时由连接器的样例答复",
        "sends a message to another system by a connector and waits for its answer; in a "
        "rehearsal the connector’s examples answer",
    ),
    _rehearse,
    headers=(
        Header("connector", "connector", Text("哪个连接器", "which connector"), example="lab"),
        Header("message", "name", Text("其中哪种报文", "which message of it"), example="test"),
        Header(
            "work",
            "text",
            Text("要办的事：文字的键", "what it shall do: a key of the texts"),
            example="work.lab",
        ),
        Header(
            "department",
            "department",
            Text("是哪个联办机构的事", "the joint department whose work it is"),
            required=False,
            example="lab",
        ),
    ),
    inputs=(
        Argument(
            "recipient",
            "text",
            Text(
                "发给哪个机构（代码）；连接器写明了机构的不用写",
                "the organisation by its code, where the connector names none",
            ),
            required=False,
            example='="91220000MB000005XD"',
        ),
    ),
    other_inputs=Text(
        "是连接器的公式里用到的名称", "are what the connector’s formulas make the message of"
    ),
    results=(
        Result(
            "answer",
            "any",
            Text(
                "答复，按连接器的 result 算出",
                "the answer, as `result` of the connector makes it",
            ),
            made_up=True,
        ),
    ),
    later=True,
    verbs=(ASKED, ANSWERED),
)
