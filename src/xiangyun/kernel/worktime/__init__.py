"""Working days and the clocks of cases: how long an office still has, and why.

`Calendar` counts working days, `Clock` counts a case's time against its limit and explains itself.
"""

from xiangyun.kernel.worktime.calendar import Calendar, NotCovered, is_weekday
from xiangyun.kernel.worktime.clock import PAUSES, Clock, Extension, Light, Pause
from xiangyun.kernel.worktime.hours import Hours
from xiangyun.kernel.worktime.office import office_time, office_zone, set_office_zone
from xiangyun.kernel.worktime.schedule import Schedule, read_schedule
from xiangyun.kernel.worktime.words import Unit, count_words, day_words

__all__ = [
    "PAUSES",
    "Calendar",
    "Clock",
    "Extension",
    "Hours",
    "Light",
    "NotCovered",
    "Pause",
    "Schedule",
    "Unit",
    "count_words",
    "day_words",
    "is_weekday",
    "office_time",
    "office_zone",
    "read_schedule",
    "set_office_zone",
]
