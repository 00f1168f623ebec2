"""What a run asks of a decision, as decisions beside it: whether a row counts, what is kept of it.

`when: =eligible` for the decision `allowance` becomes a decision that requires `allowance` and says
`eligible` of its outputs. So one compiler and one interpreter answer for the rules and for what is
asked of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from xiangyun.kernel.dmn.model import (
    Box,
    ConditionalBox,
    ContextBox,
    Decision,
    InputData,
    LiteralBox,
    Model,
    OutputColumn,
    Reference,
    TableBox,
)
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.expression import Expression
from xiangyun.kernel.feel.types import ANY, BOOLEAN, DATE
from xiangyun.kernel.findings import Finding, Place
from xiangyun.kernel.projection import Population, Written

from . import faults
from .snapshots import DAY, ON, PARAMETERS, Run, expression, of_name

VALUE = "value"
"""What a decision with one output gives."""


Use = Literal["when", "columns", "sums", "groups"]


@dataclass(frozen=True, slots=True)
class Question:
    """A decision beside those of the pack, by its id: what of a decision is asked for which use.

    A table that collects has a part for each of its rows: what such a row gives is asked for each.
    """

    id: str
    decision: str
    part: int
    use: Use
    name: str
    place: Place | None


def questions(
    model: Model, population: Population, run: Run, findings: list[Finding]
) -> tuple[Model, tuple[Question, ...], dict[str, str]]:
    """The model with the questions in it, the questions, and the columns that they name.

    The columns stand as inputs of the model, by the name of that input.
    """
    extras = {f"column {name}": name for name in run.table.columns}
    columns = {name: InputData(name, name, ANY) for name in extras}
    elements = {**model.elements, **columns, DAY: InputData(DAY, DAY, DATE)}
    found: list[Question] = []
    for name in population.decisions:
        decision = model.by_name.get(name)
        if not isinstance(decision, Decision):
            known = [e.name for e in model.elements.values() if isinstance(e, Decision)]
            findings.append(faults.no_decision(name, known))
            continue
        figures = [each.id for each in model.elements.values() if each.name == PARAMETERS]
        for number, part in enumerate(_parts(decision)):
            elements[part.id] = part
            requires = tuple(map(Reference, (part.id, DAY, *columns, *figures)))
            asker = _Asker(model, part, run, findings)
            for use, what, written in _asked(population, asker.outputs):
                box = asker.box(written)
                if box is None:
                    continue
                if use == "when" and (fires := _fires(part, decision)) is not None:
                    elements[fires.id] = fires
                    requires = (*requires, Reference(fires.id))
                    condition = of_name(fires.name)
                    box = (
                        LiteralBox(condition)
                        if population.when is None
                        else ConditionalBox(LiteralBox(condition), box, LiteralBox(_FALSE))
                    )
                id = f"{part.id} {use} {what}"
                elements[id] = Decision(id, id, ANY, requires, box, decision.line)
                found.append(Question(id, decision.name, number, use, what, written.place))
    return replace(model, elements=elements), tuple(found), extras


_FALSE = Expression("false", ast.Constant(False), {})
_COLLECTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


def _parts(decision: Decision) -> list[Decision]:
    """The decision; of a table that gives a list, a decision for each of its rows."""
    box = decision.box
    if not isinstance(box, TableBox) or box.policy not in _COLLECTS or box.aggregation:
        return [decision]
    return [
        replace(
            decision,
            id=f"{decision.id} row {number}",
            name=f"{decision.name} row {number}",
            type=ANY,
            box=replace(box, policy="FIRST", rules=(rule,)),
        )
        for number, rule in enumerate(box.rules, 1)
    ]


def _fires(part: Decision, decision: Decision) -> Decision | None:
    """Whether a part's row fires: it counts then, even where all that it gives is null."""
    if part is decision or not isinstance(part.box, TableBox):
        return None
    fires = OutputColumn("", BOOLEAN, None, None)
    (rule,) = part.box.rules
    true = Expression("true", ast.Constant(True), {})
    box = replace(part.box, outputs=(fires,), rules=(replace(rule, outputs=(true,)),))
    return replace(part, id=f"{part.id} fires", name=f"{part.name} fires", type=ANY, box=box)


def _asked(population: Population, outputs: tuple[str, ...]) -> Iterator[tuple[Use, str, Written]]:
    """What the declaration asks of a decision with these outputs, or what is asked by itself."""
    yield "when", "", population.when or _any_given(outputs)
    columns: Mapping[str, Written] = population.columns
    kept = columns or population.sums or population.groups
    for name, written in (columns if kept else {n: Written(n) for n in outputs}).items():
        yield "columns", name, written
    for name, sum_ in population.sums.items():
        yield "sums", name, sum_.formula
    for name, written in population.groups.items():
        yield "groups", name, written


def _any_given(outputs: tuple[str, ...]) -> Written:
    """Unless it is said when a row counts: where the decision gives anything."""
    return Written(" or ".join(f"{name} != null" for name in outputs))


@dataclass(frozen=True, slots=True)
class _Asker:
    """Reads expressions over the outputs of one decision."""

    model: Model
    decision: Decision
    run: Run
    findings: list[Finding]

    @property
    def outputs(self) -> tuple[str, ...]:
        box = self.decision.box
        names = [each.name for each in box.outputs] if isinstance(box, TableBox) else []
        return tuple(names) if len(names) > 1 else (VALUE,)

    def box(self, written: Written) -> Box | None:
        """The expression over outputs and columns; None (and a finding) where it names others."""
        known = {*self.outputs, *self.run.names}
        found = expression(written, known, self.findings)
        if found is None:
            return None
        unknown = sorted(found.values_read - known)
        for name in unknown:
            self.findings.append(
                faults.no_name(name, self.decision.name, [*self.outputs, *self.run.table.columns],
                               written.place)
            )  # fmt: skip
        if unknown:
            return None
        entries = tuple(
            (name, LiteralBox(self._named(name)))
            for name in sorted(found.values_read)
            if name != PARAMETERS
        )
        return ContextBox(entries, LiteralBox(found))

    def _named(self, name: str) -> Expression:
        """An output first, then the day, then a column of the table."""
        if name == VALUE and self.outputs == (VALUE,):
            return of_name(self.decision.name)
        if name in self.outputs:
            node = ast.Path(ast.Name(self.decision.name), name)
            return Expression(f"{self.decision.name}.{name}", node, {})
        return of_name(DAY if name == ON else f"column {name}")
