"""The applications that will come: when, of which kind, and with what luck.

All chance is drawn here, before anything is simulated: the same applications then meet every
staff that is tried, so a difference between two staffs comes from the staff alone.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from math import exp, log
from statistics import NormalDist
from typing import Protocol

from xiangyun.kernel.bpmn import Element
from xiangyun.kernel.feel import Value
from xiangyun.kernel.formspec import from_json
from xiangyun.kernel.pack import Example, Pack, starting_variables
from xiangyun.kernel.pack.differences import with_files
from xiangyun.kernel.pack.heldregisters import NONE_DECLARED
from xiangyun.kernel.pack.rehearsal import opened
from xiangyun.kernel.pack.taskforms import read_task
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.signing import seen_by_feel

from .hours import Timetable

MINUTES = 20.0
"""How long a task of an official usually takes when the drawing does not say (`minutes`)."""
APPLICANT_MINUTES = 24 * 60.0
"""How long an applicant usually takes to answer, by day and night."""
SPREAD = 0.5
"""Sigma of the lognormal: 95 of 100 tasks take less than 2.3 times the usual."""
_NORMAL = NormalDist()


class Uniform(Protocol):
    """A source of numbers from 0 up to but without 1, such as `random.Random(seed)`."""

    def random(self) -> float:
        """The next number."""


@dataclass(frozen=True, slots=True)
class Situation:
    """An example made ready to be filed many times."""

    example: Example
    variables: Mapping[str, Value]
    corrected: Mapping[int, Value]
    """The application after the act of this number, where the act changes answers."""
    answered: Mapping[int, Value] = field(default_factory=dict)
    """What the form of a task is answered with in the act of this number."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One application to come. `luck`: uniform numbers for the times its tasks take, in order.

    `lane`: whom it is served alike with; of those who wait, the lowest `rank` goes first.
    """

    number: int
    at: datetime
    situation: Situation
    luck: tuple[float, ...]
    lane: str = ""
    rank: int = 0


def plan_arrivals(
    pack: Pack,
    timetable: Timetable,
    *,
    per_day: float,
    days: int,
    mix: Mapping[str, float],
    source: Uniform,
    registers: Mapping[str, Register] = NONE_DECLARED,
) -> tuple[Arrival, ...]:
    """Applications of some working days: a Poisson stream in office hours, of the given mix.

    `registers`: the declared ones, which say what is known of an applicant. `mix` gives examples
    (by key) their weights. Raises KeyError for an example that is not there and ValueError for a
    stream or a mix of nothing.
    """
    situations, total = situations_of(pack, mix, registers), sum(mix.values())
    if per_day <= 0 or days <= 0 or total <= 0:
        raise ValueError("nobody would come")
    gap = timetable.hours.minutes / per_day
    end = timetable.hours.minutes * days
    arrivals: list[Arrival] = []
    minutes = -gap * log(1 - source.random())
    while minutes < end:
        which = pick(mix, source)
        luck = luck_of(pack, source)
        at = timetable.moment(minutes)
        arrivals.append(Arrival(len(arrivals) + 1, at, situations[which], luck))
        minutes -= gap * log(1 - source.random())
    return tuple(arrivals)


def situations_of(
    pack: Pack, keys: Iterable[str], registers: Mapping[str, Register] = NONE_DECLARED
) -> dict[str, Situation]:
    """The examples of these keys made ready. Raises KeyError for one that is not there."""
    found = {example.key: example for example in pack.examples}
    return {key: situation_of(pack, found[key], registers) for key in keys}


def pick(weights: Mapping[str, float], source: Uniform) -> str:
    """One of them by chance and weight."""
    bounds = list(accumulate(weights.values()))
    return list(weights)[bisect(bounds, source.random() * bounds[-1])]


def luck_of(pack: Pack, source: Uniform) -> tuple[float, ...]:
    """As many numbers as a case has tasks, and more where some come again."""
    count = 2 * sum(element.kind == "userTask" for element in pack.elements.values()) + 1
    return tuple(source.random() for _ in range(count))


def _signature(example: Example) -> Value:
    return (
        seen_by_feel(example.filed_by, example.signature, example.filed_at)
        if example.signature
        else None
    )


def situation_of(
    pack: Pack, example: Example, registers: Mapping[str, Register] = NONE_DECLARED
) -> Situation:
    """The example's answers as FEEL values. They stand as on its own day, whenever it is filed."""
    day, place = example.filed_at.date(), example.division
    variables = starting_variables(
        pack,
        _application(pack, example.answers, day),
        division={"code": place.code, "name": place.name, "path": list(place.path)},
        filed_on=day,
        filed_at_desk=example.filed_at_desk,
        filed_by=example.filed_by,
        signature=_signature(example),
        opening=opened(example),
        registers=registers,
    )
    answers, corrected, answered = dict(example.answers), {}, {}
    for number, act in enumerate(example.acts):
        if (form := pack.task_form(act.name)) is not None:
            answered[number] = read_task(form, with_files(form, act.answers), day).answers
        elif act.kind == "task" and act.answers:
            answers.update(act.answers)
            corrected[number] = _application(pack, answers, day)
    return Situation(example, variables, corrected, answered)


def _application(pack: Pack, answers: Mapping[str, object], day: date) -> dict[str, Value]:
    reading = from_json(pack.form, with_files(pack.form, answers), on=day)
    empty: dict[str, Value] = {question.key: None for question in pack.form.questions}
    return {**empty, **reading.answers}


def usual_minutes(element: Element, given: Mapping[str, float], otherwise: float) -> float:
    """How long the work at an element usually takes: given, or its property `minutes`."""
    if element.id in given:
        return given[element.id]
    try:
        return float(element.properties["minutes"])
    except (KeyError, ValueError):
        return otherwise


def lognormal(usual: float, uniform: float) -> float:
    """A time whose median is `usual`, for a uniform number."""
    inside = min(max(uniform, 1e-9), 1 - 1e-9)
    return usual * exp(SPREAD * _NORMAL.inv_cdf(inside))
