"""A plan as JSON and as a table: for pages, downloads and comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiangyun.kernel.cells import table
from xiangyun.kernel.siting.ground import Spot
from xiangyun.kernel.siting.plan import Chosen, Plan

COLUMNS = (
    "code", "name", "county", "longitude", "latitude", "gains", "loses", "alternatives",
)  # fmt: skip


def plan_json(plan: Plan) -> dict[str, Any]:
    """Everything a page shows, by codes and names; amounts in yuan, distances in metres."""
    asked = plan.asked
    return {
        "name": asked.name.to_json(),
        "objective": asked.objective,
        "value": plan.sited.objective,
        "bound": plan.sited.bound,
        "gap": plan.sited.gap,
        "choose": asked.choose,
        "least": asked.least,
        "decided": [f"{code:012}" for code in asked.decided],
        "minutes": asked.walk.minutes,
        "road": str(asked.walk.road),
        "invented": plan.ground.invented,
        "people": plan.people,
        "before": plan.before,
        "after": plan.after,
        "distance": list(plan.distance),
        "towns": plan.towns,
        "built": sum(site.built for site in plan.ground.sites),
        "wanted": plan.wanted,
        "more": plan.more,
        "share": asked.share,
        "sites": [_chosen(one) for one in plan.new],
        "counties": [
            {
                "code": one.code, "people": one.people, "before": one.before, "after": one.after,
                "built": one.built, "new": one.new,
            }
            for one in plan.counties
        ],
        "costs": [
            {
                "id": one.facility.id,
                "name": one.facility.name.to_json(),
                "at": one.facility.at,
                "number": one.number,
                "build": one.build,
                "yearly": one.yearly,
                "bears": dict(one.bears),
                "percent": dict(one.facility.bears),
                "counties": {str(code): amount for code, amount in one.counties.items()},
                "places": [_spot(place) for place in one.places]
                if one.facility.at == "uncovered"
                else [],
            }
            for one in plan.costs
        ],
    }  # fmt: skip


def _spot(spot: Spot) -> dict[str, Any]:
    return {"code": spot.code, "name": spot.name, "people": spot.people}


def _chosen(one: Chosen) -> dict[str, Any]:
    return {
        "code": one.site.code,
        "name": one.site.name,
        "longitude": one.site.longitude,
        "latitude": one.site.latitude,
        "gains": one.gains,
        "loses": one.loses,
        "places": [_spot(place) for place in one.places],
        "alternatives": [
            {"code": other.site.code, "name": other.site.name, "loses": other.loses}
            for other in one.alternatives
        ],
    }


def plan_csv(plan: Mapping[str, Any]) -> str:
    """The new sites of a plan (as JSON), a row each; names cannot become formulas."""
    rows: list[Sequence[object]] = [COLUMNS]
    for site in plan["sites"]:
        others = "; ".join(f"{each['name']} -{each['loses']}" for each in site["alternatives"])
        rows.append(
            [
                site["code"], site["name"], int(site["code"]) // 10**6 * 10**6,
                site["longitude"], site["latitude"], site["gains"], site["loses"], others,
            ]
        )  # fmt: skip
    return table(rows)
