"""What begins and ends within one step of a case leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from uuid import UUID

import pytest

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.bpmn import Process, read_process
from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, gate, on, script, start, user
from xiangyun.kernel.pack import Pack

from . import waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
BOTH = [start(), gate("parallel", "both"), user("look", groups="reviewer")]


def of_process(monkeypatch: pytest.MonkeyPatch, *content: str) -> None:
    """From here on every case goes this way, whatever its service is."""
    process: Process = read_process(bpmn(*content))
    published = catalogue.pack

    @lru_cache
    def pack(version: UUID) -> Pack:
        return replace(published(version), process=process)

    monkeypatch.setattr(catalogue, "pack", pack)


def test_a_task_that_is_opened_and_ended_at_once_is_in_no_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting.publish()
    of_process(
        monkeypatch,
        *BOTH,
        gate("exclusive", "wanted", default="f_wanted_done_4"),
        end("stop", on("terminate"), outcome="lapsed"),
        end("done", outcome="issued"),
        flows(
            "start > both",
            "both > look > done",
            "both > wanted",
            'wanted > stop: =application.word = "停"',
            "wanted > done",
        ),
    )
    stopped, going_on = waiting.filed(word="停"), waiting.filed(word="走")
    assert (stopped.outcome, waiting.open_items(stopped)) == ("lapsed", [])
    assert (going_on.outcome, waiting.open_items(going_on)) == ("", ["look"])


def test_of_two_tasks_that_begin_with_a_step_the_one_that_stays_is_in_the_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting.publish()
    of_process(
        monkeypatch,
        *BOTH,
        user("decide", groups="reviewer"),
        script("note", "= 1", "noted"),
        end("done", outcome="issued"),
        flows("start > both", "both > look > done", "both > note > decide > done"),
    )
    assert waiting.open_items(waiting.filed()) == ["look", "decide"]
