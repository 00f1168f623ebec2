"""External functions (DMN 1.5 §10.3.2.13.3): a fixed mapping of Java names to pure Python.

There is no Java here. The few static methods that exchangeable models commonly name are answered
by their Python equivalents; every other name is null with the reason.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Sequence
from decimal import Decimal

from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.values import DECIMAL128, Function, Value, text_of
from xiangyun.kernel.findings import Text

# Java's doubles are binary; this is the one place where a float is computed with, because that is
# what the named methods are defined to do.


def _double(value: Value) -> Decimal:
    return Decimal(repr(float(value)))


def _single(value: Value) -> Decimal:
    (narrow,) = struct.unpack("f", struct.pack("f", float(value)))
    return DECIMAL128.plus(Decimal(f"{narrow:.7g}"))


def _whole(bits: int) -> Callable[[Value], Decimal]:
    def convert(value: Value) -> Decimal:
        number = int(Decimal(value))
        if not -(1 << bits - 1) <= number < 1 << bits - 1:
            raise ValueError(f"{number} does not fit {bits} bits")
        return Decimal(number)

    return convert


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{text_of(value)} is not a string")
    return value


def _character(value: Value) -> str:
    if len(_text(value)) != 1:
        raise ValueError(f"“{value}” is not one character")
    return str(value)


# What a Java parameter type makes of a FEEL value.
_PARAMETERS: dict[str, Callable[[Value], Value]] = {
    "double": _double,
    "float": _single,
    "long": _whole(64),
    "int": _whole(32),
    "short": _whole(16),
    "byte": _whole(8),
    "char": _character,
    "boolean": bool,
    "java.lang.String": _text,
    "[Ljava.lang.Object;": lambda value: value,
}
_NUMERIC = frozenset(["double", "float", "long", "int", "short", "byte"])


def _floating(function: Callable[..., float]) -> Callable[..., Value]:
    return lambda *numbers: _double(function(*map(float, numbers)))


_MATH: dict[str, Callable[..., Value]] = {
    "abs": abs,
    "max": max,
    "min": min,
    **{
        name: _floating(getattr(math, name))
        for name in ("cos", "sin", "tan", "acos", "asin", "atan", "atan2", "sqrt", "pow", "exp")
    },
    **{name: _floating(getattr(math, name)) for name in ("log", "log10", "ceil", "floor", "hypot")},
}
_BOXED = {
    "java.lang.Double": _double,
    "java.lang.Float": _single,
    "java.lang.Long": _whole(64),
    "java.lang.Integer": _whole(32),
    "java.lang.Short": _whole(16),
    "java.lang.Byte": _whole(8),
}


def _format(template: str, *values: Value) -> str:
    return template % tuple(value if isinstance(value, str) else text_of(value) for value in values)


_STRING: dict[str, Callable[..., Value]] = {"valueOf": text_of, "format": _format}


def _method(class_: str, name: str, types: Sequence[str]) -> Callable[..., Value] | None:
    if class_ == "java.lang.Math" and set(types) <= _NUMERIC:
        return _MATH.get(name)
    if class_ in _BOXED and name == "valueOf" and len(types) == 1:
        return _BOXED[class_]
    return _STRING.get(name) if class_ == "java.lang.String" else None


def external(body: Value, parameters: tuple[str, ...], types: Sequence[object]) -> Function:
    """The function that `external { java: { class: …, method signature: … } }` names.

    Raises:
        NullResult: when it names none that is mapped.
    """
    java = body.get("java") if isinstance(body, dict) else None
    return java_function(java, parameters, types)


def java_function(java: Value, parameters: tuple[str, ...], types: Sequence[object]) -> Function:
    """The function for `{class: …, method signature: …}`; errors as `external`."""
    named = java if isinstance(java, dict) else {}
    class_, signature = str(named.get("class")), str(named.get("method signature"))
    match = re.fullmatch(r"\s*(\w+)\s*\((.*)\)\s*", signature)
    accepted = [part.strip() for part in match.group(2).split(",") if part.strip()] if match else []
    method = _method(class_, match.group(1), accepted) if match else None
    if method is None or not set(accepted) <= set(_PARAMETERS):
        raise NullResult(
            "unknown-function",
            Text(
                "外部函数 {class_}.{signature} 没有对应。",
                "The external function {class_}.{signature} is not mapped.",
                class_=class_,
                signature=signature,
            ),
        )
    if len(accepted) != len(parameters):
        raise NullResult("arguments", Text("参数个数不符。", "The numbers of parameters differ."))

    def call(*arguments: Value) -> Value:
        given = zip(accepted, arguments, strict=True)
        try:
            return method(*(_PARAMETERS[name](argument) for name, argument in given))
        except (TypeError, ValueError, ArithmeticError) as error:
            raise NullResult("arguments", Text.given(str(error), str(error))) from None

    return Function(parameters, call, tuple(types), name=signature)
