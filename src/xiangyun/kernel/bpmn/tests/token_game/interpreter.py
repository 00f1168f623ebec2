"""Tokens played on a drawing, after BPMN 2.0.2 clauses 13.2 to 13.5; slow and plain on purpose.

Where the standard leaves open which of two tokens moves first, every order is played: the answer is
the set of configurations that can come of an event.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

from xiangyun.kernel.bpmn.tests.token_game.drawing import ROOT, Drawing, Node
from xiangyun.kernel.bpmn.tests.token_game.frames import Done, Ear, Frame

LISTENS = ("timer", "cycle", "message", "signal")
"""Events that come from outside."""
MOST_MOVES = 5000
MOST_ORDERS = 60


class TooManyOrders(Exception):
    """Too many tokens move at once for every order of theirs to be played."""


class Game:
    """One configuration of a case; `play` gives all that can come of what happens."""

    def __init__(self, drawing: Drawing, data: Mapping[str, bool]) -> None:
        self.drawing = drawing
        self.data = dict(data)
        self.count = 0
        self.done: list[Done] = []
        self.case = Frame("scope", ROOT, None, 0)
        self.ended = False

    # -- looking ----------------------------------------------------------------------------------

    def frames(self) -> list[Frame]:
        found, todo = [], [self.case]
        while todo:
            frame = todo.pop()
            found.append(frame)
            todo += frame.inner
        return sorted(found, key=lambda frame: frame.number)

    def tasks(self, node: str) -> list[Frame]:
        """What is open at a task, the oldest first."""
        return [each for each in self.frames() if each.kind == "task" and each.node == node]

    def ears(self, event: str) -> list[tuple[int, Frame, Ear]]:
        heard = [
            (ear.number, frame, ear)
            for frame in self.frames()
            for ear in frame.ears
            if ear.event == event
        ]
        return sorted(heard, key=lambda each: each[0])

    def seen(self) -> tuple[object, ...]:
        """All that can be seen from outside."""
        frames = [] if self.ended else self.frames()
        return (
            self.ended,
            tuple(sorted(f.node for f in frames if f.kind == "task")),
            tuple(sorted(ear.event for f in frames for ear in f.ears)),
            tuple(sorted(f.node for f in frames if f.kind == "stuck")),
        )

    def is_dead(self) -> bool:
        """Tokens wait at joins, and nothing is left that could move."""
        frames = self.frames()
        return any(f.waiting for f in frames) and not any(
            f.kind in ("task", "wait", "stuck", "undo") for f in frames
        )

    def node(self, ident: str) -> Node:
        return self.drawing.nodes[ident]

    # -- what happens -----------------------------------------------------------------------------

    def start(self) -> list[Game]:
        begin = next(n for n in self.drawing.inside(ROOT) if n.kind == "start")
        self.begin_scope(self.case, begin.id)
        return self.play()

    def complete(self, node: str, which: int, data: Mapping[str, bool]) -> list[Game]:
        """The task that is the `which`-th oldest at a node is done."""
        frame = self.tasks(node)[which]
        self.data.update(data)
        self.finish(frame)
        return self.play()

    def fail(self, node: str, which: int, code: str) -> list[Game]:
        """A service has failed."""
        frame = self.tasks(node)[which]
        if not self.throw("error", code, frame.up, frame):
            frame.kind = "stuck"
        return self.play()

    def hear(self, event: str, which: int = 0) -> list[Game]:
        """An event comes from outside, for one that listens."""
        _, frame, ear = self.ears(event)[which]
        self.fire(frame, ear)
        return self.play()

    def signal(self, code: str) -> list[Game]:
        """A signal comes, for all that listen."""
        heard = [
            (ear.number, frame, ear)
            for frame in self.frames()
            for ear in frame.ears
            if self.node(ear.event).event == "signal" and self.node(ear.event).code == code
        ]
        for _, frame, ear in sorted(heard, key=lambda each: each[0]):
            if frame in self.frames() and ear in frame.ears:
                self.fire(frame, ear)
        return self.play()

    def fire(self, frame: Frame, ear: Ear) -> None:
        node = self.node(ear.event)
        if node.interrupting or ear.left == 1 or node.kind == "catch":
            frame.ears.remove(ear)
        elif ear.left > 1:
            ear.left -= 1
        if node.kind == "boundary":
            self.caught(node, frame)
        elif node.kind == "start":
            self.handle(self.node(node.parent), node, frame)
        else:
            # A catch event, alone or behind an event-based gateway: the first one decides.
            scope = frame.up
            assert scope is not None
            scope.inner.remove(frame)
            self.leave(scope, node.id)

    # -- moving -----------------------------------------------------------------------------------

    def play(self) -> list[Game]:
        """Move every token as far as it goes, in every order that makes a difference."""
        ends: list[Game] = []
        seen: set[object] = set()
        todo = [self]
        while todo:
            game = todo.pop()
            choices = game.settle()
            mark = game.whole()
            if mark in seen:
                continue
            seen.add(mark)
            if len(seen) > MOST_ORDERS:
                raise TooManyOrders
            if not choices:
                ends.append(game)
            for at in range(choices):
                other = game.other()
                other.choose(at)
                todo.append(other)
        return ends

    def settle(self) -> int:
        """Move what touches nothing else; how many ways there are to go on, none at rest."""
        for _ in range(MOST_MOVES):
            if self.ended:
                return 0
            plain, loud = self.movable()
            if plain:
                self.move(*plain[0])
            elif loud:
                return len(loud)
            elif not self.open_inclusive():
                return len(self.over())
        raise AssertionError("the token game goes round")

    def choose(self, at: int) -> None:
        """Go one of the ways that `settle` counted: a token first, or a scope closed first."""
        _, loud = self.movable()
        if loud:
            self.move(*loud[at])
        else:
            self.close(self.over()[at])

    def other(self) -> Game:
        return copy.deepcopy(self, {id(self.drawing): self.drawing})

    def whole(self) -> object:
        """All that matters for what can follow, as a value."""
        frames = self.frames()
        place = {id(frame): at for at, frame in enumerate(frames)}
        rows = tuple(
            (
                frame.kind,
                frame.node,
                place[id(frame.up)] if frame.up is not None else -1,
                tuple(frame.moving),
                tuple((gate, tuple(held)) for gate, held in frame.waiting.items()),
                tuple((ear.event, ear.left) for ear in frame.ears),
                tuple(frame.todo),
                (frame.done, frame.interrupted, frame.cancels),
            )
            for frame in frames
        )
        done = tuple((place.get(id(each.scope), -1), each.activity, each.by) for each in self.done)
        return rows, done, tuple(self.data.items()), self.ended

    def movable(self) -> tuple[list[tuple[Frame, int]], list[tuple[Frame, int]]]:
        """Tokens under way: those that touch nothing else, and those that throw or end others."""
        plain, loud = [], []
        for frame in self.frames():
            for at, (ident, _) in enumerate(frame.moving):
                node = self.node(ident)
                (loud if self.is_loud(node) else plain).append((frame, at))
        return plain, loud

    @staticmethod
    def is_loud(node: Node) -> bool:
        """Whether it matters for others when a token comes here: it throws, ends or is undoable."""
        throws = node.kind in ("end", "throw") and node.event not in ("none", *LISTENS)
        at_once = bool(node.loop) and (node.times == 0 or node.before)
        return throws or at_once

    def move(self, scope: Frame, at: int) -> None:
        ident, came = scope.moving.pop(at)
        node = self.node(ident)
        if node.kind in ("task", "service", "abstract", "sub"):
            self.begin(scope, node)
        elif node.kind == "exclusive":
            self.go(scope, self.chosen(node)[:1])
        elif node.kind == "parallel":
            self.arrive(scope, node, came)
        elif node.kind == "inclusive":
            if len(self.drawing.into(ident)) > 1:
                scope.waiting.setdefault(ident, []).append(came)
            else:
                self.go(scope, self.chosen(node))
        elif node.kind == "eventBased":
            wait = self.frame("wait", ident, scope)
            for arrow in self.drawing.out(ident):
                self.listen(wait, self.node(arrow.target))
        elif node.kind == "catch":
            self.listen(self.frame("wait", ident, scope), node)
        elif node.kind == "throw":
            self.cast(scope, node)
        elif node.kind == "end":
            self.end(scope, node)
        else:
            self.leave(scope, ident)

    def chosen(self, node: Node) -> list[str]:
        """The arrows whose condition holds, else the default."""
        out = self.drawing.out(node.id)
        if len(out) == 1:
            return [out[0].id]
        true = [a.id for a in out if not a.default and (not a.condition or self.data[a.condition])]
        return true or [a.id for a in out if a.default]

    def go(self, scope: Frame, arrows: list[str]) -> None:
        for arrow in self.drawing.arrows:
            if arrow.id in arrows:
                scope.moving.append((arrow.target, arrow.id))

    def leave(self, scope: Frame, node: str) -> None:
        self.go(scope, [arrow.id for arrow in self.drawing.out(node)])

    def arrive(self, scope: Frame, node: Node, came: str) -> None:
        """A parallel gateway takes one token from each arrow, once all have one (13.4.1)."""
        held = [*scope.waiting.get(node.id, []), came]
        wanted = [arrow.id for arrow in self.drawing.into(node.id)]
        if all(arrow in held for arrow in wanted):
            for arrow in wanted:
                held.remove(arrow)
            self.leave(scope, node.id)
        self.hold(scope, node.id, held)

    def hold(self, scope: Frame, gate: str, held: list[str]) -> None:
        scope.waiting.pop(gate, None)
        if held:
            scope.waiting[gate] = held

    def open_inclusive(self) -> bool:
        """Clause 13.4.3: no token can still come to an empty arrow but over a filled one."""
        for scope in self.frames():
            for gate, held in list(scope.waiting.items()):
                if self.node(gate).kind != "inclusive":
                    continue
                wanted = [arrow.id for arrow in self.drawing.into(gate)]
                empty = [arrow for arrow in wanted if arrow not in held]
                places = [f.node for f in scope.inner] + [g for g in scope.waiting if g != gate]
                if any(
                    any(self.comes(place, arrow, gate) for arrow in empty)
                    and not any(self.comes(place, arrow, gate) for arrow in held)
                    for place in places
                ):
                    continue
                for arrow in set(held):
                    held.remove(arrow)
                self.hold(scope, gate, held)
                self.go(scope, self.chosen(self.node(gate)))
                return True
        return False

    def comes(self, place: str, arrow: str, gate: str) -> bool:
        """Whether a token at a place can come over an arrow without passing the gate."""
        goal = next(each.source for each in self.drawing.arrows if each.id == arrow)
        todo, seen = [place], set()
        while todo:
            at = todo.pop()
            if at == gate or at in seen:
                continue
            if at == goal:
                return True
            seen.add(at)
            todo += [each.target for each in self.drawing.out(at)]
            todo += [edge.id for edge in self.drawing.edges(at)]
        return False

    # -- activities -------------------------------------------------------------------------------

    def frame(self, kind: str, node: str, up: Frame) -> Frame:
        self.count += 1
        made = Frame(kind, node, up, self.count)
        up.inner.append(made)
        return made

    def begin(self, scope: Frame, node: Node) -> None:
        holder = scope
        if node.loop:
            holder = self.frame("loop", node.id, scope)
            self.listen_at_edges(holder, node)
            self.next_of_loop(holder)
            return
        self.instance(holder, node, alone=True)

    def instance(self, holder: Frame, node: Node, alone: bool) -> None:
        made = self.frame("scope" if node.kind == "sub" else "task", node.id, holder)
        if alone:
            self.listen_at_edges(made, node)
        if node.kind == "abstract":
            self.finish(made)
        elif node.kind == "sub":
            start = next(n for n in self.drawing.inside(node.id) if n.kind == "start")
            self.begin_scope(made, start.id)

    def next_of_loop(self, loop: Frame) -> None:
        """Open what a loop opens next; or close it."""
        node = self.node(loop.node)
        if node.loop == "parallel":
            if loop.done == 0 and node.times:
                for _ in range(node.times):
                    if loop in self.frames():
                        self.instance(loop, node, alone=False)
                return
        elif node.loop == "sequential":
            if loop.done < node.times:
                self.instance(loop, node, alone=False)
                return
        else:
            asked = loop.done > 0 or node.before
            holds = not asked or not node.condition or self.data[node.condition]
            if loop.done < node.times and holds:
                self.instance(loop, node, alone=False)
                return
        self.finish(loop)

    def finish(self, frame: Frame) -> None:
        """An activity is done: it is remembered for compensation, and its token goes on."""
        scope, node = frame.up, self.node(frame.node)
        assert scope is not None
        scope.inner.remove(frame)
        frame.ears.clear()
        if scope.kind == "loop":
            self.adopt(frame, scope)
            scope.done += 1
            of = self.node(scope.node)
            if of.loop == "parallel":
                if scope.done == of.times or (of.condition and self.data[of.condition]):
                    for each in list(scope.inner):
                        self.take_away(each)
                    self.finish(scope)
            elif of.loop == "sequential" and of.condition and self.data[of.condition]:
                self.finish(scope)
            else:
                self.next_of_loop(scope)
            return
        if scope.kind == "undo":
            self.next_undo(scope)
            return
        undone_by = self.drawing.undone_by(node.id)
        if undone_by:
            self.done = [each for each in self.done if each.scope is not frame]
            self.done.append(Done(scope, node.id, undone_by))
        else:
            self.adopt(frame, scope)
        if not node.handler:
            self.leave(scope, node.id)

    def adopt(self, inner: Frame, outer: Frame) -> None:
        """What was done in an inner scope counts as done in the outer one, now."""
        mine = [each for each in self.done if each.scope is inner]
        self.done = [each for each in self.done if each.scope is not inner]
        self.done += [Done(outer, each.activity, each.by) for each in mine]

    def begin_scope(self, scope: Frame, start: str) -> None:
        for node in self.drawing.inside(scope.node):
            if node.handler:
                for begin in self.drawing.inside(node.id):
                    if begin.kind == "start":
                        self.listen(scope, begin)
        scope.moving.append((start, ""))

    def over(self) -> list[Frame]:
        """Scopes in which nothing is left."""
        return [
            frame
            for frame in self.frames()
            if frame.kind == "scope" and not (frame.inner or frame.moving or frame.waiting)
        ]

    def close(self, scope: Frame) -> None:
        if scope is self.case:
            self.ended = True
        else:
            self.finish(scope)

    # -- events -----------------------------------------------------------------------------------

    def listen(self, frame: Frame, event: Node) -> None:
        if event.event in LISTENS:
            self.count += 1
            left = {"timer": 1, "cycle": 2}.get(event.event, -1)
            frame.ears.append(Ear(event.id, self.count, left))

    def listen_at_edges(self, frame: Frame, node: Node) -> None:
        for edge in self.drawing.edges(node.id):
            self.listen(frame, edge)

    def cast(self, scope: Frame, node: Node) -> None:
        if node.event == "compensate":
            self.undo(scope, node)
        elif node.event != "escalation" or not self.interrupts(
            self.throw("escalation", node.code, scope, None)
        ):
            self.leave(scope, node.id)

    def interrupts(self, event: str) -> bool:
        return bool(event) and self.node(event).interrupting

    def end(self, scope: Frame, node: Node) -> None:
        if node.event == "error":
            if not self.throw("error", node.code, scope, None):
                self.frame("stuck", node.id, scope)
        elif node.event == "escalation":
            self.throw("escalation", node.code, scope, None)
        elif node.event == "terminate":
            self.empty(scope)
        elif node.event == "compensate":
            self.undo(scope, node)
        elif node.event == "cancel":
            self.cancel(scope, node)

    def throw(self, kind: str, code: str, scope: Frame | None, source: Frame | None) -> str:
        """Who catches first on the way out catches: the edge of the activity, then the handlers."""
        while scope is not None:
            if source is not None and scope.kind != "loop":
                edge = self.catching(self.drawing.edges(source.node), kind, code)
                if edge is not None:
                    self.caught(edge, source)
                    return edge.id
            if scope.kind == "scope" and not scope.interrupted:
                mine = source.node if source is not None else ""
                starts = [
                    begin
                    for sub in self.drawing.inside(scope.node)
                    if sub.handler and sub.id != mine
                    for begin in self.drawing.inside(sub.id)
                    if begin.kind == "start"
                ]
                begin = self.catching(starts, kind, code)
                if begin is not None:
                    self.handle(self.node(begin.parent), begin, scope)
                    return begin.id
            source, scope = scope, scope.up
        return ""

    @staticmethod
    def catching(events: list[Node], kind: str, code: str) -> Node | None:
        fitting = [each for each in events if each.event == kind and each.code in ("", code)]
        return next((each for each in fitting if each.code), fitting[0] if fitting else None)

    def caught(self, edge: Node, host: Frame) -> None:
        scope = host.up
        assert scope is not None
        if edge.interrupting:
            self.take_away(host)
        self.leave(scope, edge.id)

    def handle(self, sub: Node, begin: Node, scope: Frame) -> None:
        if begin.interrupting:
            self.empty(scope)
            scope.interrupted = True
            scope.ears = [ear for ear in scope.ears if self.node(ear.event).kind != "start"]
        made = self.frame("scope", sub.id, scope)
        self.begin_scope(made, begin.id)

    def empty(self, scope: Frame) -> None:
        for each in list(scope.inner):
            self.take_away(each)
        scope.moving.clear()
        scope.waiting.clear()

    def take_away(self, frame: Frame) -> None:
        self.empty(frame)
        frame.ears.clear()
        self.done = [each for each in self.done if each.scope is not frame]
        assert frame.up is not None
        frame.up.inner.remove(frame)

    # -- compensation -----------------------------------------------------------------------------

    def undo(self, scope: Frame, node: Node) -> None:
        reach, at = [scope], scope
        while at.node and self.node(at.node).handler:
            assert at.up is not None
            at = at.up
            reach.append(at)
        chosen = [
            each
            for each in self.done
            if any(each.scope is one for one in reach)
            and (not node.code or self.within(each.activity, node.code))
        ]
        self.undo_these(self.frame("undo", node.id, scope), chosen)

    def undo_these(self, frame: Frame, chosen: list[Done]) -> None:
        self.done = [each for each in self.done if not any(each is one for one in chosen)]
        frame.todo = [each.by for each in reversed(chosen)]
        self.next_undo(frame)

    def next_undo(self, frame: Frame) -> None:
        if frame.todo:
            self.begin(frame, self.node(frame.todo.pop(0)))
            return
        scope = frame.up
        assert scope is not None
        scope.inner.remove(frame)
        if frame.cancels:
            edge = next(e for e in self.drawing.edges(scope.node) if e.event == "cancel")
            self.caught(edge, scope)
        else:
            self.leave(scope, frame.node)

    def within(self, activity: str, wanted: str) -> bool:
        while activity and activity != wanted:
            activity = self.node(activity).parent
        return activity == wanted

    def cancel(self, scope: Frame, node: Node) -> None:
        whole = scope
        while not self.node(whole.node).transaction:
            assert whole.up is not None
            whole = whole.up
        if whole.up is not None and whole.up.kind == "loop":
            whole = whole.up
        inside = [frame for frame in self.frames() if self.lies_in(frame, whole)]
        chosen = [each for each in self.done if any(each.scope is one for one in inside)]
        self.done = [each for each in self.done if not any(each is one for one in chosen)]
        self.empty(whole)
        whole.ears = [ear for ear in whole.ears if self.node(ear.event).kind != "start"]
        undo = self.frame("undo", node.id, whole)
        undo.cancels = True
        self.undo_these(undo, chosen)

    @staticmethod
    def lies_in(frame: Frame | None, whole: Frame) -> bool:
        while frame is not None and frame is not whole:
            frame = frame.up
        return frame is whole
