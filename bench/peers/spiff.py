"""SpiffWorkflow's DMN engine (LGPL-3.0), whose cells are Python rather than FEEL."""

from __future__ import annotations

import re
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

from lxml import etree
from measure import NAMESPACE, TABLE, options, people, rate, tell, with_floats
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser


def in_python(cell: str) -> str:
    """A cell of the table as SpiffWorkflow wants it: `[60..80)` is `60 <= ? < 80`."""
    if found := re.fullmatch(r"\[(\d+)\.\.(\d+)\)", cell):
        return f"{found[1]} <= ? < {found[2]}"
    return {"true": "True", "false": "False"}.get(cell, cell)


def main() -> None:
    """Measure and tell; the engine is called as a business rule task calls it."""
    chosen = options()
    root = etree.parse(TABLE).getroot()
    for text in root.iterfind(f".//{NAMESPACE}inputEntry/{NAMESPACE}text"):
        text.text = in_python(text.text)
    parser = BpmnDmnParser()
    parser.add_dmn_xml(root)
    engine = parser.get_engine("allowance", None)
    workflow = SimpleNamespace(script_engine=PythonScriptEngine())

    def decide(person: dict[str, Any]) -> dict[str, Any]:
        return engine.result(SimpleNamespace(workflow=workflow, data=person))

    inputs = with_floats(people(chosen.people))
    number = version("SpiffWorkflow")
    name = f"SpiffWorkflow {number}"
    tell(
        version=number,
        answers={name: [int(decide(each)["allowance"]) for each in inputs]},
        rates={name: rate(decide, inputs, chosen.seconds)},
    )


if __name__ == "__main__":
    main()
