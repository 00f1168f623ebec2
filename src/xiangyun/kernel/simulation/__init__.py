"""What a version of a service would do, before it is published: simulated, and replayed.

`plan_arrivals` draws the applications to come, `Office` handles them with a staff, `simulated`
measures it, `smallest_staff` and `fewest_hours` search, `queue_chart` draws. `plan_by_hour` plans
arrivals by the hour and the lane.
"""

from xiangyun.kernel.pack.inmemory import Trace
from xiangyun.kernel.simulation.byhour import (
    Hourly,
    Lanes,
    expected,
    plan_by_hour,
    read_arrivals,
)
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
from xiangyun.kernel.simulation.report import LaneFigures, Report, RoleFigures, simulated
from xiangyun.kernel.simulation.staffing import Opening, Staffing, fewest_hours, smallest_staff
from xiangyun.kernel.worktime import Hours

__all__ = [
    "APPLICANT",
    "Arrival",
    "Hourly",
    "Hours",
    "LaneFigures",
    "Lanes",
    "LookUp",
    "Office",
    "Opening",
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
    "expected",
    "fewest_hours",
    "plan_arrivals",
    "plan_by_hour",
    "queue_chart",
    "read_arrivals",
    "recorded_answers",
    "replay",
    "simulated",
    "smallest_staff",
    "walk",
]
