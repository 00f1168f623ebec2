"""One flow node read: its zeebe: extensions, formulas, trigger and loop."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xiangyun.kernel.bpmn.datatypes import flag, integer
from xiangyun.kernel.bpmn.markup import BPMN, ZEEBE, Markup
from xiangyun.kernel.bpmn.model import Element, Formula, Loop, Transfer, Trigger, TriggerKind
from xiangyun.kernel.bpmn.tags import notes, pairs, ref, words, zeebe
from xiangyun.kernel.bpmn.vocabulary import EVENTS
from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.feel.syntax import Name, Path
from xiangyun.kernel.findings import Finding, Place, Refused, Text

_KINDS: dict[str, TriggerKind] = {
    "signal": "signal",
    "error": "error",
    "escalation": "escalation",
    "terminate": "terminate",
    "cancel": "cancel",
}


class NodeReader:
    """Reads flow nodes; gathers the formulas met and the faults found in them."""

    def __init__(self, file: str, shared: Mapping[str, Markup], names: Collection[str]) -> None:
        self.file = file
        self.shared = shared
        self.names = names
        self.findings: list[Finding] = []
        self.formulas: list[Formula] = []

    def element(self, node: Markup, ident: str, owner: str, lanes: dict[str, str]) -> Element:
        task = zeebe(node, "taskDefinition")
        decision = zeebe(node, "calledDecision")
        script = zeebe(node, "script")
        called = zeebe(node, "calledElement")
        form = zeebe(node, "formDefinition")
        mapping = zeebe(node, "ioMapping")
        return Element(
            id=ident,
            kind=node.name,
            name=" ".join(node.get("name").split()),
            line=node.line,
            parent=owner,
            documentation=words(node),
            properties=pairs(node, "properties", "property", "name"),
            headers=pairs(node, "taskHeaders", "header", "key"),
            default=ref(node.get("default")),
            trigger=self.trigger(node),
            interrupting=flag(node, "cancelActivity", True) and flag(node, "isInterrupting", True),
            attached_to=ref(node.get("attachedToRef")),
            loop=self.loop(node),
            inputs=self.transfers(mapping, "input", node),
            outputs=self.transfers(mapping, "output", node),
            type=self.attribute(task, "type", node),
            decision=self.attribute(decision, "decisionId", node),
            result_variable=(decision or script or node).get("resultVariable"),
            groups=self.attribute(zeebe(node, "assignmentDefinition"), "candidateGroups", node),
            due=self.attribute(zeebe(node, "taskSchedule"), "dueDate", node),
            form=(form.get("formId") or form.get("formKey")) if form else "",
            script=self.attribute(script, "expression", node),
            called=self.attribute(called, "processId", node),
            propagate_all=called is not None and flag(called, "propagateAllChildVariables", True),
            event_driven=flag(node, "triggeredByEvent"),
            for_compensation=flag(node, "isForCompensation"),
            lane=lanes.get(ident, ""),
            notes=notes(node),
        )

    def transfers(self, mapping: Markup | None, name: str, node: Markup) -> tuple[Transfer, ...]:
        if mapping is None:
            return ()
        return tuple(
            Transfer(self.formula(item.get("source"), node, item.line), item.get("target"))
            for item in mapping.all(ZEEBE, name)
        )

    def attribute(self, source: Markup | None, name: str, node: Markup) -> Formula | None:
        if source is None or not source.get(name):
            return None
        return self.formula(source.get(name), node, source.line)

    def formula(self, text: str, node: Markup, line: int) -> Formula:
        """The text compiled when it is FEEL; a fault is noted and the formula stays static."""
        source = text.strip()
        line += text[: len(text) - len(text.lstrip())].count("\n")
        if not source.startswith("="):
            return Formula(source, node.get("id"), line)
        try:
            expression = parse_expression(source[1:], self.names)
        except Refused as refused:
            self.findings += [self.misspelt(each, node, line) for each in refused.findings]
            return Formula(source, node.get("id"), line)
        formula = Formula(source, node.get("id"), line, expression)
        self.formulas.append(formula)
        return formula

    def misspelt(self, fault: Finding, node: Markup, line: int) -> Finding:
        """A FEEL fault placed in this file: line of the formula, column within it."""
        inner = fault.place or Place(self.file)
        # The column counts from the text after the equals sign, which the author also sees.
        column = inner.column + 1 if inner.line <= 1 and inner.column else inner.column
        name = node.get("name") or node.get("id")
        return Finding(
            "bpmn.E021",
            "error",
            Text(
                "“{name}”（{id}）的表达式有误：{message}",
                "The formula of “{name}” ({id}) is faulty: {message}",
                name=name,
                id=node.get("id"),
                message=fault.message,
            ),
            Place(self.file, line + max(inner.line - 1, 0), column),
            fault.hint,
        )

    def trigger(self, node: Markup) -> Trigger | None:
        if node.name not in EVENTS and node.name not in ("receiveTask", "sendTask"):
            return None
        if node.name in ("receiveTask", "sendTask"):
            return self.message(node, node) if node.get("messageRef") else None
        definitions = [
            child
            for child in node.children
            if child.space == BPMN and child.name.endswith("EventDefinition")
        ]
        for child in node.all(BPMN, "eventDefinitionRef"):
            shared = self.shared.get(ref(child.text))
            if shared is None or not shared.name.endswith("EventDefinition"):
                return Trigger("none", node.line, reference=ref(child.text), missing=True)
            definitions.append(shared)
        if not definitions:
            return Trigger("none", node.line)
        if len(definitions) > 1:
            return Trigger("multiple", node.line)
        return self.definition(definitions[0], node)

    def definition(self, node: Markup, event: Markup) -> Trigger:
        kind = node.name.removesuffix("EventDefinition")
        if kind == "message":
            return self.message(node, event)
        if kind == "timer":
            for name in ("timeDate", "timeDuration", "timeCycle"):
                child = node.first(BPMN, name)
                if child is not None:
                    timer = name.removeprefix("time").lower()
                    formula = self.formula(child.text, event, child.line)
                    return Trigger("timer", node.line, formula=formula, timer=timer)
            return Trigger("timer", node.line)
        if kind == "conditional":
            child = node.first(BPMN, "condition")
            condition = self.formula(child.text, event, child.line) if child else None
            return Trigger("conditional", node.line, formula=condition)
        if kind in ("signal", "error", "escalation"):
            reference = ref(node.get(f"{kind}Ref"))
            shared = self.named(kind, reference)
            attribute = "name" if kind == "signal" else f"{kind}Code"
            name = shared.get(attribute) if shared else ""
            missing = bool(reference) and shared is None
            return Trigger(_KINDS[kind], node.line, name, reference, missing=missing)
        if kind == "link":
            return Trigger("link", node.line, node.get("name"))
        if kind == "compensate":
            return Trigger("compensate", node.line, activity=ref(node.get("activityRef")))
        return Trigger(_KINDS.get(kind, "multiple"), node.line)

    def message(self, node: Markup, event: Markup) -> Trigger:
        reference = ref(node.get("messageRef"))
        shared = self.named("message", reference)
        key = None
        if shared is not None:
            key = self.attribute(zeebe(shared, "subscription"), "correlationKey", event)
        name = shared.get("name") if shared else ""
        missing = bool(reference) and shared is None
        return Trigger("message", node.line, name, reference, key, missing=missing)

    def named(self, kind: str, reference: str) -> Markup | None:
        """The message, signal, error or escalation of this id; None when there is none."""
        shared = self.shared.get(reference)
        return shared if shared is not None and shared.name == kind else None

    def loop(self, node: Markup) -> Loop | None:
        many = node.first(BPMN, "multiInstanceLoopCharacteristics")
        if many is not None:
            detail = zeebe(many, "loopCharacteristics")
            done = many.first(BPMN, "completionCondition")
            count = many.first(BPMN, "loopCardinality")
            output = self.attribute(detail, "outputElement", node)
            return Loop(
                "sequential" if flag(many, "isSequential") else "parallel",
                many.line,
                self.attribute(detail, "inputCollection", node),
                detail.get("inputElement") if detail else "",
                detail.get("outputCollection") if detail else "",
                output,
                _variable(output),
                self.formula(count.text, node, count.line) if count else None,
                self.formula(done.text, node, done.line) if done else None,
            )
        again = node.first(BPMN, "standardLoopCharacteristics")
        if again is None:
            return None
        condition = again.first(BPMN, "loopCondition")
        return Loop(
            "standard",
            again.line,
            condition=self.formula(condition.text, node, condition.line) if condition else None,
            test_before=flag(again, "testBefore"),
            maximum=integer(again, "loopMaximum"),
        )


def _variable(formula: Formula | None) -> str:
    """The variable of a formula that is a name, or a path that begins with one; else empty."""
    at = formula.expression.syntax if formula and formula.expression else None
    while isinstance(at, Path):
        at = at.source
    return at.name if isinstance(at, Name) else ""
