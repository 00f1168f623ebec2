"""Declaring built-in functions: signatures as the specification writes them (§10.3.4).

A signature such as `"substring(string: string, start position: number, length?: number)"` gives
the FEEL parameter names, which of them may be left out (`name?`), which types each takes
(`date|time`), whether null is welcome (`type?`), and whether the last repeats (`...name`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.types import ANY, BUILTIN, Type, coerce
from xiangyun.kernel.feel.values import Function, Value, kind_of


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

    def bind(self, arguments: Sequence[Value]) -> list[Value] | None:
        """The converted arguments, or None when they do not fit this signature."""
        parameters = self.parameters
        if parameters and parameters[-1].repeats:
            last = parameters[-1]
            parameters = parameters[:-1] + (last,) * max(1, len(arguments) - len(parameters) + 1)
        needed = sum(not parameter.optional for parameter in parameters)
        if not needed <= len(arguments) <= len(parameters):
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

    def __call__(self, *arguments: Value) -> Value:
        for signature in self.signatures:
            bound = signature.bind(arguments)
            if bound is not None:
                return signature.python(*bound)
        raise self._unfit(arguments)

    def named(self, names: Sequence[str], arguments: Sequence[Value]) -> Value:
        """A call with named arguments."""
        for signature in self.signatures:
            taken = signature.positions(names)
            if taken is None:
                continue
            bound = signature.bind([None if i is None else arguments[i] for i in taken])
            if bound is not None:
                return signature.python(*bound)
        raise self._unfit(arguments)

    def _unfit(self, arguments: Sequence[Value]) -> NullResult:
        given = ", ".join(kind_of(argument) for argument in arguments)
        return NullResult(
            "arguments",
            f"{self.name} 不接受参数({given})",
            f"{self.name} does not take ({given})",
        )

    def as_value(self) -> Function:
        """The function as a value that can be passed to other functions."""
        longest = max(self.signatures, key=lambda signature: len(signature.parameters))
        names = tuple(parameter.name for parameter in longest.parameters)
        return Function(names, self, name=self.name, variadic=True)


BUILTINS: dict[str, Builtin] = {}

_SIGNATURE = re.compile(r"([a-z ]+)\((.*)\)")
Declared = Callable[[Callable[..., Value]], Callable[..., Value]]


def builtin(signature: str) -> Declared:
    """Register a Python function under a FEEL signature; signatures are tried in file order."""
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise ValueError(signature)
    name, inside = match.groups()
    parameters = tuple(map(_parameter, filter(None, inside.split(", "))))

    def declare(python: Callable[..., Value]) -> Callable[..., Value]:
        known = BUILTINS[name].signatures if name in BUILTINS else ()
        BUILTINS[name] = Builtin(name, (*known, Signature(parameters, python)))
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
