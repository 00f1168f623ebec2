"""Expressions and unary tests as authors hand them in: parsed, compiled, ready to run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from unicodedata import normalize

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.builtins import BUILTINS
from xiangyun.kernel.feel.compiler import Compiler
from xiangyun.kernel.feel.errors import FeelSyntaxError, FeelWarning
from xiangyun.kernel.feel.free import filtered_names, free, walk
from xiangyun.kernel.feel.lexer import position
from xiangyun.kernel.feel.names import NameTable
from xiangyun.kernel.feel.parser import Parser
from xiangyun.kernel.feel.running import Run, ended
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.temporal import DateTime
from xiangyun.kernel.feel.types import Type
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.spelling import nearest, perhaps

_CLOCK = frozenset({"now", "today"})
_FUNCTIONS = frozenset(BUILTINS) | _CLOCK
_BUILTIN_NAMES = NameTable.of(name for name in _FUNCTIONS if " " in name)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A value, and why it or parts of it are null."""

    value: Value
    warnings: tuple[FeelWarning, ...]


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name nothing defines, where it stands, and what was perhaps meant."""

    name: str
    line: int
    column: int
    suggestion: str | None
    is_function: bool

    def finding(self, file: str = "", line: int = 1, column: int = 1) -> Finding:
        """As a finding; `line` and `column` give where the expression begins in the file."""
        first = self.line == 1
        at = column + self.column - 1 if first else self.column
        place = Place(file, line + self.line - 1, at)
        words = Text("函数", "function") if self.is_function else Text("名称", "name")
        hint = perhaps(self.suggestion) or Text(
            "请检查拼写，或先定义它。", "Check the spelling, or define it first."
        )
        return Finding(
            "feel.E003" if self.is_function else "feel.E002",
            "error",
            Text(
                "没有{words}“{name}”。",
                "There is no {words} “{name}”.",
                words=words,
                name=self.name,
            ),
            place,
            hint,
        )


class Expression:
    """A FEEL expression, compiled once; immutable and safe to share.

    `free_names` are the variables it needs (built-in functions excluded).
    """

    def __init__(self, source: str, syntax: ast.Node, types: Mapping[str, Type]) -> None:
        self.source = source
        self.syntax = syntax
        self.run: Run = Compiler(source, types).compile(syntax)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.source!r})"

    @cached_property
    def _free(self) -> tuple[tuple[ast.Name, bool], ...]:
        called = {id(node.function) for node in walk(self.syntax) if isinstance(node, ast.Call)}
        return tuple((name, id(name) in called) for name in free(self.syntax))

    @cached_property
    def free_names(self) -> frozenset[str]:
        return frozenset(
            name.name for name, _ in self._free if name.name not in _FUNCTIONS | {INPUT}
        )

    @property
    def asks_when(self) -> bool:
        """Whether it asks for `now()` or `today()`."""
        return any(called and name.name in _CLOCK for name, called in self._free)

    @cached_property
    def values_read(self) -> frozenset[str]:
        """The names read as values, also where a built-in function has the same name."""
        return frozenset(name.name for name, called in self._free if not called) - {INPUT}

    @cached_property
    def values_needed(self) -> frozenset[str]:
        """Those among them outside of filters, whose names may be members of the elements."""
        return self.values_read - filtered_names(self.syntax)

    def unknown_names(self, known: Collection[str]) -> tuple[UnknownName, ...]:
        """The free names that neither `known` nor a built-in function explains.

        Names inside filters are left out: they may be members of the elements.
        """
        lenient = filtered_names(self.syntax)
        result: dict[str, UnknownName] = {}
        for name, called in self._free:
            missing = name.name not in known and name.name not in _FUNCTIONS | {INPUT}
            if missing and name.name not in result and (called or name.name not in lenient):
                candidates = [*known, *(_FUNCTIONS if called else ())]
                where = position(self.source, name.start)
                suggestion = _meant(name.name, candidates)
                result[name.name] = UnknownName(name.name, *where, suggestion, called)
        return tuple(result.values())

    def evaluate(self, context: Mapping[str, Value], now: DateTime | None = None) -> Value:
        """The value in a context of FEEL values; null where it cannot be computed."""
        return self._value(Scope.over(context, now))

    def explain(self, context: Mapping[str, Value], now: DateTime | None = None) -> Evaluated:
        """The value with the reasons for nulls; `now` is the answer to `now()` and `today()`.

        Where the budget ended the evaluation (see `budget.py`), the last warning says so.
        """
        scope = Scope.over(context, now)
        value = self._value(scope)
        return Evaluated(value, tuple(scope.log))

    def result(self, context: Mapping[str, Value], now: DateTime | None = None) -> Value:
        """The value, for whom a null must not stand for an evaluation that was ended.

        Raises:
            Refused: with `feel.E004` and the place, when the budget was used up.
        """
        scope = Scope.over(context, now)
        value = self._value(scope)
        if value is None and scope.log and scope.log[-1].reason == "budget":
            raise Refused([scope.log[-1].finding()])
        return value

    def _value(self, scope: Scope) -> Value:
        return ended(self.run, scope, self.source)


def _meant(name: str, candidates: Collection[str]) -> str | None:
    """What was perhaps meant by a name nothing defines."""
    # Full-width signs such as ＞ and ， may stand in names (grammar rule 28), so a Chinese input
    # method left on gives one long name; written half-width it is what the author saw.
    plain = normalize("NFKC", name)
    if plain != name and not plain.replace(" ", "").isalnum():
        return plain
    return nearest(name, candidates)


class UnaryTests(Expression):
    """The tests of an input cell; `?` is the value under test."""

    def matches(
        self, value: Value, context: Mapping[str, Value], now: DateTime | None = None
    ) -> bool | None:
        """Whether the value passes: true, false, or null where that cannot be said."""
        result = self._value(Scope.over({**context, INPUT: value}, now))
        return result if isinstance(result, bool) else None


def parse_expression(
    source: str,
    names: Collection[str] = (),
    members: Collection[str] = (),
    types: Mapping[str, Type] | None = None,
) -> Expression:
    """Read an expression (DMN 1.5 §10.3.1).

    `names` are the variables in scope, needed where a name holds spaces or operators; a dotted
    name stands for its parts. `members` are further names that may follow a dot. `types` are the
    item definitions that `instance of` may name.

    Raises:
        FeelSyntaxError: with line, column, what was expected, and what was perhaps meant.
    """
    if types is None:
        return _parsed_expression(source, frozenset(names), frozenset(members))
    with _not_too_deep():
        return Expression(source, _parser(source, names, members).whole(), types)


def parse_unary_tests(
    source: str,
    names: Collection[str] = (),
    members: Collection[str] = (),
    types: Mapping[str, Type] | None = None,
) -> UnaryTests:
    """Read the unary tests of an input cell; parameters and errors as `parse_expression`."""
    with _not_too_deep():
        return UnaryTests(source, _parser(source, names, members).whole_tests(), types or {})


@contextmanager
def _not_too_deep() -> Iterator[None]:
    """Nesting that exhausts the interpreter's stack is a fault of the expression."""
    try:
        yield
    except RecursionError:
        message = Text("表达式嵌套太深。", "The expression is nested too deeply.")
        raise FeelSyntaxError(message, 1, 1) from None


@lru_cache(maxsize=4096)
def _parsed_expression(source: str, names: frozenset[str], members: frozenset[str]) -> Expression:
    with _not_too_deep():
        return Expression(source, _parser(source, names, members).whole(), {})


def _parser(source: str, names: Collection[str], members: Collection[str]) -> Parser:
    known, inner = _tables(frozenset(names), frozenset(members))
    return Parser(source, known, inner)


@lru_cache(maxsize=256)
def _tables(names: frozenset[str], members: frozenset[str]) -> tuple[NameTable, NameTable]:
    parts = {part for name in names if "." in name for part in name.split(".")[1:]}
    roots = {name.split(".")[0] for name in names if "." in name}
    known = _BUILTIN_NAMES.plus(names | roots)
    return known, NameTable.of(members | parts)
