"""What holds for the kernel in all of a process: budget, time zone and hours, from the environment.

See docs/reference/settings.md. Without any such variable nothing is loaded; departments are read
when somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from xiangyun.kernel.findings import Text

if TYPE_CHECKING:
    from xiangyun.kernel.codes.department import Department

ZONE = "Asia/Shanghai"
_ZONE = "XIANGYUN_TIME_ZONE"
_HOURS = "XIANGYUN_OFFICE_HOURS"
_LIMITS = {
    "XIANGYUN_FEEL_STEPS": "steps",
    "XIANGYUN_FEEL_SIZE": "size",
    "XIANGYUN_FEEL_DEPTH": "depth",
}


def set_from(environment: Mapping[str, str]) -> None:
    """Put in force what the environment gives.

    Raises:
        SystemExit: when a limit is not a whole number above zero, there is no such time zone, or
            the hours are none.
    """
    from xiangyun.kernel.codes.department import set_departments  # noqa: PLC0415 - as below

    set_departments(_departments)
    _set_budget({name: environment[name] for name in _LIMITS if environment.get(name)})
    if zone := environment.get(_ZONE):
        _set_zone(zone)
    if hours := environment.get(_HOURS):
        _set_hours(hours)


def _departments() -> Iterable[Department]:
    from xiangyun.adapters.government import departments  # noqa: PLC0415 - loaded when asked for

    return departments()


def _set_budget(given: Mapping[str, str]) -> None:
    if not given:
        return
    limits = {}
    for name, value in given.items():
        if not (value.isascii() and value.isdigit() and len(value) < 19 and int(value)):
            raise _refused(
                Text(
                    "{name}={value}：应当是大于零的整数。",
                    "{name}={value}: must be a whole number above zero.",
                    name=name,
                    value=value,
                )
            )
        limits[_LIMITS[name]] = int(value)
    from xiangyun.kernel.feel import Budget, set_budget  # noqa: PLC0415 - loaded when asked for

    set_budget(Budget(**limits))


def _set_zone(name: str) -> None:
    from xiangyun.kernel.worktime import set_office_zone  # noqa: PLC0415 - loaded when asked for

    try:
        set_office_zone(name)
    except ValueError:
        raise _refused(
            Text(
                "{setting}={name}：没有这个时区。",
                "{setting}={name}: there is no such time zone.",
                setting=_ZONE,
                name=name,
            )
        ) from None


def _set_hours(text: str) -> None:
    from xiangyun.kernel.worktime import set_office_hours  # noqa: PLC0415 - loaded when asked for

    try:
        set_office_hours(text)
    except ValueError:
        raise _refused(
            Text(
                "{setting}={text}：读不懂，例如 8:30-12:00,13:00-16:30。",
                "{setting}={text}: not understood; for example 8:30-12:00,13:00-16:30.",
                setting=_HOURS,
                text=text,
            )
        ) from None


def _refused(text: Text) -> SystemExit:
    from xiangyun.faces.cli.telling import told  # noqa: PLC0415 - loaded when it is needed

    return SystemExit(told(text))
