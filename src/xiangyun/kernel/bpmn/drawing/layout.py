"""A drawing for a process that has none: layers from left to right, the main way on top."""

from __future__ import annotations

from dataclasses import dataclass, field

from xiangyun.kernel.bpmn.model import ROOT, SCOPES, Diagram, Edge, Element, Flow, Process, Shape

GAP_X, GAP_Y = 72.0, 44.0
HEAD, SIDE = 44.0, 28.0
LANE = 22.0


def lay_out(process: Process) -> Diagram:
    """Shapes and edges for every element and flow of a process without BPMN DI."""
    plan = _Plan(process, ROOT)
    shapes: list[Shape] = []
    edges: list[Edge] = []
    plan.place(0, 0, shapes, edges)
    return Diagram(tuple(shapes), tuple(edges))


@dataclass(slots=True)
class _Cell:
    """An element in the grid, or a bend of a flow that passes this layer (`element` None)."""

    rank: int
    row: int
    width: float = 0.0
    height: float = 0.0
    element: Element | None = None
    x: float = 0.0
    y: float = 0.0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        return self.x + self.width / 2


@dataclass(slots=True)
class _Plan:
    """The layout of one scope; inner scopes are planned first, for their size."""

    process: Process
    scope: str
    cells: dict[str, _Cell] = field(default_factory=dict)
    inner: dict[str, _Plan] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)
    bends: dict[str, list[_Cell]] = field(default_factory=dict)
    back: list[Flow] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    width: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        flows = [flow for flow in self.process.flows.values() if flow.parent == self.scope]
        nodes = [
            each
            for each in self.process.wiring.children.get(self.scope, ())
            if each.kind != "boundaryEvent"
        ]
        for each in nodes:
            if each.kind in SCOPES:
                self.inner[each.id] = _Plan(self.process, each.id)
        self.beside = [each.id for each in nodes if each.event_driven or _undoes(each)]
        main = [each for each in nodes if each.id not in self.beside]
        ranks = self.ranks(main, flows)
        self.rows(main, flows, ranks)
        self.measure()

    # -- columns ----------------------------------------------------------------------------

    def host(self, ident: str) -> str:
        """Where a flow leaves from: a boundary event counts as its activity."""
        element = self.process.elements.get(ident)
        return element.attached_to if element and element.attached_to else ident

    def ranks(self, nodes: list[Element], flows: list[Flow]) -> dict[str, int]:
        """The layer of each element: the longest way to it, ways back left aside."""
        out: dict[str, list[Flow]] = {each.id: [] for each in nodes}
        for flow in flows:
            if self.host(flow.source) in out and flow.target in out:
                out[self.host(flow.source)].append(flow)
        state: dict[str, int] = {}
        order: list[str] = []
        for root in sorted(nodes, key=lambda each: bool(each.incoming)):
            self.search(root.id, out, state, order)
        rank = dict.fromkeys(out, 0)
        for ident in reversed(order):
            for flow in out[ident]:
                if flow not in self.back:
                    rank[flow.target] = max(rank[flow.target], rank[ident] + 1)
        return rank

    def search(
        self, root: str, out: dict[str, list[Flow]], state: dict[str, int], order: list[str]
    ) -> None:
        """Depth first without recursion; a flow to an element still open leads back."""
        if root in state:
            return
        state[root] = 1
        stack = [(root, iter(out[root]))]
        while stack:
            ident, rest = stack[-1]
            flow = next(rest, None)
            if flow is None:
                state[ident] = 2
                order.append(ident)
                stack.pop()
            elif state.get(flow.target) == 1:
                self.back.append(flow)
            elif flow.target not in state:
                state[flow.target] = 1
                stack.append((flow.target, iter(out[flow.target])))

    # -- rows -------------------------------------------------------------------------------

    def rows(self, nodes: list[Element], flows: list[Flow], rank: dict[str, int]) -> None:
        """The first way on stays in its row, further ones go below; long flows keep a lane free."""
        onward: dict[str, list[Flow]] = {}
        for flow in flows:
            if flow not in self.back and self.host(flow.source) in rank and flow.target in rank:
                onward.setdefault(self.host(flow.source), []).append(flow)
        wished: dict[str, list[int]] = {}
        for each in sorted(nodes, key=lambda each: rank[each.id]):
            wide, high = self.size(each)
            row = self.free(rank[each.id], min(wished.get(each.id, [0])))
            self.cells[each.id] = _Cell(rank[each.id], row, wide, high, each)
            ways = sorted(onward.get(each.id, []), key=lambda flow: flow.source != each.id)
            for at, flow in enumerate(ways):
                below = row + at + (1 if flow.source != each.id and at == 0 else 0)
                for layer in range(rank[each.id] + 1, rank[flow.target]):
                    below = self.free(layer, below)
                    self.bends.setdefault(flow.id, []).append(_Cell(layer, below))
                wished.setdefault(flow.target, []).append(below)

    def free(self, rank: int, row: int) -> int:
        while (rank, row) in self.taken:
            row += 1
        self.taken.add((rank, row))
        return row

    def size(self, element: Element) -> tuple[float, float]:
        if element.id in self.inner:
            plan = self.inner[element.id]
            return plan.width + 2 * SIDE, plan.height + HEAD + SIDE
        if "Gateway" in element.kind:
            return 50.0, 50.0
        return (36.0, 36.0) if "Event" in element.kind else (124.0, 76.0)

    # -- measures ---------------------------------------------------------------------------

    def measure(self) -> None:
        """Columns as wide and rows as high as their largest member."""
        bends = [cell for cells in self.bends.values() for cell in cells]
        cells = [*self.cells.values(), *bends]
        ranks = range(max((cell.rank for cell in cells), default=-1) + 1)
        rows = range(max((cell.row for cell in cells), default=-1) + 1)
        x, lefts = 0.0, []
        wide = [max((c.width for c in cells if c.rank == rank), default=0.0) for rank in ranks]
        for each in wide:
            lefts.append(x)
            x += each + GAP_X
        y = LANE * len(self.back) + (6 if self.back else 0)
        tops = []
        high = [max((c.height for c in cells if c.row == row), default=0.0) for row in rows]
        for each in high:
            tops.append(y)
            y += each + GAP_Y
        for cell in cells:
            cell.x = lefts[cell.rank] + (wide[cell.rank] - cell.width) / 2
            cell.y = tops[cell.row] + (high[cell.row] - cell.height) / 2
        self.width, self.height = max(x - GAP_X, 36), max(y - GAP_Y, 36)
        x = 0.0
        top = self.height + GAP_Y
        for ident in self.beside:
            element = self.process.elements[ident]
            wide_, high_ = self.size(element)
            self.cells[ident] = _Cell(-1, -1, wide_, high_, element, x, top)
            x += wide_ + GAP_X
            self.height = max(self.height, top + high_)
        self.width = max(self.width, x - GAP_X)

    # -- placing ----------------------------------------------------------------------------

    def place(self, left: float, top: float, shapes: list[Shape], edges: list[Edge]) -> None:
        """Add the shapes and edges of this scope, and of those inside, moved to their place."""
        for cell in (*self.cells.values(), *(c for cells in self.bends.values() for c in cells)):
            cell.x += left
            cell.y += top
        spots: dict[str, tuple[float, float]] = {}
        for ident, cell in self.cells.items():
            shapes.append(Shape(ident, cell.x, cell.y, cell.width, cell.height))
            if ident in self.inner:
                self.inner[ident].place(cell.x + SIDE, cell.y + HEAD, shapes, edges)
            for at, boundary in enumerate(self.process.wiring.boundaries.get(ident, ())):
                x = cell.x + cell.width * 0.7 - at * 44
                spots[boundary.id] = (x, cell.y + cell.height)
                shapes.append(Shape(boundary.id, x - 17, cell.y + cell.height - 17, 34, 34))
        for flow in self.process.flows.values():
            if flow.parent != self.scope:
                continue
            source, target = self.cells.get(self.host(flow.source)), self.cells.get(flow.target)
            if source is None or target is None:
                continue
            if flow in self.back:
                lane = top + LANE * self.back.index(flow)
                points = self.backward(source, target, lane)
            else:
                points = self.forward(flow, source, target, spots.get(flow.source))
            edges.append(Edge(flow.id, tuple(points)))

    def forward(
        self, flow: Flow, source: _Cell, target: _Cell, spot: tuple[float, float] | None
    ) -> list[tuple[float, float]]:
        stops = [*self.bends.get(flow.id, []), target]
        first = stops[0]
        down = first.row != source.row and self.clear(source, first.row)
        if spot is not None and first.row > source.row:
            points = [(spot[0], spot[1] + 17), (spot[0], first.middle)]
        elif spot is not None:
            low = source.y + source.height + GAP_Y / 2
            gap = self.right_of(source.rank) + GAP_X / 2
            points = [(spot[0], spot[1] + 17), (spot[0], low), (gap, low), (gap, first.middle)]
        elif down and source.element is not None and "Gateway" in source.element.kind:
            edge = source.y + source.height if first.row > source.row else source.y
            points = [(source.centre, edge), (source.centre, first.middle)]
        else:
            points = [(source.x + source.width, source.middle)]
        for stop in stops:
            x, y = points[-1]
            gate = stop is target and stop.element is not None and "Gateway" in stop.element.kind
            if abs(y - stop.middle) > 1:
                if gate and self.clear(stop, self.row_of(stops, source, stop)):
                    edge = stop.y + stop.height if y > stop.middle else stop.y
                    return [*points, (stop.centre, y), (stop.centre, edge)]
                bend = max(self.left_of(stop.rank) - GAP_X / 2, x)
                points += [(bend, y), (bend, stop.middle)]
            points.append((stop.x, stop.middle))
        return points

    def row_of(self, stops: list[_Cell], source: _Cell, stop: _Cell) -> int:
        at = stops.index(stop)
        return stops[at - 1].row if at else source.row

    def left_of(self, rank: int) -> float:
        return min(cell.x for cell in self.cells.values() if cell.rank == rank)

    def right_of(self, rank: int) -> float:
        return max(cell.x + cell.width for cell in self.cells.values() if cell.rank == rank)

    def clear(self, cell: _Cell, row: int) -> bool:
        """Whether nothing lies in this column between a cell and a row, that row included."""
        step = 1 if row > cell.row else -1
        return not any(
            (cell.rank, each) in self.taken for each in range(cell.row + step, row + step, step)
        )

    def backward(self, source: _Cell, target: _Cell, lane: float) -> list[tuple[float, float]]:
        """A way back runs in a lane of its own above everything."""
        if source.row == 0 or self.clear(source, 0):
            points = [(source.centre, source.y), (source.centre, lane)]
        else:
            x = self.right_of(source.rank) + GAP_X / 2
            points = [(source.x + source.width, source.middle), (x, source.middle), (x, lane)]
        if target.row == 0 or self.clear(target, 0):
            return [*points, (target.centre, lane), (target.centre, target.y)]
        x = self.left_of(target.rank) - GAP_X / 2
        return [*points, (x, lane), (x, target.middle), (target.x, target.middle)]


def _undoes(element: Element) -> bool:
    return element.for_compensation
