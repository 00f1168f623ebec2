"""Declaring built-in functions: signatures as the specification writes them (§10.3.4).

A signature such as `"substring(string: string, start position: number, length?: number)"` gives
the FEEL parameter names, which of them may be left out (`name?`), which types each takes
(`date|time`), whether null is welcome (`type?`), and whether the last repeats (`...name`).

Every call counts, by the length of its lists and texts. A function that may cost more than that
is declared `metered`: it gets the evaluation before its arguments, and counts what it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.scope import Evaluation
from xiangyun.kernel.feel.types import ANY, BUILTIN, Type, coerce
from xiangyun.kernel.feel.values import Function, Value, kind_of
from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class BuiltinParameter:
    """A formal parameter of one signature."""

    name: str
    types: tuple[Type, ...]
    optional: bool
    nullable: bool
    repeats: bool

    def accept(self, value: Value) -> tuple[bool, Value]:
        """Whether the argument fits, after implicit conversion, and as what."""
        if value is None:
            return self.nullable, None
        if self.types == (ANY,):
            return True, value
        for type_ in self.types:
            if type_.holds(value):
                return True, value
        for type_ in self.types:
            fits, converted = coerce(value, type_)
            if fits and converted is not None:
                return True, converted
        return False, None


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function."""

    parameters: tuple[BuiltinParameter, ...]
    python: Callable[..., Value]
    metered: bool = False
    needed: int = field(init=False)

    def __post_init__(self) -> None:
        needed = sum(not parameter.optional for parameter in self.parameters)
        object.__setattr__(self, "needed", needed)

    def call(self, evaluation: Evaluation, bound: Sequence[Value]) -> Value:
        """The function's value for arguments that `bind` converted."""
        return self.python(evaluation, *bound) if self.metered else self.python(*bound)

    def bind(self, arguments: Sequence[Value]) -> list[Value] | None:
        """The converted arguments, or None when they do not fit this signature."""
        parameters = self.parameters
        if parameters and parameters[-1].repeats:
            last = parameters[-1]
            parameters = parameters[:-1] + (last,) * max(1, len(arguments) - len(parameters) + 1)
            if len(arguments) < len(parameters):
                return None
        elif not self.needed <= len(arguments) <= len(parameters):
            return None
        bound = []
        for parameter, argument in zip(parameters, arguments, strict=False):
            fits, value = parameter.accept(argument)
            if not fits:
                return None
            bound.append(value)
        return bound

    def positions(self, names: Sequence[str]) -> list[int | None] | None:
        """For named arguments: which argument each parameter takes (None: left out)."""
        own = [parameter.name for parameter in self.parameters]
        if not set(names) <= set(own) or len(set(names)) != len(names):
            return None
        taken = [names.index(name) if name in names else None for name in own]
        # Optional ones at the end are simply not given; any other left out is null.
        while taken and taken[-1] is None and self.parameters[len(taken) - 1].optional:
            taken.pop()
        return taken


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in function with all its signatures."""

    name: str
    signatures: tuple[Signature, ...]

    def call(self, evaluation: Evaluation, arguments: Sequence[Value]) -> Value:
        """A call with arguments in order.

        Raises:
            NullResult: when they fit no signature, or the function has no value for them.
        """
        evaluation.spend(_steps(arguments))
        for signature in self.signatures:
            bound = signature.bind(arguments)
            if bound is not None:
                return signature.call(evaluation, bound)
        raise self._unfit(arguments)

    def named(
        self, evaluation: Evaluation, names: Sequence[str], arguments: Sequence[Value]
    ) -> Value:
        """A call with named arguments; errors as `call`."""
        evaluation.spend(_steps(arguments))
        for signature in self.signatures:
            taken = signature.positions(names)
            if taken is None:
                continue
            bound = signature.bind([None if i is None else arguments[i] for i in taken])
            if bound is not None:
                return signature.call(evaluation, bound)
        raise self._unfit(arguments)

    def _unfit(self, arguments: Sequence[Value]) -> NullResult:
        given = ", ".join(kind_of(argument) for argument in arguments)
        return NullResult(
            "arguments",
            Text(
                "{name} 不接受参数（{given}）。",
                "{name} does not take ({given}).",
                name=self.name,
                given=given,
            ),
        )

    def as_value(self, evaluation: Evaluation) -> Function:
        """The function as a value that can be passed to other functions."""
        longest = max(self.signatures, key=lambda signature: len(signature.parameters))
        names = tuple(parameter.name for parameter in longest.parameters)
        return Function(names, Bound(self, evaluation), name=self.name, variadic=True)


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A built-in function within an evaluation, which counts its calls."""

    builtin: Builtin
    evaluation: Evaluation

    def __call__(self, *arguments: Value) -> Value:
        return self.builtin.call(self.evaluation, arguments)

    def named(self, names: Sequence[str], arguments: Sequence[Value]) -> Value:
        """A call with named arguments."""
        return self.builtin.named(self.evaluation, names, arguments)


def _steps(arguments: Sequence[Value]) -> int:
    """A call, the elements of its lists, and its texts by the piece."""
    steps = 1
    for argument in arguments:
        kind = type(argument)
        if kind is list or kind is dict:
            steps += len(argument)
        elif kind is str:
            steps += len(argument) >> 8
    return steps


BUILTINS: dict[str, Builtin] = {}

_SIGNATURE = re.compile(r"([a-z ]+)\((.*)\)")
Declared = Callable[[Callable[..., Value]], Callable[..., Value]]


def builtin(signature: str, metered: bool = False) -> Declared:
    """Register a Python function under a FEEL signature; signatures are tried in file order.

    With `metered` the function takes the `Evaluation` before the arguments.
    """
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise ValueError(signature)
    name, inside = match.groups()
    parameters = tuple(map(_parameter, filter(None, inside.split(", "))))

    def declare(python: Callable[..., Value]) -> Callable[..., Value]:
        known = BUILTINS[name].signatures if name in BUILTINS else ()
        BUILTINS[name] = Builtin(name, (*known, Signature(parameters, python, metered)))
        return python

    return declare


def _parameter(text: str) -> BuiltinParameter:
    name, types = text.split(": ")
    nullable = types.endswith("?")
    return BuiltinParameter(
        name=name.removeprefix("...").removesuffix("?"),
        types=tuple(BUILTIN[type_] for type_ in types.removesuffix("?").split("|")),
        optional=name.endswith("?"),
        nullable=nullable,
        repeats=name.startswith("..."),
    )
