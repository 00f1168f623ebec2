"""Calling functions, built-in and defined (DMN 1.5 §10.3.2.13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.builtins import BUILTINS, Bound
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.external import external
from xiangyun.kernel.feel.running import Compile, Run, closure, cost
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import Type, coerce, resolve
from xiangyun.kernel.feel.values import Function, Value, kind_of
from xiangyun.kernel.findings import Text

_CLOCK = ("now", "today")


def invoke(function: Value, arguments: Sequence[Value]) -> Value:
    """Call a function value with positional arguments.

    Raises:
        NullResult: when it is no function, or the arguments do not fit its parameters.
    """
    if not isinstance(function, Function):
        kind = kind_of(function)
        raise NullResult(
            "unknown-function", Text("{kind} 不是函数。", "{kind} is not a function.", kind=kind)
        )
    count = len(function.parameters)
    if not function.variadic and len(arguments) != count:
        raise NullResult(
            "arguments",
            Text(
                "{name} 要 {count} 个参数，给了 {count2} 个。",
                "{name} takes {count} {count|argument|arguments}, {count2} given.",
                name=function.name,
                count=count,
                count2=len(arguments),
            ),
        )
    if function.types:
        arguments = [
            _fitted(value, type_, name)
            for value, type_, name in zip(
                arguments, function.types, function.parameters, strict=False
            )
        ]
    result = function.call(*arguments)
    return result if function.result is None else _fitted(result, function.result, "result")


def invoke_named(function: Value, names: Sequence[str], arguments: Sequence[Value]) -> Value:
    """Call a function value with named arguments, which must be its parameters exactly."""
    if isinstance(function, Function) and isinstance(function.call, Bound):
        return function.call.named(names, arguments)
    if isinstance(function, Function) and sorted(names) == sorted(function.parameters):
        by_name = dict(zip(names, arguments, strict=True))
        return invoke(function, [by_name[name] for name in function.parameters])
    if isinstance(function, Function):
        wanted = ", ".join(function.parameters)
        raise NullResult(
            "arguments",
            Text("参数名应当是：{wanted}", "The parameters are: {wanted}", wanted=wanted),
        )
    return invoke(function, arguments)


def _fitted(value: Value, type_: Type | None, name: str) -> Value:
    if type_ is None:
        return value
    fits, converted = coerce(value, type_)
    if not fits:
        kind = kind_of(value)
        raise NullResult(
            "type",
            Text("“{name}”不能是 {kind}。", "“{name}” cannot be {kind}.", name=name, kind=kind),
        )
    return converted


def compile_call(node: ast.Call, compile_node: Compile) -> Run:
    """`f(a, b)` and `f(x: a, y: b)`."""
    arguments = [compile_node(argument) for argument in node.arguments]
    names = node.names
    function = compile_node(node.function)

    def general(scope: Scope) -> Value:
        called = function(scope)
        values = [argument(scope) for argument in arguments]
        if names is None:
            return invoke(called, values)
        return invoke_named(called, names, values)

    if not isinstance(node.function, ast.Name):
        return general
    name = node.function.name
    if name in _CLOCK:
        return _clock(name, general, len(arguments))
    if name not in BUILTINS:
        return general
    builtin = BUILTINS[name]

    def direct(scope: Scope) -> Value:
        if name in scope:
            return general(scope)
        values = [argument(scope) for argument in arguments]
        if names is None:
            return builtin.call(scope.evaluation, values)
        return builtin.named(scope.evaluation, names, values)

    return direct


def _clock(name: str, general: Run, arguments: int) -> Run:
    def run(scope: Scope) -> Value:
        if name in scope:
            return general(scope)
        if arguments:
            raise NullResult(
                "arguments", Text("{name} 没有参数。", "{name} takes no arguments.", name=name)
            )
        if scope.now is None:
            raise NullResult(
                "arguments", Text("没有给出当前时刻。", "No current moment was given.")
            )
        return scope.now if name == "now" else scope.now.date

    return run


def compile_function(
    node: ast.FunctionNode, compile_node: Compile, types: Mapping[str, Type]
) -> Run:
    """`function(a, b) body`: a closure over the scope it is made in."""
    parameters = tuple(parameter.name for parameter in node.parameters)
    typed = tuple(
        None if parameter.type is None else resolve(parameter.type, types)
        for parameter in node.parameters
    )
    checked = typed if any(typed) else ()
    body = compile_node(node.body)
    if node.external:
        return lambda scope: external(body(scope), parameters, checked)
    steps = cost(node.body)
    return lambda scope: Function(parameters, closure(scope, parameters, body, steps), checked)
