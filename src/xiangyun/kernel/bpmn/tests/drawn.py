"""Small BPMN texts for the tests, spelt as Camunda Modeler spells them."""

from __future__ import annotations

import itertools
import re

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">\n'
)


def bpmn(*content: str, shared: str = "") -> str:
    """A file with one executable process; `shared` are messages, errors, signals."""
    body = "\n".join(content)
    return (
        f'{HEAD}<bpmn:process id="case" name="办件" isExecutable="true">\n{body}\n'
        f"</bpmn:process>\n{shared}</bpmn:definitions>\n"
    )


def flows(*paths: str) -> str:
    """`"a > b > c"` as flows; `"a > b: =x = 1"` puts a condition on the last flow of the path."""
    out = []
    for path, number in zip(paths, itertools.count(), strict=False):
        names, _, condition = path.partition(": ")
        steps = [step.strip() for step in names.split(">")]
        for at, (source, target) in enumerate(itertools.pairwise(steps)):
            last = at == len(steps) - 2
            inside = (
                '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
                f"{condition.replace('<', '&lt;')}</bpmn:conditionExpression>"
                if condition and last
                else ""
            )
            ident = f"f_{source}_{target}_{number}"
            out.append(
                f'<bpmn:sequenceFlow id="{ident}" sourceRef="{source}" targetRef="{target}">'
                f"{inside}</bpmn:sequenceFlow>"
            )
    return "\n".join(out)


def node(kind: str, ident: str, *content: str, extension: str = "", **attributes: str) -> str:
    """Any flow node; `extension` goes into its extensionElements."""
    held = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    words = "".join(
        f' {re.sub(r"_$", "", key)}="{value.replace(chr(34), "&quot;").replace("<", "&lt;")}"'
        for key, value in attributes.items()
    )
    return f'<bpmn:{kind} id="{ident}"{words}>{held}{"".join(content)}</bpmn:{kind}>'


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """zeebe:ioMapping: target -> source."""

    def rows(kind: str, pairs: dict[str, str] | None) -> str:
        return "".join(
            f'<zeebe:{kind} source="{source.replace(chr(34), "&quot;")}" target="{target}" />'
            for target, source in (pairs or {}).items()
        )

    return f"<zeebe:ioMapping>{rows('input', inputs)}{rows('output', outputs)}</zeebe:ioMapping>"


def start(ident: str = "start", *content: str, **attributes: str) -> str:
    return node("startEvent", ident, *content, **attributes)


def end(ident: str = "end", *content: str, outcome: str = "", **attributes: str) -> str:
    properties = (
        f'<zeebe:properties><zeebe:property name="outcome" value="{outcome}" /></zeebe:properties>'
    )
    return node("endEvent", ident, *content, extension=properties if outcome else "", **attributes)


def user(
    ident: str, *content: str, groups: str = "acceptor", extension: str = "", **more: str
) -> str:
    assigned = f'<zeebe:assignmentDefinition candidateGroups="{groups}" />'
    return node("userTask", ident, *content, extension=assigned + extension, **more)


def service(
    ident: str, *content: str, work: str = "register.enter", extension: str = "", **more: str
) -> str:
    defined = f'<zeebe:taskDefinition type="{work}" />'
    return node("serviceTask", ident, *content, extension=defined + extension, **more)


def script(ident: str, expression: str, variable: str) -> str:
    words = expression.replace('"', "&quot;")
    return node(
        "scriptTask",
        ident,
        extension=f'<zeebe:script expression="{words}" resultVariable="{variable}" />',
    )


def gate(kind: str, ident: str, **attributes: str) -> str:
    return node(f"{kind}Gateway", ident, **attributes)


def message(ident: str, name: str, key: str = "") -> str:
    held = (
        f'<bpmn:extensionElements><zeebe:subscription correlationKey="{key}" />'
        "</bpmn:extensionElements>"
    )
    return f'<bpmn:message id="{ident}" name="{name}">{held if key else ""}</bpmn:message>\n'


def on_message(ref: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{ref}" />'


def timer(kind: str, value: str) -> str:
    tag = f"time{kind.capitalize()}"
    return (
        f"<bpmn:timerEventDefinition><bpmn:{tag}>{value}</bpmn:{tag}></bpmn:timerEventDefinition>"
    )


def on(kind: str, ref: str = "") -> str:
    reference = f' {kind}Ref="{ref}"' if ref else ""
    return f"<bpmn:{kind}EventDefinition{reference} />"
