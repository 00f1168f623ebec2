"""The budget of an evaluation, from the environment; see docs/reference/settings.md."""

from __future__ import annotations

from collections.abc import Mapping

PREFIX = "XIANGYUN_FEEL_"
_NAMES = ("steps", "size", "depth")


def set_from(environment: Mapping[str, str]) -> None:
    """Put the budget in force that the environment gives; without one, nothing is loaded.

    Raises:
        SystemExit: when a limit is not a whole number above zero, or there is no such limit.
    """
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value
    }
    if not given:
        return
    limits = {}
    for name, value in given.items():
        if name not in _NAMES or not (value.isascii() and value.isdigit() and int(value[:18])):
            raise SystemExit(
                f"{PREFIX}{name.upper()}={value}：应当是大于零的整数，名称是 STEPS、SIZE 或 DEPTH。"
                f" / must be a whole number above zero, and called STEPS, SIZE or DEPTH."
            )
        limits[name] = int(value[:18])
    from xiangyun.kernel.feel import Budget, set_budget  # noqa: PLC0415 - loaded when asked for

    set_budget(Budget(**limits))
