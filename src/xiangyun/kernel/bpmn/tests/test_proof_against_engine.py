"""The proof and the engine judge the same random drawings: what is proved sound never sticks."""

from __future__ import annotations

import re
from datetime import timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from xiangyun.kernel.bpmn import (
    IncidentRaised,
    Started,
    State,
    TaskCompleted,
    VariablesSet,
    advance,
    check_process,
    element_of,
    read_document,
)
from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, gate, start, user
from xiangyun.kernel.bpmn.tests.test_properties import BLOCKS, CHOICES, DATA, Run, drawn
from xiangyun.kernel.bpmn.tests.walking import MORNING

KINDS = ("user", "exclusive", "parallel", "inclusive")
NODES = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.lists(st.integers(1, 4), min_size=1, max_size=2, unique=True)
    ),
    min_size=2,
    max_size=8,
)
WALK = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 7)), min_size=40, max_size=40)
UNSOUND = {"bpmn.E051", "bpmn.E052", "bpmn.E053", "bpmn.E056"}


def drawing(nodes: list[tuple[str, list[int]]]) -> str:
    """Node n leads to nodes n-1+k or, past the last, to the end; every third leads back instead."""
    names = [f"n{at}" for at in range(len(nodes))]
    targets: dict[str, list[str]] = {}
    for at, (kind, jumps) in enumerate(nodes):
        goals = []
        for jump in jumps[: 1 if kind == "user" else 2]:
            to = at + jump if jump < 4 else max(at - 1, 0)
            goals.append(names[to] if to < len(names) else "end")
        targets[names[at]] = list(dict.fromkeys(goals))
    seen, todo = set(), ["n0"]
    while todo:
        name = todo.pop()
        if name not in seen and name != "end":
            seen.add(name)
            todo += targets[name]
    drawn, paths = [], ["start > n0"]
    for name, (kind, _) in zip(names, nodes, strict=True):
        if name not in seen:
            continue
        ways = targets[name]
        choosing = kind in ("exclusive", "inclusive") and len(ways) > 1
        default = f"f_{name}_{ways[0]}_{len(paths)}"
        paths.append(f"{name} > {ways[0]}")
        paths += [f"{name} > {way}" + (f": =c_{name}" if choosing else "") for way in ways[1:]]
        drawn.append(
            user(name)
            if kind == "user"
            else gate(kind, name, **{"default": default} if choosing else {})
        )
    return bpmn(start(), *drawn, end(), flows(*paths))


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(NODES, WALK)
def test_what_is_proved_sound_never_sticks_and_never_does_a_task_twice_at_once(nodes, walk):
    text = drawing(nodes)
    found = {finding.id for finding in check_process(text)}
    if found - UNSOUND:
        event("not well-formed")
        return
    event(f"sound: {not found}")
    process = read_document(text).processes[0]
    data = {f"c_{name}": False for name in process.elements}
    state: State | None = None
    happening = Started(MORNING)
    stuck = doubled = False
    for at, (choice, bits) in enumerate(walk):
        step = advance(process, state, happening, data)
        state = step.state
        for command in step.commands:
            stuck = stuck or isinstance(command, IncidentRaised)
            if isinstance(command, VariablesSet):
                data.update(command.values)
        tasks = [element_of(ident) for ident in state.live]
        doubled = doubled or len(set(tasks)) < len(tasks)
        if state.ended or stuck or not state.live:
            break
        idents = list(state.live)
        values = {name: bool((bits >> (n % 3)) & 1) for n, name in enumerate(data)}
        moment = MORNING + timedelta(minutes=at)
        happening = TaskCompleted(idents[choice % len(idents)], values, moment)
    if not found:
        assert not stuck
        assert not doubled
        assert state.ended or state.live
    else:
        event(f"unsound and seen so: {stuck or doubled}")


JOINS = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from(["exclusive", "parallel", "inclusive"])),
    min_size=1,
    max_size=3,
)


def rejoined(text: str, changes: list[tuple[int, str]]) -> str:
    """Some joins of a drawing made another kind of gateway: often, but not always, a fault."""
    for which, kind in changes:
        joins = re.findall(r'<bpmn:(\w+)Gateway id="(join\w+)">', text)
        if joins:
            was, ident = joins[which % len(joins)]
            text = text.replace(
                f'<bpmn:{was}Gateway id="{ident}"></bpmn:{was}Gateway>',
                f'<bpmn:{kind}Gateway id="{ident}"></bpmn:{kind}Gateway>',
            )
    return text


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, JOINS, DATA, CHOICES)
def test_a_wrongly_joined_block_that_is_proved_sound_all_the_same_ends(block, joins, data, choices):
    text = rejoined(drawn(block), joins)
    found = {finding.id for finding in check_process(text)}
    event(f"found: {sorted(found)}")
    if found:
        return
    # Run itself fails on the first incident.
    run = Run(read_document(text).processes[0], {**data, "more": False})
    run.happens(Started(MORNING))
    steps = iter(choices)
    for _ in range(400):
        if run.state.ended:
            break
        assert run.open, "the case waits for nothing and has not ended"
        run.answer(*next(steps, (0, False)))
    assert run.state.ended
