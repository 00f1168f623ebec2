"""Processes built at random from blocks: sound by construction, so every case of them must end."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiangyun.kernel.bpmn import (
    DecisionMade,
    DecisionWanted,
    Event,
    Process,
    ServiceCompleted,
    ServiceWanted,
    Started,
    State,
    Step,
    TaskCompleted,
    TaskOpened,
    TimerFired,
    TimerSet,
    VariablesSet,
    advance,
    check_process,
    draw,
    read_process,
    write_process,
)
from xiangyun.kernel.bpmn.state import Live
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    node,
    script,
    service,
    start,
    timer,
    user,
)
from xiangyun.kernel.bpmn.tests.walking import MORNING

LEAVES = st.sampled_from(
    ["user", "service", "script", "timer", "reminded", "limited", "many", "each"]
)
SPLITS = st.sampled_from(["exclusive", "parallel", "inclusive", "eventBased"])


def nest(inner):
    """Blocks one level larger: hypothesis alone would nearly always draw a single task."""
    return st.one_of(
        st.tuples(SPLITS, st.lists(inner, min_size=2, max_size=3)),
        st.tuples(
            st.sampled_from(["loop", "sub", "beside", "instead"]),
            st.lists(inner, min_size=1, max_size=2),
        ),
        st.tuples(st.just("sequence"), st.lists(inner, min_size=2, max_size=3)),
    )


BLOCKS = nest(LEAVES | nest(LEAVES | nest(LEAVES)))


MANY = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{}"><bpmn:extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="item" />'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)


@dataclass
class Drawing:
    """Draws blocks into nodes and flows; every block has one way in and one way out."""

    numbers: itertools.count = field(default_factory=itertools.count)
    nodes: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def fresh(self, what: str) -> str:
        return f"{what}{next(self.numbers)}"

    def block(self, block) -> tuple[str, str]:
        if isinstance(block, str):
            return self.leaf(block)
        kind, parts = block
        if kind == "sequence":
            ends = [self.block(part) for part in parts]
            for (_, out), (into, _) in itertools.pairwise(ends):
                self.paths.append(f"{out} > {into}")
            return ends[0][0], ends[-1][1]
        if kind in ("sub", "beside", "instead"):
            return self.sub(kind, parts)
        if kind == "loop":
            return self.loop(parts)
        return self.branches(kind, parts)

    def leaf(self, kind: str) -> tuple[str, str]:
        ident = self.fresh(kind)
        if kind == "script":
            self.nodes.append(script(ident, "=1 + 1", ident))
        elif kind == "service":
            self.nodes.append(service(ident))
        elif kind == "timer":
            self.nodes.append(node("intermediateCatchEvent", ident, timer("duration", "PT1H")))
        elif kind in ("many", "each"):
            self.nodes.append(user(ident, MANY.format(str(kind == "each").lower())))
        else:
            self.nodes.append(user(ident))
        if kind in ("reminded", "limited"):
            edge, done = self.fresh("edge"), self.fresh("end")
            self.nodes.append(
                node(
                    "boundaryEvent",
                    edge,
                    timer(
                        "cycle" if kind == "reminded" else "duration",
                        "R2/PT1H" if kind == "reminded" else "PT1H",
                    ),
                    attachedToRef=ident,
                    cancelActivity=str(kind == "limited").lower(),
                )
            )
            if kind == "reminded":
                self.nodes.append(end(done))
                self.paths.append(f"{edge} > {done}")
            else:
                join = self.fresh("merge")
                self.nodes.append(gate("exclusive", join))
                self.paths += [f"{ident} > {join}", f"{edge} > {join}"]
                return ident, join
        return ident, ident

    def branches(self, kind: str, parts) -> tuple[str, str]:
        split, join = self.fresh("split"), self.fresh("join")
        if kind == "eventBased":
            # The first event decides; behind each its block.
            parts = [("sequence", ["timer", part]) for part in parts]
        ends = [self.block(part) for part in parts]
        choosing = kind in ("exclusive", "inclusive")
        for at, (into, out) in enumerate(ends):
            condition = f": =c{(next(self.numbers)) % 7}" if at and choosing else ""
            self.paths += [f"{split} > {into}{condition}", f"{out} > {join}"]
        default = {"default": f"DEFAULT({split},{ends[0][0]})"} if choosing else {}
        joining = "exclusive" if kind == "eventBased" else kind
        self.nodes += [gate(kind, split, **default), gate(joining, join)]
        return split, join

    def loop(self, parts) -> tuple[str, str]:
        # Somebody must be asked whether it is enough, or the loop would never wait.
        into, out = self.block(("sequence", [*parts, "user"]))
        head, tail = self.fresh("again"), self.fresh("enough")
        self.nodes += [
            gate("exclusive", head),
            gate("exclusive", tail, default=f"DEFAULT({tail},OUT)"),
        ]
        leave = self.fresh("script")
        self.nodes.append(script(leave, "=1", leave))
        self.paths += [
            f"{head} > {into}",
            f"{out} > {tail}",
            f"{tail} > {head}: =more",
            f"{tail} > {leave}",
        ]
        self.nodes[-2] = gate("exclusive", tail, default=f"DEFAULT({tail},{leave})")
        return head, leave

    def sub(self, kind: str, parts) -> tuple[str, str]:
        """A sub-process, with an event sub-process that runs beside it or takes its place."""
        inner = Drawing(self.numbers)
        if kind != "sub":
            inner.handler(kind)
        into, out = inner.block(("sequence", parts))
        ident, begin, finish = self.fresh("sub"), self.fresh("in"), self.fresh("out")
        inner.paths += [f"{begin} > {into}", f"{out} > {finish}"]
        content = (start(begin), *inner.nodes, end(finish), inner.flows())
        self.nodes.append(node("subProcess", ident, *(inner.named(each) for each in content)))
        return ident, ident

    def handler(self, kind: str) -> None:
        ident, begin, work, finish = (self.fresh(each) for each in ("on", "when", "help", "done"))
        self.nodes.append(
            node(
                "subProcess",
                ident,
                start(
                    begin,
                    timer("duration", "PT1H"),
                    isInterrupting=str(kind == "instead").lower(),
                ),
                user(work),
                end(finish),
                flows(f"{begin} > {work} > {finish}"),
                triggeredByEvent="true",
            )
        )

    def flows(self) -> str:
        return flows(*self.paths)

    def named(self, text: str) -> str:
        """The placeholders of default flows as the ids that the flows were given."""
        for number, path in enumerate(self.paths):
            source, target = (each.strip() for each in path.partition(": ")[0].split(" > "))
            text = text.replace(f"DEFAULT({source},{target})", f"f_{source}_{target}_{number}")
        return text


def drawn(block) -> str:
    drawing = Drawing()
    into, out = drawing.block(block)
    drawing.paths += [f"start > {into}", f"{out} > end"]
    # Flow ids must differ between scopes: they carry the ids of the elements they join.
    return drawing.named(bpmn(start(), *drawing.nodes, end(), drawing.flows()))


QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Run:
    """A case driven by choices: which open thing happens next."""

    def __init__(self, process: Process, data: dict) -> None:
        self.process = process
        self.data = dict(data)
        self.state: State | None = None
        self.open: dict[str, object] = {}
        self.log: list[tuple[Event, Step]] = []
        self.ended = False

    def happens(self, event: Event) -> None:
        step = advance(self.process, self.state, event, self.data)
        for command in step.commands:
            if isinstance(command, VariablesSet):
                self.data.update(command.values)
            elif isinstance(command, TaskOpened | ServiceWanted | DecisionWanted | TimerSet):
                self.open[command.id] = command
            assert type(command).__name__ != "IncidentRaised", command
        self.state = State.from_json(step.state.to_json())
        assert self.state == step.state
        alive = self.state.live.keys() | self.state.waits.keys()
        self.open = {key: value for key, value in self.open.items() if key in alive}
        self.log.append((event, step))

    def answer(self, choice: int, more: bool) -> None:
        at = MORNING + timedelta(hours=len(self.log))
        ident, command = list(self.open.items())[choice % len(self.open)]
        if isinstance(command, TaskOpened):
            self.happens(TaskCompleted(ident, {"more": more}, at))
        elif isinstance(command, ServiceWanted):
            self.happens(ServiceCompleted(ident, {"more": more}, at))
        elif isinstance(command, DecisionWanted):
            self.happens(DecisionMade(ident, more, at))
        else:
            self.happens(TimerFired(ident, at))


DATA = st.fixed_dictionaries({f"c{at}": st.booleans() for at in range(7)})
CHOICES = st.lists(st.tuples(st.integers(0, 1000), st.booleans()), max_size=30)


@QUIET
@given(BLOCKS, DATA, CHOICES)
def test_every_case_of_a_block_structured_process_ends_and_replays_alike(block, data, choices):
    process = read_process(drawn(block))
    run = Run(process, {**data, "more": False})
    run.happens(Started(MORNING))
    steps = iter(choices)
    for _ in range(400):
        if run.state.ended:
            break
        assert run.open, "the case waits for nothing and has not ended"
        choice, more = next(steps, (0, False))
        run.answer(choice, more)
    assert run.state.ended
    assert not run.state.live
    assert not run.state.joins
    assert not run.state.waits
    again = Run(process, {**data, "more": False})
    for event, step in run.log:
        again.happens(event)
        assert again.log[-1][1] == step


@QUIET
@given(BLOCKS)
def test_a_block_structured_process_is_proved_sound(block):
    assert [finding for finding in check_process(drawn(block)) if finding.id != "bpmn.W050"] == []


@QUIET
@given(BLOCKS)
def test_reading_writing_and_drawing_lose_nothing(block):
    process = read_process(drawn(block))
    again = read_process(write_process(process))
    assert again.elements == process.elements
    assert again.flows == process.flows
    svg = draw(process)
    for ident in process.elements:
        assert f'data-element="{ident}"' in svg


FEEL_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(FEEL_VALUES)
def test_local_values_survive_json_without_loss(value):
    state = State(count=1, live={"ask~1": Live("", {"item": value})})
    assert State.from_json(state.to_json()) == state
