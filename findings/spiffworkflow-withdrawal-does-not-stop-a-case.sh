#!/usr/bin/env bash
# Package:   SpiffWorkflow 3.2.0 (BPMN in Python).
# Behaviour: an event sub-process never interrupts what it stands in. Its start event is interrupting unless the
#            file says isInterrupting="false"; the engine reads that attribute nowhere. So the branch "withdrawn"
#            runs to its end, the open task stays open, and whoever completes it sends the case on, to payment.
#            A second withdrawal runs the branch again. A boundary event that interrupts does so.
# Surprise:  BPMN 2.0 ends every open activity of the scope when such an event starts; a solid ring is drawn for
#            it, a dashed one for what may run beside. The engine tells the two apart at a boundary, knows event
#            sub-processes by a class of their own and validates the file, and a test that looks whether the
#            branch ran is green. What a decision withdraws (an application, a licence, a hearing) goes on.
# What to do: put the steps into a sub-process with an interrupting boundary event; refuse a file with an event
#            sub-process that is not marked non-interrupting; test what no longer is open after an event.
# Seen:
#> event sub-process             said withdrawn            open work   then withdrawn paid
#> isInterrupting="true"         said withdrawn            open work   then withdrawn paid
#> isInterrupting="false"        said withdrawn            open work   then withdrawn paid
#> boundary event                said withdrawn            open -      then withdrawn
#> cancelActivity="false"        said withdrawn            open work   then withdrawn paid
#> event sub-process, two events said withdrawn withdrawn  open work   then withdrawn withdrawn paid
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check SpiffWorkflow==3.2.0
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.specs.event_definitions import SignalEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/p">
  <signal id="signal" name="withdraw"/>
  <process id="p" isExecutable="true"><startEvent id="s"/><manualTask id="work"/><endEvent id="e"/>
    <scriptTask id="pay"><script>said.append("paid")</script></scriptTask>
    <sequenceFlow id="f" sourceRef="s" targetRef="work"/><sequenceFlow id="g" sourceRef="work" targetRef="pay"/>
    <sequenceFlow id="h" sourceRef="pay" targetRef="e"/>{event}</process></definitions>"""
STEPS = """<signalEventDefinition signalRef="signal"/></{tag}>
  <scriptTask id="log"><script>said.append("withdrawn")</script></scriptTask><endEvent id="e2"/>
  <sequenceFlow id="i" sourceRef="begin" targetRef="log"/><sequenceFlow id="j" sourceRef="log" targetRef="e2"/>"""
INSIDE = '<subProcess id="sub" triggeredByEvent="true"><startEvent id="begin" {0}>' + STEPS + "</subProcess>"
BOUNDARY = '<boundaryEvent id="begin" attachedToRef="work" {0}>' + STEPS


def case(name, event, tag, attribute="", times=1):
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_xml(etree.fromstring(PROCESS.format(event=event.format(attribute, tag=tag))))
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    said = workflow.script_engine.environment.globals["said"] = []
    workflow.do_engine_steps()
    for _ in range(times):
        workflow.send_event(BpmnEvent(SignalEventDefinition("withdraw"), {}))
        workflow.refresh_waiting_tasks()
        workflow.do_engine_steps()
    before, tasks = " ".join(said), workflow.get_tasks(state=TaskState.READY, manual=True)
    for task in tasks:
        task.run()
    workflow.do_engine_steps()
    names = " ".join(task.task_spec.name for task in tasks) or "-"
    print(f"{name:29} said {before:20} open {names:6} then {' '.join(said)}")


case("event sub-process", INSIDE, "startEvent")
case('isInterrupting="true"', INSIDE, "startEvent", 'isInterrupting="true"')
case('isInterrupting="false"', INSIDE, "startEvent", 'isInterrupting="false"')
case("boundary event", BOUNDARY, "boundaryEvent")
case('cancelActivity="false"', BOUNDARY, "boundaryEvent", 'cancelActivity="false"')
case("event sub-process, two events", INSIDE, "startEvent", times=2)
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
