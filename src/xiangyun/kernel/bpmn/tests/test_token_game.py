"""The engine beside a token game of its own on drawings made up at random.

What the check accepts comes to its end on every walk: it never waits for nothing, never raises, and
the engine and the token game see the same at every step, also where the check has refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from xiangyun.kernel.bpmn import (
    Endless,
    Event,
    IncidentRaised,
    MessageReceived,
    Process,
    ServiceCompleted,
    ServiceFailed,
    SignalReceived,
    Started,
    State,
    TaskCompleted,
    TimerFired,
    advance,
    check_process,
    element_of,
    read_document,
)
from xiangyun.kernel.bpmn.tests.token_game.chance import Chance
from xiangyun.kernel.bpmn.tests.token_game.drawing import Drawing, as_bpmn
from xiangyun.kernel.bpmn.tests.token_game.interpreter import Game, TooManyOrders
from xiangyun.kernel.bpmn.tests.token_game.random_drawings import CODES, VARIABLES, random_drawing
from xiangyun.kernel.bpmn.tests.walking import MORNING

SOUNDNESS = {f"bpmn.E05{at}" for at in (1, 2, 3, 4, 5, 6, 7)}
CANCEL = "bpmn.E046"
MOST_ORDERS = 12


@dataclass
class Walk:
    """One case on its way in the engine and in the token game."""

    drawing: Drawing
    process: Process
    chance: Chance
    data: dict[str, bool]
    state: State | None = None
    games: list[Game] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    dead: bool = False

    def happens(self, event: Event, said: str) -> None:
        self.story.append(said)
        step = advance(self.process, self.state, event, dict(self.data))
        assert State.from_json(step.state.to_json()) == step.state
        self.state = step.state
        self.met |= {element_of(ident) for ident in (*step.state.live, *step.state.waits)}
        incidents = [each for each in step.commands if isinstance(each, IncidentRaised)]
        self.dead = any(
            self.drawing.nodes[each.id].kind in ("parallel", "inclusive")
            for each in incidents
            if each.id in self.drawing.nodes
        )

    def seen(self) -> tuple[object, ...]:
        """What can be seen of the engine's case, in the words of the token game."""
        assert self.state is not None
        live = self.state.live.items()
        kinds = {ident: self.drawing.nodes[element_of(ident)].kind for ident, _ in live}
        stuck = [i for i, one in live if one.phase in ("stuck", "failed")]
        tasks = [i for i, one in live if kinds[i] in ("task", "service") and not one.phase]
        return (
            self.state.ended,
            tuple(sorted(element_of(ident) for ident in tasks)),
            tuple(sorted(element_of(ident) for ident in self.state.waits)),
            tuple(sorted(element_of(ident) for ident in stuck)),
        )

    def compare(self) -> None:
        seen = self.seen()
        fitting = [game for game in self.games if game.seen() == seen]
        assert fitting, (self.story, seen, [game.seen() for game in self.games])
        # What came by another order but looks alike may differ later: each is kept, once.
        self.games = list({game.whole(): game for game in fitting}.values())
        if len(self.games) > MOST_ORDERS:
            raise TooManyOrders
        assert self.dead == any(game.is_dead() for game in fitting), (self.story, "standstill")

    def begin(self) -> None:
        self.happens(Started(MORNING), "start")
        self.games = Game(self.drawing, self.data).start()
        self.compare()

    def choices(self) -> list[tuple[str, str]]:
        assert self.state is not None
        live = [
            ("task", ident)
            for ident, one in self.state.live.items()
            if not one.phase and self.drawing.nodes[element_of(ident)].kind in ("task", "service")
        ]
        return live + [("wait", ident) for ident in self.state.waits]

    def go_on(self, kind: str, ident: str, calm: bool) -> None:
        at = MORNING + timedelta(hours=len(self.story))
        node = self.drawing.nodes[element_of(ident)]
        assert self.state is not None
        if kind == "wait":
            self.hear(node.event, node.id, node.code, ident, at)
        else:
            same = [
                i
                for i in self.state.live
                if element_of(i) == node.id and not self.state.live[i].phase
            ]
            which = same.index(ident)
            values = {name: not calm and self.chance.often(0.5) for name in VARIABLES}
            if node.kind == "service" and not calm and self.chance.often(0.3):
                code = self.chance.choice(CODES)
                self.happens(ServiceFailed(ident, code, "", at), f"{ident} fails {code}")
                self.games = [end for g in self.games for end in g.fail(node.id, which, code)]
            else:
                done = TaskCompleted if node.kind == "task" else ServiceCompleted
                self.data.update(values)
                self.happens(done(ident, values, at), f"{ident} done {values}")
                self.games = [end for g in self.games for end in g.complete(node.id, which, values)]
        self.compare()

    def hear(self, event: str, node: str, code: str, ident: str, at: object) -> None:
        assert self.state is not None
        if event in ("timer", "cycle"):
            same = [i for i in self.state.waits if element_of(i) == node]
            which = same.index(ident)
            self.happens(TimerFired(ident, at), f"{ident} rings")
            self.games = [end for g in self.games for end in g.hear(node, which)]
        elif event == "signal":
            self.happens(SignalReceived(code, {}, at), f"signal {code}")
            self.games = [end for g in self.games for end in g.signal(code)]
        else:
            # The oldest that waits for a message of this name takes it.
            ident = next(i for i in self.state.waits if self.is_for(i, code))
            node = element_of(ident)
            which = [i for i in self.state.waits if element_of(i) == node].index(ident)
            self.happens(MessageReceived(code, None, {}, at), f"message {code}")
            self.games = [end for g in self.games for end in g.hear(node, which)]

    def is_for(self, ident: str, code: str) -> bool:
        node = self.drawing.nodes[element_of(ident)]
        return (node.event, node.code) == ("message", code)


