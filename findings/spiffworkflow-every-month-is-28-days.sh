#!/usr/bin/env bash
# Package:   SpiffWorkflow 3.2.0 (BPMN in Python).
# Behaviour: a timer cycle counts its period once, in days from its first day, and repeats that number. "Every
#            month from 1 February" (R12/2026-02-01.../P1M) is every 28 days: two runs fall in March and the
#            twelfth is on 6 December. From 1 January it is every 31 days, the third on 4 March. A year from
#            1 April 2023 is 366 days for good. A single period adds the lengths of the months that it goes
#            through from its first, so a month from 31 January ends on 3 March.
# Surprise:  the second date of a cycle is always right, so a test of one period passes. ISO 8601 and XML Schema
#            keep months in a duration just because they are not days; where the day is missing, the last day of
#            the month counts (article 202 of the Civil Code of China says the same of a period of law).
# What to do: cycles in days or weeks only; for a monthly or yearly duty start a process from a calendar
#            (an RRULE) and compute a period's end as a date outside, then give the timer that date.
# Seen:
#> R12/2026-02-01T09:00:00+08:00/P1M 02-01 03-01 03-29 04-26 05-24 06-21 07-19 08-16 09-13 10-11 11-08 12-06
#> R12/2026-01-01T09:00:00+08:00/P1M 01-01 02-01 03-04 04-04 05-05 06-05 07-06 08-06 09-06 10-07 11-07 12-08
#> R4/2023-04-01T09:00:00+08:00/P1Y  2023-04-01 2024-04-01 2025-04-02 2026-04-03
#> P1M from 2026-01-31               2026-03-03
#> P3M from 2026-11-30               2027-03-02
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check SpiffWorkflow==3.2.0
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
from datetime import datetime, timedelta

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions import timer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/p">
  <process id="p" isExecutable="true"><startEvent id="s"/><manualTask id="t"/><endEvent id="e"/><endEvent id="e2"/>
    <boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>
      <{kind}>"{text}"</{kind}></timerEventDefinition></boundaryEvent>
    <scriptTask id="r"><script>run()</script></scriptTask>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>
    <sequenceFlow id="h" sourceRef="b" targetRef="r"/><sequenceFlow id="i" sourceRef="r" targetRef="e2"/>
  </process></definitions>"""


class Clock(datetime):
    moment = None

    @classmethod
    def now(cls, tz=None):
        return cls.moment.astimezone(tz)


timer.datetime = Clock


def runs(kind, text, first, count):
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(PROCESS.format(kind=kind, text=text)))
    seen = []
    workflow = BpmnWorkflow(parser.get_spec("p"))
    workflow.script_engine.environment.globals["run"] = lambda: seen.append(Clock.moment.date())
    Clock.moment = Clock.fromisoformat(first + "T09:00:00+08:00")
    while len(seen) < count:
        workflow.do_engine_steps()
        workflow.refresh_waiting_tasks()
        workflow.do_engine_steps()
        Clock.moment += timedelta(hours=12)
    return seen


for first, count, period in (("2026-02-01", 12, "P1M"), ("2026-01-01", 12, "P1M"), ("2023-04-01", 4, "P1Y")):
    text = f"R{count}/{first}T09:00:00+08:00/{period}"
    dates = [day.isoformat()[5 if period == "P1M" else 0 :] for day in runs("timeCycle", text, first, count)]
    print(text.ljust(33), *dates)
for first, period in (("2026-01-31", "P1M"), ("2026-11-30", "P3M")):
    print(f"{period} from {first}".ljust(33), *runs("timeDuration", period, first, 1))
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
