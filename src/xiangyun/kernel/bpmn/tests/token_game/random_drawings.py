"""Drawings made up at random: every construct beside and within every other, sound or not."""

from __future__ import annotations

from xiangyun.kernel.bpmn.tests.token_game.chance import Chance
from xiangyun.kernel.bpmn.tests.token_game.drawing import ROOT, Arrow, Drawing, Node

CODES = ("x", "y")
VARIABLES = tuple(f"v{at}" for at in range(5))


def random_drawing(seed: int) -> Drawing:
    """The drawing of a seed; the same in every run."""
    made = _Maker(Chance(seed))
    made.scope(ROOT, 3, "none", interrupting=True)
    return made.drawing


class _Maker:
    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.drawing = Drawing()
        self.size = 0

    # -- small ------------------------------------------------------------------------------------

    def add(self, kind: str, parent: str, **more: object) -> str:
        self.size += 1
        ident = f"{kind}{self.size}"
        self.drawing.nodes[ident] = Node(ident, kind, parent, **more)  # type: ignore[arg-type]
        return ident

    def arrow(self, source: str, target: str, condition: str = "", default: bool = False) -> None:
        ident = f"f{len(self.drawing.arrows)}"
        self.drawing.arrows.append(Arrow(ident, source, target, condition, default))

    def one_of(self, **weights: int) -> str:
        return self.chance.weighted(weights)

    def often(self, share: float) -> bool:
        return self.chance.often(share)

    def variable(self) -> str:
        return self.chance.choice(VARIABLES)

    # -- scopes -----------------------------------------------------------------------------------

    def scope(
        self, parent: str, depth: int, event: str, interrupting: bool, code: str = ""
    ) -> None:
        """Fill a scope: a start, blocks, an end of some kind, perhaps event sub-processes."""
        begin = self.add("start", parent, event=event, interrupting=interrupting, code=code)
        into, out = self.sequence(parent, depth)
        self.arrow(begin, into)
        if not (self.ends_here(out) and self.often(0.15)):
            self.arrow(out, self.ending(parent))
        if depth > 0 and self.often(0.35):
            for _ in range(self.chance.choice((1, 1, 2))):
                self.handler(parent, depth - 1)

    def ends_here(self, ident: str) -> bool:
        return self.drawing.nodes[ident].kind in ("task", "service", "sub")

    def ending(self, parent: str) -> str:
        event = self.one_of(none=12, terminate=1, error=1, escalation=2, compensate=1, cancel=1)
        if event == "cancel" and not self.in_transaction(parent):
            event = "none"
        code = self.chance.choice(CODES) if event in ("error", "escalation") else ""
        return self.add("end", parent, event=event, code=code)

    def in_transaction(self, parent: str) -> bool:
        while parent != ROOT:
            if self.drawing.nodes[parent].transaction:
                return True
            parent = self.drawing.nodes[parent].parent
        return False

    def handler(self, parent: str, depth: int) -> None:
        event = self.one_of(timer=3, cycle=1, message=2, signal=1, error=3, escalation=4)
        code = self.chance.choice(CODES)
        if event in ("error", "escalation") and self.often(0.3):
            code = ""
        if event in ("timer", "cycle"):
            code = ""
        taken = {
            (begin.event, begin.code)
            for sub in self.drawing.inside(parent)
            if sub.handler
            for begin in self.drawing.inside(sub.id)
            if begin.kind == "start"
        }
        if (event, code) in taken:
            return
        interrupting = event == "error" or (event != "cycle" and self.often(0.5))
        ident = self.add("sub", parent, handler=True)
        self.scope(ident, depth, event, interrupting, code)

    def sequence(self, parent: str, depth: int) -> tuple[str, str]:
        first, last = self.block(parent, depth)
        for _ in range(self.chance.choice((0, 0, 1, 1, 2)) if self.size < 45 else 0):
            into, out = self.block(parent, depth)
            self.arrow(last, into)
            last = out
        return first, last

    # -- blocks: one way in, one way out ----------------------------------------------------------

    def block(self, parent: str, depth: int) -> tuple[str, str]:
        if depth <= 0 or self.size > 45:
            return self.leaf(parent)
        kind = self.one_of(leaf=6, choice=3, both=2, some=1, first=1, again=1, sub=6)
        if kind == "leaf":
            return self.leaf(parent)
        if kind == "sub":
            return self.sub(parent, depth)
        if kind == "again":
            return self.again(parent, depth)
        return self.branches(parent, depth, kind)

    def leaf(self, parent: str) -> tuple[str, str]:
        kind = self.one_of(task=8, service=3, abstract=1, catch=1, throw=3)
        if kind == "catch":
            event = self.chance.choice(("timer", "message", "signal"))
            code = "" if event == "timer" else self.chance.choice(CODES)
            ident = self.add("catch", parent, event=event, code=code)
            return ident, ident
        if kind == "throw":
            ident = self.throw(parent)
            return ident, ident
        ident = self.add(kind, parent)
        self.repeated(ident)
        if kind != "abstract" and self.often(0.3):
            self.add("task", parent, undoes=ident)
        return ident, self.edges(ident, parent)

    def throw(self, parent: str) -> str:
        event = self.one_of(escalation=3, compensate=2)
        code = self.chance.choice(CODES)
        if event == "compensate":
            done = [
                node.id
                for node in self.drawing.inside(parent)
                if node.kind in ("task", "service", "sub") and not (node.undoes or node.handler)
            ]
            code = self.chance.choice(done) if done and self.often(0.5) else ""
        return self.add("throw", parent, event=event, code=code)

    def repeated(self, ident: str) -> None:
        if self.often(0.2):
            node = self.drawing.nodes[ident]
            node.loop = self.chance.choice(("parallel", "sequential", "standard"))
            node.times = self.chance.choice((0, 1, 2, 3) if node.loop != "standard" else (1, 2, 3))
            node.condition = self.variable() if self.often(0.4) else ""
            node.before = self.often(0.5)

    def edges(self, host: str, parent: str) -> str:
        """Boundary events of an activity; where the ways meet again."""
        node = self.drawing.nodes[host]
        out = host
        taken: set[tuple[str, str]] = set()
        while node.kind != "abstract" and self.often(0.35 if node.kind == "sub" else 0.25):
            event, code, interrupting = self.edge(node)
            if (event, code) in taken:
                break
            taken.add((event, code))
            edge = self.add(
                "boundary", parent, host=host, event=event, code=code, interrupting=interrupting
            )
            into, last = self.leaf(parent)
            self.arrow(edge, into)
            if interrupting and self.often(0.6):
                merge = self.add("exclusive", parent)
                self.arrow(out, merge)
                self.arrow(last, merge)
                out = merge
            else:
                self.arrow(last, self.ending(parent))
        return out

    def edge(self, node: Node) -> tuple[str, str, bool]:
        weights = {"timer": 3, "cycle": 1, "message": 2, "signal": 1}
        if node.kind in ("service", "sub"):
            weights["error"] = 4
        if node.kind == "sub":
            weights["escalation"] = 4
        if node.transaction:
            weights["cancel"] = 6
        event = self.one_of(**weights)
        code = self.chance.choice(CODES)
        if event in ("timer", "cycle", "cancel") or (
            event in ("error", "escalation") and self.often(0.3)
        ):
            code = ""
        always = event in ("error", "cancel")
        return event, code, always or (event != "cycle" and self.often(0.6))

    def sub(self, parent: str, depth: int) -> tuple[str, str]:
        ident = self.add("sub", parent, transaction=self.often(0.15))
        self.scope(ident, depth - 1, "none", interrupting=True)
        self.repeated(ident)
        if self.often(0.15):
            self.add("task", parent, undoes=ident)
        return ident, self.edges(ident, parent)

    def again(self, parent: str, depth: int) -> tuple[str, str]:
        """A block that is gone through again as somebody says."""
        head, tail = self.add("exclusive", parent), self.add("exclusive", parent)
        into, out = self.sequence(parent, depth - 1)
        ask = self.add("task", parent)
        self.arrow(head, into)
        self.arrow(out, ask)
        self.arrow(ask, tail)
        self.arrow(tail, head, self.variable())
        leave = self.add("abstract", parent)
        self.arrow(tail, leave, default=True)
        return head, leave

    def branches(self, parent: str, depth: int, kind: str) -> tuple[str, str]:
        split = {"choice": "exclusive", "both": "parallel", "some": "inclusive"}.get(
            kind, "eventBased"
        )
        join = "exclusive" if kind == "first" else split
        if self.often(0.08):
            join = self.chance.choice(("exclusive", "parallel", "inclusive"))
        head, tail = self.add(split, parent), self.add(join, parent)
        lost = 0
        count = self.chance.choice((2, 2, 3))
        for at in range(count):
            into, out = self.sequence(parent, depth - 1)
            if kind == "first":
                event = self.chance.choice(("timer", "message"))
                code = "" if event == "timer" else self.chance.choice(CODES)
                catch = self.add("catch", parent, event=event, code=code)
                self.arrow(catch, into)
                into = catch
            choosing = kind in ("choice", "some")
            condition = self.variable() if choosing and at else ""
            self.arrow(head, into, condition, default=choosing and not at)
            # A way may end here instead, in one way or another.
            if kind != "both" and lost < count - 1 and self.often(0.2):
                lost += 1
                self.arrow(out, self.ending(parent))
            else:
                self.arrow(out, tail)
        return head, tail
