"""FEEL, the expression language of DMN 1.5: read, checked, compiled to closures, evaluated.

>>> parse_expression("if age >= 60 then fee * 0.5 else fee").evaluate(
...     {"age": Decimal(64), "fee": Decimal(30)})
Decimal('15.0')
"""

from xiangyun.kernel.feel.budget import Budget, budget, set_budget
from xiangyun.kernel.feel.durations import DaysTime, YearsMonths
from xiangyun.kernel.feel.errors import FeelSyntaxError, FeelWarning
from xiangyun.kernel.feel.expression import (
    Evaluated,
    Expression,
    UnaryTests,
    UnknownName,
    parse_expression,
    parse_unary_tests,
)
from xiangyun.kernel.feel.stored import from_stored, to_stored
from xiangyun.kernel.feel.temporal import DateTime, FarDate, Time
from xiangyun.kernel.feel.values import (
    Function,
    Range,
    Value,
    from_json,
    function,
    kind_of,
    text_of,
    to_json,
)

__all__ = [
    "Budget",
    "DateTime",
    "DaysTime",
    "Evaluated",
    "Expression",
    "FarDate",
    "FeelSyntaxError",
    "FeelWarning",
    "Function",
    "Range",
    "Time",
    "UnaryTests",
    "UnknownName",
    "Value",
    "YearsMonths",
    "budget",
    "from_json",
    "from_stored",
    "function",
    "kind_of",
    "parse_expression",
    "parse_unary_tests",
    "set_budget",
    "text_of",
    "to_json",
    "to_stored",
]
