"""The commands, as they are typed, on a service whose process calls others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyun.domain.cases.tests import calling
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.cases.tests.waiting import case_now
from xiangyun.faces.cli.check import check
from xiangyun.faces.cli.migrate import migrate
from xiangyun.faces.cli.replay import replay
from xiangyun.faces.cli.simulate import simulate


def typed(command, *arguments: str | Path) -> Result:  # type: ignore[no-untyped-def]
    return CliRunner(env={"COLUMNS": "200"}).invoke(command, [str(each) for each in arguments])


def test_a_service_that_calls_processes_may_be_published() -> None:
    done = typed(check, calling.PACK)
    assert done.exit_code == 0, done.output


def test_a_service_that_calls_processes_is_simulated_with_its_steps() -> None:
    few = ("--from", "2026-03-02", "--days", "2", "--arrivals", "5/day", "--no-search", "--json")
    done = typed(simulate, calling.PACK, *few, "--minutes", "inspect=30")
    assert done.exit_code == 0, done.output
    run = json.loads(done.stdout)["run"]
    assert run["arrived"] == run["finished"] > 2


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_a_past_case_with_called_processes_is_replayed_and_a_running_one_moved(
    tmp_path: Path,
) -> None:
    calling.publish()
    ended, running = calling.visited(), calling.visited("店")
    for action in ("doubt", "resubmit"):
        calling.do(ended, {"doubt": "inspect"}.get(action, "explain"), action)
    calling.answered(calling.report(ended))
    calling.with_opinions(ended)
    ended = calling.do(ended, "decide", "approve")
    assert case_now(ended.pk).ended_at is not None, MORNING

    folder = tmp_path / calling.CODE
    shutil.copytree(calling.PACK, folder)
    done = typed(replay, folder, "--old", "1")
    assert done.exit_code == 0, done.output
    assert "重放 1 件：0 件结果不同" in done.stdout

    number = calling.publish(("process.bpmn", 'name="决定"', 'name="作出决定"'))
    done = typed(migrate, running.number, "--to", str(number))
    assert done.exit_code == 0, done.output
    assert case_now(running.pk).version.number == number
