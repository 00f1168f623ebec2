"""Buckets that empty and fill."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.adapters import rates
from xiangyun.adapters.rates import Buckets, Rate

RATE = Rate(burst=3, per_minute=60)


def test_who_asks_too_often_is_told_how_long_to_wait_and_then_served() -> None:
    buckets = Buckets()
    assert [buckets.take("a", RATE, now=100) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", RATE, now=100) == 1
    assert buckets.take("a", RATE, now=100.75) == 0.25
    assert buckets.take("a", RATE, now=101) == 0


def test_another_is_not_hindered_by_who_asks_too_often() -> None:
    buckets = Buckets()
    for _ in range(5):
        buckets.take("a", RATE, now=100)
    assert buckets.take("b", RATE, now=100) == 0


def test_looking_takes_nothing_and_a_welcome_one_starts_afresh() -> None:
    buckets = Buckets()
    assert [buckets.take("a", RATE, cost=0, now=100) for _ in range(9)] == [0] * 9
    for _ in range(4):
        buckets.take("a", RATE)
    assert buckets.take("a", RATE) > 0
    buckets.give_back("a", RATE)
    assert buckets.take("a", RATE) == 0


def test_processes_of_one_server_take_from_one_bucket() -> None:
    buckets = Buckets()
    child = os.fork()
    if child == 0:
        for _ in range(3):
            buckets.take("a", RATE, now=100)
        os._exit(0)
    os.waitpid(child, 0)
    assert buckets.take("a", RATE, now=100) > 0


def test_more_keys_than_room_make_no_limit_narrower() -> None:
    buckets = Buckets(slots=8)
    assert not any(buckets.take(f"address {n}", RATE, now=100 + n / 1000) for n in range(500))


@given(st.lists(st.floats(0, 5), max_size=60))
def test_over_any_time_nobody_gets_more_than_burst_and_rate_allow(pauses: list[float]) -> None:
    buckets, now, served = Buckets(slots=64), 1000.0, 0
    for pause in pauses:
        now += pause
        served += buckets.take("a", RATE, now=now) == 0
    assert served <= RATE.burst + (now - 1000) * RATE.per_minute / 60 + 1e-6


def test_the_key_by_which_an_address_is_told_is_gone_with_its_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buckets, day = Buckets(), 20_000 * 86_400
    monkeypatch.setattr(rates, "time", lambda: day + 1)
    for _ in range(3):
        buckets.take("address 203.0.113.7", RATE, now=100)
    before = bytes(buckets._table)
    assert buckets.take("address 203.0.113.7", RATE, now=100) > 0
    monkeypatch.setattr(rates, "time", lambda: day + 86_400)
    assert buckets.take("another", RATE, now=100) == 0
    after, head = bytes(buckets._table), rates._HEAD.size
    assert before[8:head] not in after
    slots = {before[at : at + 8] for at in range(head, len(before), rates._SLOT.size)} - {bytes(8)}
    assert slots
    assert not any(tag in after for tag in slots)
