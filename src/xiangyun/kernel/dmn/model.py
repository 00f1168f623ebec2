"""A DMN model as frozen values (DMN 1.5 §6–7 and §10.2): what was drawn, with expressions parsed.

Everything stays inspectable: checkers, provers and the SQL compiler read these; `boxed.py`
compiles them to closures for running.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from xiangyun.kernel.feel.expression import Expression, UnaryTests
from xiangyun.kernel.feel.types import Type
from xiangyun.kernel.findings import Text

HitPolicy = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "COUNT", "MIN", "MAX"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A boxed expression; `type` is its own typeRef, None where none is given."""

    line: int = field(default=0, compare=False)
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class LiteralBox(Box):
    """FEEL text (§7.3.3)."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class BrokenBox(Box):
    """Text that cannot be read; it evaluates to null with the reason."""

    reason: Text


@dataclass(frozen=True, slots=True)
class ContextBox(Box):
    """Entries that see those above them, and perhaps a result cell (§7.3.5)."""

    entries: tuple[tuple[str, Box], ...]
    result: Box | None


@dataclass(frozen=True, slots=True)
class InvocationBox(Box):
    """A call of a function with bound parameters (§7.3.6)."""

    function: Box
    bindings: tuple[tuple[str, Box], ...]


@dataclass(frozen=True, slots=True)
class FunctionBox(Box):
    """A function definition (§7.3.7); kind Java names a mapped outside function."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Box
    kind: Literal["FEEL", "Java", "PMML"] = "FEEL"


@dataclass(frozen=True, slots=True)
class ListBox(Box):
    """A list (§7.3.9)."""

    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class RelationBox(Box):
    """A table of columns and rows, a list of contexts (§7.3.8)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class ConditionalBox(Box):
    """If, then, else (§7.3.10)."""

    condition: Box
    yes: Box
    no: Box


@dataclass(frozen=True, slots=True)
class FilterBox(Box):
    """The elements of a list that pass (§7.3.11)."""

    source: Box
    match: Box


@dataclass(frozen=True, slots=True)
class IteratorBox(Box):
    """`for`, `some` or `every` over a list (§7.3.12)."""

    kind: Literal["for", "some", "every"]
    variable: str
    domain: Box
    body: Box


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A decision table's input clause; `allowed` are its input values."""

    label: str
    expression: Expression
    type: Type | None
    allowed: UnaryTests | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """An output clause; `ranking` are its output values in order, for PRIORITY and OUTPUT ORDER."""

    name: str
    type: Type | None
    allowed: UnaryTests | None
    default: Expression | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one test a column, one expression an output, and its annotations by column name."""

    id: str
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Expression, ...]
    annotations: Mapping[str, str]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TableBox(Box):
    """A decision table (§8)."""

    policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a requirement points: an element here, or in the model imported as `alias`."""

    id: str
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class InputData:
    """What is put in from outside."""

    id: str
    name: str
    type: Type
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what it requires, and how it is made (None: no logic is given)."""

    id: str
    name: str
    type: Type
    requires: tuple[Reference, ...]
    box: Box | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    id: str
    name: str
    type: Type
    requires: tuple[Reference, ...]
    box: FunctionBox | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: decisions offered as one function (§10.4)."""

    id: str
    name: str
    type: Type
    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]
    line: int = field(default=0, compare=False)


Element = InputData | Decision | Knowledge | Service


@dataclass(frozen=True)
class Model:
    """A whole model. `imports` are the models it uses, by the name they go by here."""

    namespace: str
    name: str
    file: str
    elements: Mapping[str, Element]
    types: Mapping[str, Type]
    imports: Mapping[str, Model]

    @cached_property
    def decisions(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of every decision, in the order of the file."""
        return tuple(
            (each.id, each.name) for each in self.elements.values() if isinstance(each, Decision)
        )

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the input data."""
        return tuple(each.name for each in self.elements.values() if isinstance(each, InputData))

    @cached_property
    def by_name(self) -> Mapping[str, Element]:
        """Elements by name and by id; decisions win over services of the same name."""
        order = (InputData, Knowledge, Service, Decision)
        ranked = sorted(self.elements.values(), key=lambda each: order.index(type(each)))
        return {each.name: each for each in ranked} | dict(self.elements)

    @cached_property
    def quick(self) -> dict[str, Any]:
        """Short ways to simple decisions by name, filled on first use (see `quick.py`)."""
        return {}

    @cached_property
    def plans(self) -> dict[str, Any]:
        """Compiled bodies by element id, filled on first use (see `decide.py`)."""
        return {}
