"""What a simulated run means: waiting, work, queues, and the share of cases in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.casetime import CaseTime
from xiangyun.kernel.worktime import Clock

from .filed import Filed, Task
from .hours import Timetable
from .office import Office, Worked
from .plan import Arrival


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """One role. Waiting is counted in minutes of open office; queues over the days of arrivals.

    `utilisation`: the share of their hours that the officials work. `load`: how many officials
    all the work that comes would keep busy. `late_waiting`: minutes that cases waited here that
    then were late, by which a shortage is found.
    """

    role: str
    staff: int
    tasks: int
    work: float
    load: float
    mean_wait: float
    p95_wait: float
    utilisation: float
    mean_queue: float
    longest_queue: int
    late_waiting: float
    queue: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True)
class StageFigures:
    """A stage with a clock: how many cases began it, and the share of them within its time."""

    stage: str
    cases: int
    in_time: float


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """Those who came into a lane: minutes of open office in which one waited and was not served,
    and the share of them within the promised time."""

    lane: str
    arrived: int
    mean_wait: float
    p95_wait: float
    promised: float


@dataclass(frozen=True, slots=True)
class Report:
    """A run in figures. Shares are of all cases that came; one that never ends is late.

    No case is granted an extension: a promise is kept without any.
    `stuck` names examples whose cases could not go on, with the reason.
    """

    first: datetime
    last: datetime
    """The end of the last day on which applications came."""
    arrived: int
    finished: int
    outcomes: Mapping[str, int]
    stuck: Mapping[str, Text]
    promised: float
    statutory: float
    stages: tuple[StageFigures, ...]
    roles: tuple[RoleFigures, ...]
    lanes: tuple[LaneFigures, ...] = ()
    """By precedence; empty where nobody came into a lane."""

    def role(self, name: str) -> RoleFigures:
        """The figures of one role. Raises KeyError."""
        for figures in self.roles:
            if figures.role == name:
                return figures
        raise KeyError(name)


def simulated(
    office: Office,
    arrivals: Sequence[Arrival],
    staff: Mapping[str, int],
    *,
    days: int,
    progress: Callable[[int], None] = lambda ended: None,
) -> Report:
    """Run the office once and measure it; `days` are the working days on which cases come."""
    return measured(office, office.work(arrivals, staff, progress), staff, days)


def measured(office: Office, worked: Worked, staff: Mapping[str, int], days: int) -> Report:
    """The figures of one run."""
    service, timetable = office.pack.service, office.timetable
    window = timetable.hours.minutes * days
    outcomes = Counter(f.running.outcome for f in worked.filed if f.running.outcome)
    calendar = timetable.calendar
    late = {
        id(f)
        for f in worked.filed
        if not _in_time(f, lambda time: time.promised_clock(service, calendar))
    }
    total = max(len(worked.filed), 1)
    statutory = sum(
        _in_time(f, lambda time: time.statutory_clock(service, calendar)) for f in worked.filed
    )
    roles = dict.fromkeys([*staff, *worked.queues])
    return Report(
        first=timetable.moment(0),
        last=timetable.moment(window),
        arrived=len(worked.filed),
        finished=sum(outcomes.values()),
        outcomes=dict(outcomes.most_common()),
        stuck={
            f.arrival.situation.example.key: f.running.stuck
            for f in worked.filed
            if f.running.stuck
        },
        promised=1 - len(late) / total,
        statutory=statutory / total,
        stages=_stages(worked, office),
        roles=tuple(
            _role(role, staff.get(role, 0), worked, late, timetable, window) for role in roles
        ),
        lanes=tuple(_lanes(worked, late, timetable)),
    )


def _in_time(filed: Filed, pick: Callable[[CaseTime], Clock]) -> bool:
    """Whether a clock of a case stopped (or the case ended) within its limit."""
    if filed.ended is None or filed.running.stuck:
        return False
    clock = pick(filed.timing.time)
    return clock.left(clock.stopped or filed.ended) >= 0


def _stages(worked: Worked, office: Office) -> tuple[StageFigures, ...]:
    """The stages with a clock, in the order of the service."""
    service, calendar = office.pack.service, office.timetable.calendar
    found = []
    for limit in service.stage_limits:
        clocks = [
            (filed, clock)
            for filed in worked.filed
            if (clock := filed.timing.time.stage_clock(limit.stage, service, calendar)) is not None
        ]
        good = sum(
            clock.left(clock.stopped or filed.ended) >= 0
            for filed, clock in clocks
            if filed.ended is not None and not filed.running.stuck
        )
        found.append(StageFigures(limit.stage, len(clocks), good / max(len(clocks), 1)))
    return tuple(found)


def _lanes(worked: Worked, late: set[int], timetable: Timetable) -> Iterator[LaneFigures]:
    tasks: dict[int, list[Task]] = {}
    for task in worked.tasks:
        tasks.setdefault(id(task.filed), []).append(task)
    by_lane: dict[tuple[int, str], list[Filed]] = {}
    for each in worked.filed:
        if each.arrival.lane:
            by_lane.setdefault((each.arrival.rank, each.arrival.lane), []).append(each)
    for (_, lane), all_ in sorted(by_lane.items()):
        waits = sorted(_unserved(tasks.get(id(each), []), timetable) for each in all_)
        yield LaneFigures(
            lane,
            len(all_),
            sum(waits) / len(waits),
            waits[(len(waits) * 95 - 1) // 100],
            1 - sum(id(each) in late for each in all_) / len(all_),
        )


def _unserved(tasks: Sequence[Task], timetable: Timetable) -> float:
    """Minutes in which something of a case waits and nobody works at it."""
    edges = list[tuple[float, int, int]]()
    for task in tasks:
        if task.taken is not None:
            begin, taken = timetable.minutes(task.at), timetable.minutes(task.taken)
            edges += [(begin, 1, 0), (taken, -1, 1)]
            if task.done is not None:
                edges.append((timetable.minutes(task.done), 0, -1))
    total, before, waiting, served = 0.0, 0.0, 0, 0
    for at, more, worked in sorted(edges):
        if waiting and not served:
            total += at - before
        before, waiting, served = at, waiting + more, served + worked
    return total


def _role(
    role: str, staff: int, worked: Worked, late: set[int], timetable: Timetable, window: float
) -> RoleFigures:
    queued = [task for task in worked.tasks if task.queue == role and task.taken is not None]
    waits = sorted(_waited(task, timetable) for task in queued)
    done = [task for task in worked.tasks if task.by == role]
    work = sum(_worked(task, timetable, window) for task in done)
    queue = worked.queues.get(role, ())
    return RoleFigures(
        role=role,
        staff=staff,
        tasks=len(done),
        work=work,
        load=sum(task.minutes for task in done) / window,
        mean_wait=sum(waits) / len(waits) if waits else 0.0,
        p95_wait=waits[(len(waits) * 95 - 1) // 100] if waits else 0.0,
        utilisation=work / (staff * window) if staff else 0.0,
        mean_queue=_mean_length(queue, timetable, window),
        longest_queue=max((length for _, length in queue), default=0),
        late_waiting=sum(_waited(task, timetable) for task in queued if id(task.filed) in late),
        queue=queue,
    )


def _waited(task: Task, timetable: Timetable) -> float:
    assert task.taken is not None
    return timetable.minutes(task.taken) - timetable.minutes(task.at)


def _worked(task: Task, timetable: Timetable, window: float) -> float:
    """Minutes worked at a task within the days of arrivals."""
    assert task.taken is not None
    begin = min(timetable.minutes(task.taken), window)
    end = window if task.done is None else min(timetable.minutes(task.done), window)
    return end - begin


def _mean_length(
    queue: Sequence[tuple[datetime, int]], timetable: Timetable, window: float
) -> float:
    """The mean number waiting while the office was open."""
    total, before, length = 0.0, 0.0, 0
    for at, now in queue:
        minutes = min(timetable.minutes(at), window)
        total += length * (minutes - before)
        before, length = minutes, now
    return (total + length * (window - before)) / window
