"""zen-engine (MIT), versions 0.37.1 and 2.1.3, in each way its interface offers."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import zen
from measure import options, people, rate, read_table, tell, with_floats

Way = Callable[[dict[str, Any]], dict[str, Any]]


def graph() -> dict[str, Any]:
    """The table as a JSON decision model; its cells are spelt alike, an empty one is any."""
    table = read_table()
    rules = [
        {
            "_id": str(number),
            **{
                name: "" if cell == "-" else cell
                for name, cell in zip([*table.inputs, "amount"], row, strict=True)
            },
        }
        for number, row in enumerate(table.rows, 1)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [
            {"id": name, "name": name, "field": name, "type": "expression"} for name in table.inputs
        ],
        "outputs": [{"id": "amount", "name": "amount", "field": "amount", "type": "expression"}],
        "rules": rules,
    }
    kinds = {"in": "inputNode", "table": "decisionTableNode", "out": "outputNode"}
    nodes = [
        {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
        for name, kind in kinds.items()
    ]
    nodes[1]["content"] = content
    steps = [("in", "table"), ("table", "out")]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in steps
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def ways(model: dict[str, Any], name: str) -> dict[str, Way]:
    """The engine's ways to a decision; the second major version keeps only a loader's compiled."""
    decision = zen.ZenEngine().create_decision(json.dumps(model))
    if not hasattr(zen, "ZenDecisionContent"):
        return {
            name: decision.evaluate,
            f"{name}, trace": lambda person: decision.evaluate(person, {"trace": True}),
        }
    loaded = zen.ZenEngine({"loader": {"type": "static", "content": {"allowance": model}}})
    return {
        f"{name}, static loader": lambda person: loaded.evaluate("allowance", person),
        f"{name}, static loader, trace": lambda person: loaded.evaluate(
            "allowance", person, {"trace": True}
        ),
        f"{name}, create_decision": decision.evaluate,
    }


def main() -> None:
    """Measure and tell."""
    chosen = options()
    inputs = with_floats(people(chosen.people))
    number = version("zen-engine")
    found = ways(graph(), f"zen-engine {number}")
    tell(
        version=number,
        answers={
            name: [int(way(each)["result"]["amount"]) for each in inputs]
            for name, way in found.items()
        },
        rates={name: rate(way, inputs, chosen.seconds) for name, way in found.items()},
    )


if __name__ == "__main__":
    main()
