"""Activities: how a task, call or sub-process is opened, and what happens when it is complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xiangyun.kernel.bpmn.commands import (
    CallWanted,
    DecisionWanted,
    IncidentRaised,
    MessageSent,
    ServiceWanted,
    TaskClosed,
    TaskOpened,
)
from xiangyun.kernel.bpmn.engine.walk import NOTHING, Stuck, Walk
from xiangyun.kernel.bpmn.model import SCOPES, Element, Formula
from xiangyun.kernel.bpmn.state import Live, Undo
from xiangyun.kernel.bpmn.times import as_moment
from xiangyun.kernel.findings import Text


def enter(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A token comes to an activity."""
    if element.loop is None:
        open_activity(walk, scope, element, NOTHING)
        return
    body = walk.fresh(element.id)
    walk.live[body] = Live(scope, {}, "body", {})
    for boundary in walk.wiring.boundaries.get(element.id, ()):
        walk.arm(boundary, body, scope)
    walk.later("loop", body, element.id, came)


def open_activity(
    walk: Walk, scope: str, element: Element, own: Mapping[str, Any], alone: bool = True
) -> None:
    """Open one instance; `own` are its loop variables; one of a loop leaves events to the body."""
    ident = walk.fresh(element.id)
    held = walk.inputs(element.inputs, scope, own)
    walk.live[ident] = Live(scope, held)
    _BEGIN[element.kind](walk, ident, element)
    if alone:
        for boundary in walk.wiring.boundaries.get(element.id, ()):
            walk.arm(boundary, ident, scope)


def complete(walk: Walk, scope: str, ident: str, result: Mapping[str, Any]) -> None:
    """An instance is done: its results go out, its waiting ends, its tokens go on."""
    element = walk.element(ident)
    live = walk.live[ident]
    if element.kind == "userTask":
        walk.commands.append(TaskClosed(ident, "completed"))
    walk.disarm(ident)
    outer = walk.live.get(scope)
    if outer is not None and outer.phase == "body":
        walk.later("looped", scope, ident, result)
        return
    del walk.live[ident]
    walk.propagate(element, scope, live.locals, result)
    if outer is not None and outer.phase == "undo":
        walk.undos = [undo for undo in walk.undos if undo.scope != ident]
        walk.later("undo", scope)
        return
    remember(walk, element, ident, scope)
    walk.leave(element, scope)


def remember(walk: Walk, element: Element, ident: str, scope: str) -> None:
    """Keep for compensation what can undo a completed activity (BPMN 2.0.2 clause 13.5.5).

    A completed sub-process is undone by its own handler, or else by those of its activities.
    """
    handler = walk.wiring.compensations.get(element.id)
    if walk.undos:
        inner = [undo for undo in walk.undos if undo.scope == ident]
        if inner:
            walk.undos = [undo for undo in walk.undos if undo.scope != ident]
            if handler is None:
                walk.undos += [undo._replace(scope=scope) for undo in inner]
    if handler is not None:
        walk.undos.append(Undo(scope, element.id, handler))


def ask_again(walk: Walk, ident: str) -> None:
    """Work that failed without being caught is wanted once more."""
    live = walk.live[ident]
    walk.live[ident] = live._replace(phase="")
    element = walk.element(ident)
    try:
        _BEGIN[element.kind](walk, ident, element)
    except Stuck as stuck:
        walk.live[ident] = live
        walk.commands.append(IncidentRaised(ident, element.id, stuck.text))


# -- what opening means for each kind ----------------------------------------------------------


def _user(walk: Walk, ident: str, element: Element) -> None:
    context = walk.context(ident)
    due = None
    if element.due is not None:
        due = as_moment(walk.value(element.due, context), walk.at)
        if due is None:
            raise Stuck(
                Text(
                    "“{label}”的期限 {text} 不是日期。",
                    "The due date {text} of “{label}” is no date.",
                    label=element.label,
                    text=element.due.text,
                )
            )
    walk.commands.append(
        TaskOpened(
            ident,
            element.id,
            element.name,
            _groups(walk, element, context),
            due,
            element.form or element.headers.get("form", ""),
            element.headers,
            element.properties,
            walk.live[ident].locals,
        )
    )


