"""What is wrong and what is right in a drawing: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_PROCESS = "BPMN 2.0.2, clause 10 (Process)"
_MEANING = "BPMN 2.0.2, clause 13 (Execution Semantics)"
_ZEEBE = "docs/reference/packs.md#processbpmn"
_RUNNING = "docs/reference/commands.md#xiangyun-migrate"
_PACKS = "docs/reference/packs.md"
EXPLAINED: Mapping[str, Explained] = {
    "bpmn.E001": Explained(
        '<process id="a"> as the whole file',
        '<bpmn:definitions …><bpmn:process id="a" isExecutable="true">',
        _PROCESS,
    ),
    "bpmn.E002": Explained(
        'two processes with isExecutable="true" in one file',
        "one in process.bpmn, the other in processes/",
        _PROCESS,
    ),
    "bpmn.E003": Explained(
        '<bpmn:userTaks id="review" />', '<bpmn:userTask id="review" />', _PROCESS
    ),
    "bpmn.E004": Explained(
        '<bpmn:complexGateway id="g" />', '<bpmn:inclusiveGateway id="g" />', _ZEEBE
    ),
    "bpmn.E005": Explained(
        '<bpmn:userTask name="审查" />', '<bpmn:userTask id="review" name="审查" />', _PROCESS
    ),
    "bpmn.E006": Explained(
        'cancelActivity="no"', 'cancelActivity="false"', "XML Schema Part 2, 3.2.2 (boolean)"
    ),
    "bpmn.E007": Explained(
        'messageRef="message_withdrawl", and no such message',
        (
            '<bpmn:message id="message_withdraw" name="withdraw" /> and '
            'messageRef="message_withdraw"'
        ),
        _PROCESS,
    ),
    "bpmn.E008": Explained(
        '<userTask id="review" /> among elements with the prefix bpmn',
        '<bpmn:userTask id="review" />',
        _PROCESS,
    ),
    "bpmn.E009": Explained(
        'camunda:assignee="demo"',
        (
            '<zeebe:assignmentDefinition candidateGroups="reviewer" />; `xiangyun '
            "convert` rewrites it"
        ),
        "docs/how-to/bring-files-from-another-engine.md",
    ),
    "bpmn.E010": Explained(
        '<bpmn:sequenceFlow sourceRef="review" targetRef="nowhere" />',
        '<bpmn:sequenceFlow sourceRef="review" targetRef="decide" />',
        _PROCESS,
    ),
    "bpmn.E011": Explained(
        "an exclusive gateway without a flow out of it",
        '<bpmn:sequenceFlow sourceRef="gate" targetRef="end" />',
        _PROCESS,
    ),
    "bpmn.E012": Explained(
        "a start event without a flow out of it",
        '<bpmn:sequenceFlow sourceRef="start" targetRef="review" />',
        _PROCESS,
    ),
    "bpmn.E013": Explained(
        "a task that no flow leads to",
        '<bpmn:sequenceFlow sourceRef="gate" targetRef="task" />, or no such task',
        _PROCESS,
    ),
    "bpmn.E014": Explained(
        "a process without a start event", '<bpmn:startEvent id="filed" />', _PROCESS
    ),
    "bpmn.E015": Explained(
        "tasks in a ring, and no end event", '<bpmn:endEvent id="end" />', _MEANING
    ),
    "bpmn.E016": Explained(
        "two start events in a process", "one start event and a gateway", _ZEEBE
    ),
    "bpmn.E017": Explained(
        "a flow from an end event to a task", "a flow from the task before it", _PROCESS
    ),
    "bpmn.E018": Explained(
        "a drawing of 3,000 elements", "processes/*.bpmn, called by call activities", _ZEEBE
    ),
    "bpmn.E020": Explained(
        "two flows out of a gateway, one without a condition",
        'default="flow_b" at the gateway, or a condition at each',
        _MEANING,
    ),
    "bpmn.E021": Explained(
        '=acceptance.action = = "accept"',
        '=acceptance.action = "accept"',
        "DMN 1.5, clause 10 (FEEL)",
    ),
    "bpmn.E022": Explained('${action == "accept"}', '=acceptance.action = "accept"', _ZEEBE),
    "bpmn.E023": Explained(
        'default="flow_of_another_gateway"', 'default="flow_out_of_this_gateway"', _PROCESS
    ),
    "bpmn.E024": Explained(
        "a condition at the flow from a task", "an exclusive gateway after the task", _ZEEBE
    ),
    "bpmn.E025": Explained(
        "=age < 14 and =age > 14 as the only ways", "=age < 14 and =age >= 14", _MEANING
    ),
    "bpmn.E030": Explained(
        '<bpmn:serviceTask id="letter" />', '<zeebe:taskDefinition type="letter.send" />', _ZEEBE
    ),
    "bpmn.E031": Explained(
        '<zeebe:calledDecision decisionId="precheck" />',
        '<zeebe:calledDecision decisionId="precheck" resultVariable="precheck" />',
        _ZEEBE,
    ),
    "bpmn.E032": Explained(
        '<bpmn:userTask id="review"> without an assignment',
        '<zeebe:assignmentDefinition candidateGroups="reviewer" />',
        _ZEEBE,
    ),
    "bpmn.E033": Explained(
        '<bpmn:message id="message_withdraw" />',
        '<bpmn:message id="message_withdraw" name="withdraw" />',
        _PROCESS,
    ),
    "bpmn.E034": Explained(
        "<bpmn:timeDuration>15 days</bpmn:timeDuration>",
        "<bpmn:timeDuration>P15D</bpmn:timeDuration>",
        "ISO 8601-1:2019, 5.5.2 (durations)",
    ),
    "bpmn.E035": Explained(
        '<bpmn:error id="e" />', '<bpmn:error id="e" errorCode="not_found" />', _PROCESS
    ),
    "bpmn.E036": Explained(
        '<zeebe:script expression="=1 + 1" />',
        '<zeebe:script expression="=1 + 1" resultVariable="sum" />',
        _ZEEBE,
    ),
    "bpmn.E037": Explained(
        '<bpmn:callActivity id="visit" />', '<zeebe:calledElement processId="site_visit" />', _ZEEBE
    ),
    "bpmn.E038": Explained(
        "<bpmn:multiInstanceLoopCharacteristics /> alone",
        ('<zeebe:loopCharacteristics inputCollection="=departments" inputElement="department" />'),
        _MEANING,
    ),
    "bpmn.E040": Explained('attachedToRef="gate"', 'attachedToRef="review"', _PROCESS),
    "bpmn.E041": Explained(
        "an event-based gateway that leads to a task",
        "an event-based gateway that leads to a timer or a message",
        _MEANING,
    ),
    "bpmn.E042": Explained(
        "an event sub-process with a plain start event",
        "one whose start event has a message, timer, signal, error or escalation",
        _MEANING,
    ),
    "bpmn.E043": Explained(
        "a compensation boundary event without an association",
        '<bpmn:association sourceRef="undo_event" targetRef="undo" />',
        _MEANING,
    ),
    "bpmn.E044": Explained(
        'an error boundary event with cancelActivity="false"',
        'cancelActivity="true", or an escalation',
        _PROCESS,
    ),
    "bpmn.E045": Explained(
        "two boundary events of a task for the error code late",
        "one for late, one for wrong",
        _ZEEBE,
    ),
    "bpmn.E046": Explained(
        "a cancel end event outside a transaction",
        "<bpmn:transaction> around it, with a cancel boundary event",
        _MEANING,
    ),
    "bpmn.E051": Explained(
        "an exclusive gateway splits, a parallel one joins",
        "a parallel gateway splits, a parallel one joins",
        _MEANING,
    ),
    "bpmn.E052": Explained(
        "a loop none of whose gateways leads out", "a way to an end event", _MEANING
    ),
    "bpmn.E053": Explained(
        "a parallel gateway splits, and both ways lead into one task",
        "a parallel gateway joins them before the task",
        _MEANING,
    ),
    "bpmn.E054": Explained(
        "an error end event in a sub-process without an error boundary event",
        "an error boundary event at the sub-process",
        _MEANING,
    ),
    "bpmn.E055": Explained(
        "a call of a process that ends in an error, and nothing at the call",
        "an error boundary event at the call activity",
        _MEANING,
    ),
    "bpmn.E056": Explained(
        "a task behind a way that is never taken",
        "a condition that can hold, or no such task",
        _MEANING,
    ),
    "bpmn.E057": Explained(
        "a gateway whose default leads back to itself", "a task or a timer in the loop", _MEANING
    ),
    "bpmn.E058": Explained(
        "a process that calls itself on every way",
        "a way to an end without the call",
        "docs/reference/packs.md#called-processes",
    ),
    "bpmn.E060": Explained(
        '<zeebe:taskHeder key="stage" value="accept" />',
        '<zeebe:header key="stage" value="accept" />',
        _ZEEBE,
    ),
    "bpmn.E100": Explained(
        "an answer to a task that was interrupted", "look at the case again", _MEANING
    ),
    "bpmn.E101": Explained(
        "a loop of gateways that is true for this case", "a task in the loop", _MEANING
    ),
    "bpmn.E102": Explained(
        "=for i in 1..100000000 return i in an output",
        "=count(list)",
        "docs/reference/settings.md#what-an-evaluation-may-cost",
    ),
    "bpmn.E110": Explained(
        "a case stands at review, and version 2 has no review", "version 2 keeps review", _RUNNING
    ),
    "bpmn.E111": Explained(
        "review is a user task, and a service task in version 2",
        "a new id for the service task",
        _RUNNING,
    ),
    "bpmn.E112": Explained(
        "review lies in examine, and outside of it in version 2",
        "review stays in examine",
        _RUNNING,
    ),
    "bpmn.E113": Explained(
        "a case waits for the message withdraw, in version 2 for cancel",
        "the message keeps its name",
        _RUNNING,
    ),
    "bpmn.E114": Explained(
        "a join waits for two ways, in version 2 for three",
        "the join keeps its ways while cases wait there",
        _RUNNING,
    ),
    "bpmn.E115": Explained(
        "version 2 reads fee, which a step before sets that the case has passed",
        "fee is set after the step, or has a default",
        _RUNNING,
    ),
    "bpmn.E116": Explained(
        'a due date =visited_on + duration("P5D") while visited_on is null',
        "a date that every case has",
        _RUNNING,
    ),
    "bpmn.N004": Explained('<bpmn:task id="review" />', '<bpmn:userTask id="review" />', _PROCESS),
    "bpmn.N010": Explained(
        '<bpmn:process id="a" isExecutable="false">',
        '<bpmn:process id="a" isExecutable="true">',
        _PROCESS,
    ),
    "bpmn.N012": Explained(
        "one path ends at a task, the others at end events", "an end event after the task", _MEANING
    ),
    "bpmn.N027": Explained(
        "=age > 10 and =age > 14, both at one gateway",
        "=age > 10 and age <= 14, and =age > 14",
        _MEANING,
    ),
    "bpmn.W025": Explained(
        '="own" and ="other" as the only ways for a text', "a default flow", _MEANING
    ),
    "bpmn.W050": Explained(
        "dozens of parallel ways in one scope", "sub-processes for parts of them", _MEANING
    ),
    "bpmn.W060": Explained(
        '<zeebe:taskDefinition type="letter.send" retries="3" />',
        '<zeebe:taskDefinition type="letter.send" />',
        _ZEEBE,
    ),
    "pack.E581": Explained(
        "a change of the step “revew”", "a change of the step “review”, which is there", _PACKS
    ),
    "pack.E582": Explained(
        "a new step “review” beside the one that is there", "a new step “second_review”", _PACKS
    ),
    "pack.E583": Explained(
        "a step taken out where several ways meet",
        "the ways led around it first, then the step taken out",
        _PACKS,
    ),
    "pack.E586": Explained("letter accepted", "letter = accepted", _PACKS),
    "pack.E587": Explained(
        "a deadline at the edge of a start event", '=duration("P5D") at the edge of a task', _PACKS
    ),
    "pack.E588": Explained(
        "two steps that wait for one message, each with another key",
        "the key written once, where the message is first waited for",
        _PACKS,
    ),
}
