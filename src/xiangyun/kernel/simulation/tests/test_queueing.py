"""Lanes before desks: small days by hand, long ones by the closed formulas."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import factorial, inf, log
from statistics import fmean

import pytest

from xiangyun.kernel.simulation.queueing import Arrival, Desks, Served, serve, smallest


def waits(arrivals: list[Arrival], desks: Desks) -> list[float]:
    pairs = zip(arrivals, serve(arrivals, desks), strict=True)
    return [served.began - arrival.at for arrival, served in pairs]


def test_one_desk_serves_in_the_order_of_arrival() -> None:
    arrivals = [Arrival(0, 0, 10), Arrival(1, 0, 10), Arrival(30, 0, 5)]
    assert serve(arrivals, Desks.always(1)) == [Served(0, 10), Served(10, 20), Served(30, 35)]


def test_whoever_has_precedence_goes_first_and_nobody_is_interrupted() -> None:
    arrivals = [Arrival(0, 1, 10), Arrival(1, 1, 10), Arrival(2, 0, 10)]
    assert waits(arrivals, Desks.always(1)) == [0, 19, 8]


def test_before_the_opening_everybody_waits_and_whoever_began_is_served_to_the_end() -> None:
    arrivals = [Arrival(0, 0, 10), Arrival(65, 0, 10), Arrival(69, 0, 10)]
    found = serve(arrivals, Desks((60, 70), (1, 0)))
    assert found == [Served(60, 70), Served(inf, inf), Served(inf, inf)]
    later = serve(arrivals, Desks((60, 70, 1000), (2, 0, 1)))
    assert later == [Served(60, 70), Served(65, 75), Served(1000, 1010)]


def test_a_desk_that_closes_takes_no_next_one() -> None:
    arrivals = [Arrival(0, 0, 30), Arrival(0, 0, 30), Arrival(1, 0, 30)]
    found = serve(arrivals, Desks((0, 10), (2, 1)))
    assert [each.began for each in found] == [0, 0, 30]


@pytest.mark.parametrize(("rate", "desks"), [(0.8, 1), (2.4, 3), (7.0, 8)])
def test_waiting_is_that_of_erlang(rate: float, desks: int) -> None:
    source = numbers(7)
    arrivals = drawn(source, [rate], 60_000)
    expected = erlang(rate, desks) / (desks - rate)
    assert fmean(waits(arrivals, Desks.always(desks))[5000:]) == pytest.approx(expected, rel=0.15)


def test_waiting_by_rank_is_that_of_cobham() -> None:
    rates = [0.3, 0.5]
    arrivals = drawn(numbers(11), rates, 120_000)
    found = waits(arrivals, Desks.always(1))
    left = sum(rates)  # the mean of what is left of a service in exponential times
    bounds = [1.0, 1 - rates[0], 1 - rates[0] - rates[1]]
    for rank in (0, 1):
        mine = [wait for a, wait in zip(arrivals, found, strict=True) if a.rank == rank]
        assert fmean(mine) == pytest.approx(left / (bounds[rank] * bounds[rank + 1]), rel=0.15)


def test_waiting_by_rank_before_several_desks_is_that_of_cobham() -> None:
    rates, desks = [0.8, 1.0, 0.9], 4
    arrivals = drawn(numbers(13), rates, 160_000)
    found = waits(arrivals, Desks.always(desks))
    first = erlang(sum(rates), desks) / desks  # the mean wait of one who finds no queue
    bounds = [1 - load / desks for load in accumulate(rates, initial=0.0)]
    for rank in range(3):
        mine = [wait for a, wait in zip(arrivals, found, strict=True) if a.rank == rank]
        assert fmean(mine) == pytest.approx(first / (bounds[rank] * bounds[rank + 1]), rel=0.1)


def erlang(load: float, desks: int) -> float:
    """The chance to wait at all (Erlang C), for a load in desks."""
    tail = load**desks / factorial(desks) / (1 - load / desks)
    return tail / (sum(load**k / factorial(k) for k in range(desks)) + tail)


def test_the_fewest_desks_that_keep_the_promise_are_found() -> None:
    arrivals = [Arrival(minute, 0, 10) for minute in range(200)]
    assert smallest(arrivals, Desks.always(1), within=0, share=1.0, most=20) == 9
    assert smallest(arrivals, Desks.always(1), within=0, share=1.0, most=3) is None


def numbers(seed: int) -> Iterator[float]:
    """Numbers from above 0 to 1 that look drawn (Park, Miller 1988)."""
    while True:
        seed = seed * 48_271 % (2**31 - 1)
        yield seed / (2**31 - 1)


def drawn(source: Iterator[float], rates: list[float], count: int) -> list[Arrival]:
    """Arrivals of several lanes at these rates a minute, served a minute in the mean."""
    found, at, bounds = [], 0.0, list(accumulate(rates))
    for _ in range(count):
        at -= log(next(source)) / bounds[-1]
        chosen = next(source) * bounds[-1]
        rank = next(n for n, bound in enumerate(bounds) if chosen <= bound)
        found.append(Arrival(at, rank, -log(next(source))))
    return found