def _groups(walk: Walk, element: Element, context: Mapping[str, Any]) -> tuple[str, ...]:
    """Candidate groups: a comma list, or FEEL giving a list or such a text."""
    value = walk.value(element.groups, context) if element.groups else ""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        raise Stuck(
            Text(
                "“{label}”的办理角色没有算出来。",
                "The candidate groups of “{label}” came to nothing.",
                label=element.label,
            )
        )
    return tuple(name for name in (str(each).strip() for each in value) if name)


def ask_service(walk: Walk, ident: str, element: Element) -> None:
    """Ask a machine for the work of an instance."""
    context = walk.context(ident)
    work = _text(walk, element.type, context, element)
    walk.commands.append(
        ServiceWanted(ident, element.id, work, walk.live[ident].locals, element.headers)
    )


def _rule(walk: Walk, ident: str, element: Element) -> None:
    if element.decision is None:
        ask_service(walk, ident, element)
        return
    context = walk.context(ident)
    decision = _text(walk, element.decision, context, element)
    walk.commands.append(
        DecisionWanted(
            ident, element.id, decision, _given(walk, ident, element), element.result_variable
        )
    )


def _given(walk: Walk, ident: str, element: Element) -> Mapping[str, Any] | None:
    """The mapped inputs; else None for "all root variables", unless inner ones lie over them."""
    if element.inputs:
        return walk.live[ident].locals
    context = walk.context(ident)
    return None if context is walk.root else context


def _script(walk: Walk, ident: str, element: Element) -> None:
    if element.script is None:
        ask_service(walk, ident, element)
        return
    value = walk.value(element.script, walk.context(ident))
    walk.later("complete", walk.live[ident].scope, ident, {element.result_variable: value})


def _send(walk: Walk, ident: str, element: Element) -> None:
    if element.type is not None:
        ask_service(walk, ident, element)
        return
    send_message(walk, element, ident, walk.live[ident].locals)
    walk.later("complete", walk.live[ident].scope, ident, NOTHING)


def send_message(walk: Walk, element: Element, scope: str, payload: Mapping[str, Any]) -> None:
    """Let the message of a send task or a throw event leave; the payload are its inputs."""
    name = element.trigger.name if element.trigger else ""
    walk.commands.append(MessageSent(name, walk.key(element, scope), dict(payload)))


def _receive(walk: Walk, ident: str, element: Element) -> None:
    walk.arm(element, ident, ident)


def _at_once(walk: Walk, ident: str, element: Element) -> None:
    # Manual: done by a person out of sight of any engine. Abstract: nothing says what is to be
    # done. Both complete as soon as they begin (clause 13.3.3).
    walk.later("complete", walk.live[ident].scope, ident, NOTHING)


def _call(walk: Walk, ident: str, element: Element) -> None:
    process = _text(walk, element.called, walk.context(ident), element)
    walk.commands.append(CallWanted(ident, element.id, process, _given(walk, ident, element)))


def _scope(walk: Walk, ident: str, element: Element) -> None:
    for start in walk.wiring.starts.get(element.id, ()):
        walk.later("begin", ident, start.id, "")


def _text(walk: Walk, formula: Formula | None, context: Mapping[str, Any], element: Element) -> str:
    value = walk.value(formula, context) if formula else None
    if not isinstance(value, str) or not value:
        raise Stuck(
            Text(
                "“{label}”要调用什么没有算出来：{text}。",
                "What “{label}” calls came to nothing: {text}.",
                label=element.label,
                text=formula.text if formula else "",
            )
        )
    return value


_BEGIN: dict[str, Callable[[Walk, str, Element], None]] = {
    "userTask": _user,
    "serviceTask": ask_service,
    "businessRuleTask": _rule,
    "scriptTask": _script,
    "sendTask": _send,
    "receiveTask": _receive,
    "manualTask": _at_once,
    "task": _at_once,
    "callActivity": _call,
    **dict.fromkeys(SCOPES, _scope),
}
ACTIVITIES = frozenset(_BEGIN)
"""Kinds of activity that can run."""
