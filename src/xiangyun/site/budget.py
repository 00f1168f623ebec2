"""The budget of an evaluation, from the environment; see docs/reference/settings.md."""

from __future__ import annotations

from collections.abc import Mapping

_LIMITS = {
    "XIANGYUN_FEEL_STEPS": "steps",
    "XIANGYUN_FEEL_SIZE": "size",
    "XIANGYUN_FEEL_DEPTH": "depth",
}


def set_from(environment: Mapping[str, str]) -> None:
    """Put the budget in force that the environment gives; without one, nothing is loaded.

    Raises:
        SystemExit: when a limit is not a whole number above zero.
    """
    given = {name: environment[name] for name in _LIMITS if environment.get(name)}
    if not given:
        return
    limits = {}
    for name, value in given.items():
        if not (value.isascii() and value.isdigit() and len(value) < 19 and int(value)):
            raise SystemExit(
                f"{name}={value}：应当是大于零的整数。 / must be a whole number above zero."
            )
        limits[_LIMITS[name]] = int(value)
    from xiangyun.kernel.feel import Budget, set_budget  # noqa: PLC0415 - loaded when asked for

    set_budget(Budget(**limits))
