"""External functions (DMN 1.5 §10.3.2.13.3): a fixed mapping of Java names to pure Python.

There is no Java here. The few methods that exchangeable models commonly name are answered by
their Python equivalents; every other name is null with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal

from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.values import Function, Value

# Java's doubles are binary; this is the one place where a float is computed with, because that is
# what the named method is defined to do.


def _double(function: Callable[..., float]) -> Callable[..., Decimal]:
    return lambda *numbers: Decimal(repr(function(*map(float, numbers))))


def _format(template: str, *values: Value) -> str:
    return template % values


_MAPPED: dict[tuple[str, str], Callable[..., Value]] = {
    ("java.lang.Math", "cos(double)"): _double(math.cos),
    ("java.lang.Math", "sin(double)"): _double(math.sin),
    ("java.lang.Math", "abs(double)"): _double(abs),
    ("java.lang.Math", "sqrt(double)"): _double(math.sqrt),
    ("java.lang.Math", "pow(double,double)"): _double(math.pow),
    ("java.lang.Math", "max(double,double)"): max,
    ("java.lang.Math", "min(double,double)"): min,
}


def external(body: Value, parameters: tuple[str, ...], types: Sequence[object]) -> Function:
    """The function an external body names.

    Raises:
        NullResult: when it names none that is mapped.
    """
    java = body.get("java") if isinstance(body, dict) else None
    return java_function(java, parameters, types)


def java_function(java: Value, parameters: tuple[str, ...], types: Sequence[object]) -> Function:
    """The function for `{class: …, method signature: …}`."""
    named = java if isinstance(java, dict) else {}
    class_, signature = named.get("class"), named.get("method signature")
    key = (str(class_), "".join(str(signature).split()))
    if key not in _MAPPED:
        raise NullResult(
            "unknown-function",
            f"外部函数 {class_}.{signature} 没有对应",
            f"the external function {class_}.{signature} is not mapped",
        )
    return Function(parameters, _MAPPED[key], tuple(types), name=str(signature))
