"""Full collections of garbage wait until no page is being made."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from xiangyun.adapters.collecting import Collector, between_pages


class Circle:
    """Something that only a collection frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.fixture
def full() -> Iterator[list[int]]:
    """The full collections that were begun."""
    begun: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "start" and about["generation"] == 2:
            begun.append(1)

    gc.callbacks.append(note)
    yield begun
    gc.callbacks.remove(note)


def littered(turns: int = 12) -> None:
    """So many middle collections, as pages cause them."""
    for _ in range(turns):
        gc.collect(1)


def test_the_interpreter_begins_no_full_collection_once_it_is_taken_over(full: list[int]) -> None:
    Collector().take_over()
    kept = [Circle() for _ in range(200_000)]
    assert kept
    assert not full


def test_what_is_due_is_collected_between_pages_and_not_within_one(full: list[int]) -> None:
    collector = Collector()
    collector.take_over()
    littered()
    with collector.page():
        assert not collector.sweep()
    assert collector.sweep()
    assert full == [1]
    assert not collector.sweep(), "nothing came since"


def test_pages_without_an_end_put_it_off_for_their_patience_and_no_longer() -> None:
    now = [0.0]
    collector = Collector(patience=60, clock=lambda: now[0])
    collector.take_over()
    littered()
    with collector.page():
        now[0] = 59.0
        assert not collector.sweep()
        now[0] = 61.0
        assert collector.sweep()


def test_long_collections_come_seldom() -> None:
    steps = iter([0.0, 1.0, 1.0, 3.0, 20.0, 44.0, 44.0, 46.0])
    collector = Collector(clock=lambda: next(steps))
    collector.take_over()
    littered()
    assert collector.sweep(), "it took two seconds"
    littered()
    assert not collector.sweep(), "seventeen seconds after it"
    assert collector.sweep(), "forty-one seconds after it"


def test_a_page_that_fails_is_a_page_that_ended() -> None:
    def fails(environ: object, start: object) -> list[bytes]:
        raise ValueError(environ)

    application = between_pages(fails, every=3600)
    with pytest.raises(ValueError, match=r"\{\}"):
        application({}, None)
    collector = Collector()
    with pytest.raises(ValueError, match="seen"), collector.page():
        raise ValueError("seen")
    littered()
    assert collector.sweep()
