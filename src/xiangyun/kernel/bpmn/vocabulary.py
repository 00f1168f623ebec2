"""The words of BPMN 2.0: which tags are flow nodes, which are only drawn, which are details."""

from __future__ import annotations

EVENTS = (
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
)
TASKS = (
    "task",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "manualTask",
)
SUBPROCESSES = ("subProcess", "transaction", "adHocSubProcess")
GATEWAYS = (
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
)
NODES = frozenset((*EVENTS, *TASKS, *SUBPROCESSES, *GATEWAYS, "callActivity"))
DRAWN = frozenset(
    (
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataInput",
        "dataOutput",
        "textAnnotation",
        "group",
        "lane",
    )
)
SILENT = frozenset(
    (
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "association",
        "sequenceFlow",
        "ioSpecification",
        "property",
        "dataInputAssociation",
        "dataOutputAssociation",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "rendering",
        "script",
        "auditing",
        "monitoring",
        "categoryValueRef",
        "supports",
        "correlationSubscription",
        "ioBinding",
        "completionCondition",
        "loopCardinality",
        "activationCondition",
        "inputSet",
        "outputSet",
        "eventDefinitionRef",
    )
)
"""Children of a process or a flow node that carry no token of their own."""

EXTENSIONS = frozenset(
    (
        "assignmentDefinition",
        "calledDecision",
        "calledElement",
        "formDefinition",
        "ioMapping",
        "properties",
        "script",
        "subscription",
        "taskDefinition",
        "taskHeaders",
        "taskSchedule",
        # These mark or describe, they ask for nothing to be done.
        "priorityDefinition",
        "userTask",
        "userTaskForm",
        "versionTag",
    )
)
"""`zeebe:` extension elements that are honoured or harmless; any other one is refused."""
