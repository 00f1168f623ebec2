"""Answers to the service tasks that plan draws and strike inspectors.

They write in the transaction of the step, as the platform: who decided stands in the case.
"""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.domain.cases.handlers import CaseStep, service
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.service.tasks import draw_plan, draw_recuse

from . import actions, freezing, queries


@service(draw_plan.TYPE.name)
def plan(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Put a draw into a year's plan. Raises NotFound for an unknown one, Refused `draw.E011`."""
    code, year, month, note = draw_plan.read(wanted.inputs or {})
    actions.plan(code, year, month, at=step.at, note=note[:200])
    step.record_platform(draw_plan.PLANNED.id, {"draw": code, "year": str(year)})
    return {}


@service(draw_recuse.TYPE.name)
def recuse(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Strike an inspector from a visit. Raises as `actions.recuse` does."""
    number, key, inspector, why = (
        str((wanted.inputs or {}).get(name) or "")
        for name in ("draw", "object", "inspector", "why")
    )
    number = number or queries.latest_lot(key, inspector)
    before = set(queries.going_to(number, key))
    visit = actions.recuse(number, key, inspector, why, at=step.at)
    drawn = next((each for each in queries.codes_of(visit) if each not in before), None)
    step.record_platform(draw_recuse.RECUSED.id, {"draw": number})
    found = queries.draw(number)
    people = freezing.people_of(queries.declared(found.code).value, found) if found else {}
    name = people.get(drawn or "", {}).get("name")
    return {"drawn": drawn, "name": None if name is None else str(name)}
