"""FEEL values as JSON without loss, for values that wait in a database.

A date is {"@": "2026-04-09"}, as in FEEL's at-literals; a number that is not whole is
{"#": "0.25"}, since JSON readers would make a binary float of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from xiangyun.kernel.feel.expression import parse_expression
from xiangyun.kernel.feel.temporal import DateTime
from xiangyun.kernel.feel.values import to_json


def to_stored(value: Any) -> Any:
    """A FEEL value as JSON without loss: `{"#": …}` a decimal, `{"@": …}` a temporal value."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (date, DateTime)):  # what a case holds most of, after texts
        return {"@": value.isoformat()}
    if isinstance(value, Decimal):
        small = value.is_finite() and value.adjusted() <= 34
        whole = int(value) if small and value == value.to_integral_value() else None
        return whole if whole is not None and str(whole) == str(value) else {"#": str(value)}
    if isinstance(value, Mapping):
        inner = {key: to_stored(each) for key, each in value.items()}
        return {"=": inner} if len(inner) == 1 and set(inner) & {"#", "@", "="} else inner
    if isinstance(value, list | tuple):
        return [to_stored(each) for each in value]
    return {"@": to_json(value)}


def from_stored(value: Any) -> Any:
    """The FEEL value that `to_stored` wrote."""
    if value is None or isinstance(value, str):  # what a case holds most of
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, list):
        return [from_stored(each) for each in value]
    if isinstance(value, dict):
        if len(value) == 1:
            ((tag, inner),) = value.items()
            if tag == "#":
                return Decimal(inner)
            if tag == "@":
                # FEEL's own literal gives back FEEL's own type (DMN 1.5, clause 10.3.2.3.4).
                return parse_expression(f'@"{inner}"').evaluate({})
            if tag == "=":
                return {key: from_stored(each) for key, each in inner.items()}
        return {key: from_stored(each) for key, each in value.items()}
    return value
