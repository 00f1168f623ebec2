"""Runs drawings in SpiffWorkflow, doing every task that waits; run by tests/test_engines.py.

A JSON list of pairs [drawing, data] comes in; a JSON list goes out: the tasks in the order in which
they were done, and how it came out: `ended`, `waits`, or `error`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

MOST = 20


def told(drawing: str, data: dict[str, Any]) -> str:
    """What is done of a drawing, and how it comes out."""
    done: list[str] = []
    try:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(drawing.encode()))
        workflow = BpmnWorkflow(parser.get_spec("case"))
        workflow.task_tree.data.update(data)
        for _ in range(MOST):
            workflow.do_engine_steps()
            waiting = workflow.get_tasks(state=TaskState.READY, manual=True)
            if not waiting:
                break
            first = min(waiting, key=lambda task: task.task_spec.bpmn_id)
            done.append(first.task_spec.bpmn_id)
            first.run()
        ended = "ended" if workflow.is_completed() else "waits"
    except Exception:
        ended = "error"
    return " ".join([*done, ended])


print(json.dumps([told(drawing, data) for drawing, data in json.load(sys.stdin)]))
