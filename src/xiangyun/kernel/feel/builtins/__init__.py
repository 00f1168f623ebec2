"""The built-in functions of DMN 1.5 §10.3.4, by their FEEL names."""

from xiangyun.kernel.feel.builtins import contexts, dates, lists, numbers, ranges, strings
from xiangyun.kernel.feel.builtins.registry import BUILTINS, Bound, Builtin, builtin

__all__ = [
    "BUILTINS",
    "Bound",
    "Builtin",
    "builtin",
    "contexts",
    "dates",
    "lists",
    "numbers",
    "ranges",
    "strings",
]
