"""The syntax tree of FEEL: small frozen nodes that checkers, compilers and provers all read.

`start` and `end` are offsets into the source; they do not take part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Comparator = Literal["=", "!=", "<", "<=", ">", ">="]
ArithmeticOperator = Literal["+", "-", "*", "/", "**"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of an expression."""

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A number, string, boolean or null written out."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"text"`: a date, time, date and time or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or built-in function; `?` is the value under test in unary tests."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.member`."""

    source: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; with `names`, the arguments are named."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right` with `+ - * / **`."""

    operator: ArithmeticOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right` with `= != < <= > >=`."""

    operator: Comparator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """`and` / `or` over two or more operands, in three-valued logic."""

    kind: Literal["and", "or"]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`operand between low and high`, both ends included."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`operand in (tests)`: true when one of the unary tests holds."""

    operand: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class UnaryComparison(Node):
    """`< operand` as a unary test, or `(< operand)` as a range."""

    operator: Comparator
    operand: Node


@dataclass(frozen=True, slots=True)
class RangeNode(Node):
    """`[low..high]`; None is an end left open."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`operand instance of type`."""

    operand: Node
    type: TypeNode


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in domain`, or `name in low..high` when `until` is given."""

    name: str
    domain: Node
    until: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` / `every` iterators `satisfies` condition."""

    kind: Literal["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter, perhaps with its type."""

    name: str
    type: TypeNode | None = None


@dataclass(frozen=True, slots=True)
class FunctionNode(Node):
    """`function(parameters) body`; `external` bodies name a mapped outside function."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """`[items]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode(Node):
    """`{key: value, …}`; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


# Unary tests (grammar rules 7–17) --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Anything(Node):
    """`-`: every value matches."""


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """`test, test, …`, or with `negated` `not(test, test, …)`."""

    tests: tuple[Node, ...]
    negated: bool = False


# Types (grammar rule 54) -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypeNode(Node):
    """Any type."""


@dataclass(frozen=True, slots=True)
class NamedType(TypeNode):
    """`number`, `date and time`, or the name of an item definition (qualified by a dot)."""

    name: str


@dataclass(frozen=True, slots=True)
class ListTypeNode(TypeNode):
    """`list<item>`."""

    item: TypeNode


@dataclass(frozen=True, slots=True)
class RangeTypeNode(TypeNode):
    """`range<item>`."""

    item: TypeNode


@dataclass(frozen=True, slots=True)
class ContextTypeNode(TypeNode):
    """`context<name: type, …>`."""

    entries: tuple[tuple[str, TypeNode], ...]


@dataclass(frozen=True, slots=True)
class FunctionTypeNode(TypeNode):
    """`function<type, …> -> type`."""

    parameters: tuple[TypeNode, ...]
    result: TypeNode
