#!/usr/bin/env bash
# Package:   SpiffWorkflow 3.2.0 (BPMN and DMN in Python).
# Behaviour: a cell of a DMN decision table is read as Python, not as FEEL. `"珲春", "图们"` (one of two
#            cities) compares the input with a tuple and is never true; `1, 2` the same; `not("珲春")` is
#            Python's `not`, so it compares the input with False; `[1..10]` is a syntax error. `>= 18, 3` is a
#            Python tuple, which is true, so that row fires for every number. `-` and one string work.
# Surprise:  all but the range are silent. The table opens in any DMN editor, its first rows work, and a row
#            with a list of values never fires while a row with a list of comparisons always does. Python
#            and FEEL share just enough syntax for that.
# What to do: for tables drawn in an editor use an engine that speaks FEEL; with this one write one row for
#            each value, or a Python expression (`? in ("珲春", "图们")`) and say so in the table; rehearse
#            every row with a case that must reach it.
# Seen:
#> "珲春" with '珲春': DMN says first, SpiffWorkflow first
#> - with '珲春': DMN says first, SpiffWorkflow first
#> "珲春", "图们" with '珲春': DMN says first, SpiffWorkflow else
#> not("珲春") with '图们': DMN says first, SpiffWorkflow else
#> 1, 2 with 2: DMN says first, SpiffWorkflow else
#> >= 18, 3 with 20: DMN says first, SpiffWorkflow first
#> >= 18, 3 with 5: DMN says else, SpiffWorkflow first
#> [1..10] with 5: DMN says first, SpiffWorkflow WorkflowTaskException
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check SpiffWorkflow==3.2.0
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
from html import escape
from lxml import etree
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org/p">
  <process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>
    <businessRuleTask id="t" camunda:decisionRef="d"/>
    <sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="e"/>
  </process></definitions>"""
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x"
    namespace="http://example.org/d"><decision id="d" name="d"><decisionTable id="dt" hitPolicy="FIRST">
  <input id="i"><inputExpression id="ie" typeRef="{type}"><text>x</text></inputExpression></input>
  <output id="o" name="row" typeRef="string"/>
  <rule id="r1"><inputEntry id="i1"><text>{cell}</text></inputEntry>
    <outputEntry id="o1"><text>"first"</text></outputEntry></rule>
  <rule id="r2"><inputEntry id="i2"><text></text></inputEntry>
    <outputEntry id="o2"><text>"else"</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""


def row(cell, value):
    parser = CamundaParser()
    parser.add_dmn_xml(
        etree.fromstring(TABLE.format(type="string" if isinstance(value, str) else "number", cell=escape(cell)))
    )
    parser.add_bpmn_xml(etree.fromstring(PROCESS))
    workflow = BpmnWorkflow(parser.get_spec("p"))
    workflow.task_tree.data["x"] = value
    try:
        workflow.run_all()
    except Exception as error:
        return type(error).__name__
    return workflow.data["row"]


for cell, value, dmn in (
    ('"珲春"', "珲春", "first"),
    ("-", "珲春", "first"),
    ('"珲春", "图们"', "珲春", "first"),
    ('not("珲春")', "图们", "first"),
    ("1, 2", 2, "first"),
    (">= 18, 3", 20, "first"),
    (">= 18, 3", 5, "else"),
    ("[1..10]", 5, "first"),
):
    print(f"{cell} with {value!r}: DMN says {dmn}, SpiffWorkflow {row(cell, value)}")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
