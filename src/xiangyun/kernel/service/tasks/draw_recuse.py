"""`draw.recuse`: an inspector is struck from a visit, and another one is drawn by the same seed."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

RECUSED = Verb(
    "draw.inspector_struck",
    Text("检查人员回避，重新抽取（{draw}）", "An inspector is recused, another drawn ({draw})"),
)


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    around.record(RECUSED, draw=str((wanted.inputs or {}).get("draw")))
    number = around.next_number()
    return {"drawn": f"JL{number:08}", "name": f"重抽人员{number}"}


TYPE = ServiceType(
    "draw.recuse",
    Text(
        "抽查的一次检查里，一名检查人员回避，用同一个种子重抽一人；检查的办件跟着换人。没有人可抽的，不办理并说明",
        "strikes an inspector from a visit that was drawn; another one is drawn by the same seed, "
        "and the case of the visit follows. Where nobody is left it is refused and said why",
    ),
    _rehearse,
    inputs=(
        Argument("draw", "text", Text("抽查编号", "the draw's number"), example='="CC2026-0001"'),
        Argument(
            "object",
            "text",
            Text("检查对象在库中的键", "the object's key in its register"),
            example='="91222404MA0XY0029L"',
        ),
        Argument(
            "inspector",
            "text",
            Text("回避人员的代码", "the code of whoever is recused"),
            example='="JL22240401"',
        ),
        Argument("why", "text", Text("理由", "the reason"), example='="亲属"'),
    ),
    results=(
        Result("drawn", "text", Text("重抽到谁（代码）", "whom the lot fell on"), made_up=True),
        Result("name", "text", Text("重抽到谁（姓名）", "the name of that one"), made_up=True),
    ),
    verbs=(RECUSED,),
)
