"""Context functions (DMN 1.5 §10.3.4.10)."""

from __future__ import annotations

from xiangyun.kernel.feel.budget import weight
from xiangyun.kernel.feel.builtins.registry import builtin
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.scope import Evaluation
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Text


@builtin("get value(m: context, key: string)")
def _get_value(context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@builtin("get value(context: context, keys: list)")
def _get_value_at(context: dict[str, Value], keys: list[Value]) -> Value:
    value: Value = context
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value if keys else None


@builtin("get entries(m: context)")
def _get_entries(context: dict[str, Value]) -> Value:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def _context(entries: list[Value]) -> Value:
    result: dict[str, Value] = {}
    for entry in entries:
        fits = isinstance(entry, dict) and "value" in entry and isinstance(entry.get("key"), str)
        if not fits or entry["key"] in result:
            raise NullResult(
                "arguments",
                Text(
                    "每一项要有不重复的 key 和 value。",
                    "Every entry needs a key of its own and a value.",
                ),
            )
        result[entry["key"]] = entry["value"]
    return result


@builtin("context put(context: context, key: string, value: any?)")
def _context_put(context: dict[str, Value], key: str, value: Value) -> Value:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any?)")
def _context_put_at(context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    if not keys or not all(isinstance(key, str) for key in keys):
        raise NullResult(
            "arguments", Text("keys 应当是文字的列表。", "Keys must be a list of strings.")
        )
    key, *rest = keys
    if not rest:
        return {**context, key: value}
    inner = context.get(key)
    if not isinstance(inner, dict):
        raise NullResult(
            "arguments", Text("“{key}”不是上下文。", "“{key}” is not a context.", key=key)
        )
    return {**context, key: _context_put_at(inner, rest, value)}


@builtin("context merge(contexts: list)", metered=True)
def _context_merge(evaluation: Evaluation, contexts: list[Value]) -> Value:
    evaluation.spend(weight(contexts))
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise NullResult("arguments", Text("只能合并上下文。", "Only contexts can be merged."))
        merged.update(context)
    return merged
