"""Evaluates expressions and cells as SpiffWorkflow does: in Python. Run by tests/test_engines.py.

A JSON list comes in: a text is an expression, a pair [cell, value] a cell of a decision table. A
JSON list goes out: what Python prints, or `error`.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine

ENGINE = PythonScriptEngine()


def answer(asked: Any) -> str:
    """What one expression or cell comes to."""
    data = {"tax": 1, "value": asked[1] if isinstance(asked, list) else None}
    task = SimpleNamespace(data=data, workflow=SimpleNamespace(script_engine=ENGINE))
    try:
        if isinstance(asked, list):
            return repr(DMNEngine(None).evaluate("value", asked[0], task))
        return repr(ENGINE.environment.evaluate(asked, data))
    except Exception:
        return "error"


print(json.dumps([answer(each) for each in json.load(sys.stdin)]))