def walked(seed: int, walks: int = 2) -> tuple[bool, int]:
    """Walk the drawing of a seed; whether it was accepted, and how many events there were."""
    drawing = random_drawing(seed)
    text = as_bpmn(drawing)
    findings = [each for each in check_process(text) if each.severity == "error"]
    found = {each.id for each in findings}
    assert found <= SOUNDNESS | {CANCEL}, found
    if CANCEL in found:
        return False, 0
    process = read_document(text).processes[0]
    events = 0
    never = {
        each.message.en.rpartition("(")[2].partition(")")[0]
        for each in findings
        if each.id == "bpmn.E056"
    }
    for number in range(walks):
        chance = Chance(seed * 1000 + number)
        data = {name: chance.often(0.5) for name in VARIABLES}
        walk = Walk(drawing, process, chance, data)
        try:
            events += _one_walk(walk, accepted=not found)
        except TooManyOrders:
            continue
        except Endless:
            assert "bpmn.E057" in found, (seed, walk.story)
        assert not never & walk.met, (seed, never & walk.met, walk.story)
    return not found, events


def _one_walk(walk: Walk, accepted: bool) -> int:
    walk.begin()
    for at in range(120):
        choices = walk.choices()
        if not choices or walk.dead:
            break
        # After a while everything is answered in order, so that loops end.
        calm = at > 40
        tasks = [each for each in choices if each[0] == "task"]
        kind, ident = (tasks or choices)[0] if calm else walk.chance.choice(choices)
        walk.go_on(kind, ident, calm)
    if accepted:
        assert walk.state is not None
        assert not walk.dead, walk.story
        hangs = not (walk.state.ended or walk.choices() or walk.seen()[3])
        assert not hangs, walk.story
    return len(walk.story)


def test_a_share_of_the_random_drawings_walks_as_the_token_game_does():
    accepted = sum(walked(seed)[0] for seed in range(60))
    assert accepted > 20


@pytest.mark.slow(minutes=1)
@pytest.mark.faults
def test_three_thousand_random_drawings_walk_as_the_token_game_does(share: float):
    accepted = events = 0
    count = int(3000 * share)
    for seed in range(count):
        try:
            whole, happened = walked(seed)
        except BaseException:
            print(f"seed {seed}")
            raise
        accepted, events = accepted + whole, events + happened
    print(f"seeds 0 to {count - 1}: {accepted} accepted, {events} events")
    assert accepted > count // 3
