"""Working days and the clocks of cases: how long an office still has, and why.

`Calendar` counts working days, `Clock` counts a case's time against its limit and explains itself.
"""

from xiangyun.kernel.worktime.calendar import WEEKDAYS, Calendar, NotCovered, is_weekday
from xiangyun.kernel.worktime.clock import PAUSES, Clock, Extension, Light, Pause
from xiangyun.kernel.worktime.hourclock import HourClock
from xiangyun.kernel.worktime.hours import Hours
from xiangyun.kernel.worktime.office import (
    day_of,
    moment_of,
    office_hours,
    office_time,
    office_zone,
    set_office_hours,
    set_office_zone,
)
from xiangyun.kernel.worktime.schedule import Schedule, read_schedule
from xiangyun.kernel.worktime.spans import WorkingSpan, read_working_span
from xiangyun.kernel.worktime.words import Unit, count_words, day_words

__all__ = [
    "PAUSES",
    "WEEKDAYS",
    "Calendar",
    "Clock",
    "Extension",
    "HourClock",
    "Hours",
    "Light",
    "NotCovered",
    "Pause",
    "Schedule",
    "Unit",
    "WorkingSpan",
    "count_words",
    "day_of",
    "day_words",
    "is_weekday",
    "moment_of",
    "office_hours",
    "office_time",
    "office_zone",
    "read_schedule",
    "read_working_span",
    "set_office_hours",
    "set_office_zone",
]
