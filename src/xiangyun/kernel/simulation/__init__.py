"""What a version of a service would do, before it is published: simulated, and replayed.

`plan_arrivals` draws the applications to come, `Office` handles them with a staff, `simulated`
measures it, `smallest_staff` searches, `queue_chart` draws.
"""

from xiangyun.kernel.pack.inmemory import Trace
from xiangyun.kernel.simulation.chart import queue_chart
from xiangyun.kernel.simulation.hours import Timetable
from xiangyun.kernel.simulation.office import APPLICANT, Office
from xiangyun.kernel.simulation.plan import Arrival, Uniform, plan_arrivals
from xiangyun.kernel.simulation.replay import (
    LookUp,
    Recorded,
    RecordedEvent,
    Replayed,
    Walked,
    recorded_answers,
    replay,
    walk,
)
from xiangyun.kernel.simulation.report import Report, RoleFigures, simulated
from xiangyun.kernel.simulation.staffing import Staffing, smallest_staff
from xiangyun.kernel.worktime import Hours

__all__ = [
    "APPLICANT",
    "Arrival",
    "Hours",
    "LookUp",
    "Office",
    "Recorded",
    "RecordedEvent",
    "Replayed",
    "Report",
    "RoleFigures",
    "Staffing",
    "Timetable",
    "Trace",
    "Uniform",
    "Walked",
    "plan_arrivals",
    "queue_chart",
    "recorded_answers",
    "replay",
    "simulated",
    "smallest_staff",
    "walk",
]
