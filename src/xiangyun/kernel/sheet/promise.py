"""Whether one promise is no longer than another whatever the calendar: holidays, exchanged days.

Working days are some of the natural days, and working hours some of the hours, so n natural days
are over no later than n working days, on every calendar; the other way round no more than one is
enough, since a holiday may be of any length. Natural days that end on a day off end on the next
working day (民法典 203), as n or more working days do too.
"""

from __future__ import annotations

_DAY = 24


def is_no_longer(number: int, unit: str, than: int, in_unit: str) -> bool:
    """Whether `number` of `unit` end no later than `than` of `in_unit`, begun at any moment.

    False also where some calendar, or some hours of an office, would make it longer.
    """
    if unit == in_unit:
        return number <= than
    if (unit, in_unit) == ("natural_day", "working_day"):
        # none and a day off: natural days move on to a working day, no working days do not
        return number <= than and than > 0
    if (unit, in_unit) == ("working_day", "natural_day"):
        # the first working day is also where one natural day, or more, ends at the earliest
        return number == 0 or (number == 1 and than >= 1)
    if (unit, in_unit) == ("hour", "working_hour"):
        return number <= than
    # The day on which it begins is not counted: so many whole days still lie ahead. Working hours
    # are not: a day has as many as its office says.
    return unit == "hour" and number <= than * _DAY
