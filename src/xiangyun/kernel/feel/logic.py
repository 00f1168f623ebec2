"""Three-valued logic (DMN 1.5 §10.3.2.3.6, tables 50 and 51): anything not a boolean is null."""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.feel.values import Value


def all_of(values: Iterable[Value]) -> bool | None:
    """False if any is false, else null if any is not true, else true. Stops at the first false."""
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is not True:
            result = None
    return result


def any_of(values: Iterable[Value]) -> bool | None:
    """True if any is true, else null if any is not false, else false. Stops at the first true."""
    result: bool | None = False
    for value in values:
        if value is True:
            return True
        if value is not False:
            result = None
    return result
