"""`register.rectify`: the one value of a record that its subject objects to is put right."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings
from xiangyun.kernel.service.tasks.register_correct import CORRECTED, KEY, WHY
from xiangyun.kernel.service.tasks.register_record import VALID_FROM


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    register, key, field, text, objected = (
        str(wanted.inputs.get(name) or "")
        for name in ("register", "key", "field", "value", "objected")
    )
    around.registers.rectify(
        register, key, field, text, objected=objected, service=around.files.code
    )
    around.record(CORRECTED, register=register)
    return {}


TYPE = ServiceType(
    "register.rectify",
    Text(
        "把当事人提出异议的一项改正；库的声明要在 objection 里写明这个事项",
        "puts right the value objected to; the register names this service in its `objection`",
    ),
    _rehearse,
    inputs=(
        Argument("register", "text", Text("库的代码", "the register"), example='="company"'),
        KEY,
        Argument("field", "text", Text("哪一项", "the field"), example='="name"'),
        Argument(
            "value",
            "text",
            Text(
                "改成什么，按库里的类型读；空的为删去",
                "what it should say, read by the type of the field; an empty one takes it away",
            ),
            required=False,
            example='="样祥仓储有限公司"',
        ),
        Argument(
            "objected",
            "text",
            Text(
                "异议针对的内容；已经变成别的，就不改",
                "what it said when it was objected to; if it says another thing now, it stays",
            ),
            required=False,
        ),
        WHY,
        VALID_FROM,
    ),
    verbs=(CORRECTED,),
)
