"""`xiangyun simulate`, as it is typed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyun.faces.cli.simulate import simulate

PACK = Path(__file__).parents[5] / "packs" / "market" / "company-registration"
SMALL = ["--from", "2026-03-02", "--days", "3", "--arrivals", "12/day"]


def simulated(*arguments: str, pack: Path = PACK) -> Result:
    return CliRunner().invoke(simulate, [str(pack), *SMALL, *arguments])


def test_the_figures_and_the_smallest_staff_are_printed_for_people() -> None:
    done = simulated("--staff", "acceptor=2")
    assert done.exit_code == 0, done.output
    for words in ("公司设立登记", "承诺时限内", "法定时限内", "最少人手", "--staff acceptor="):
        assert words in done.stdout


def test_where_the_law_knows_extensions_it_is_said_that_none_is_counted(tmp_path: Path) -> None:
    said = "均未计延期  no case is granted an extension"
    assert said in simulated("--no-search").stdout
    without = Path(shutil.copytree(PACK, tmp_path / "pack"))
    item = without / "service.yaml"
    text = item.read_text("utf-8")
    begin = text.index("  extension:")
    end = text.index("\n", text.index("basis:", begin))
    end = text.index("\n", end + 1)  # and whether the basis was verified
    item.write_text(text[:begin] + text[end + 1 :], "utf-8")
    done = simulated("--no-search", pack=without)
    assert done.exit_code == 0, done.output
    assert "延期" not in done.stdout


def test_machines_get_the_same_figures_twice_for_one_seed() -> None:
    one, two = simulated("--json", "--seed", "5"), simulated("--json", "--seed", "5")
    assert one.stdout == two.stdout
    read = json.loads(one.stdout)
    assert read["service"] == "market/company-registration"
    assert read["run"]["arrived"] == read["run"]["finished"] > 10
    assert read["staffing"]["run"]["within_promised"] >= 0.99
    assert {role["role"] for role in read["run"]["roles"]} == {"acceptor", "reviewer", "approver"}


def test_the_mix_may_be_named_by_the_beginning_of_an_example() -> None:
    read = json.loads(simulated("--json", "--no-search", "--mix", "01=3", "--mix", "07=1").stdout)
    assert read["asked"]["mix"] == {"01-issued-same-day": 3, "07-withdrawn": 1}
    assert read["staffing"] is None
    assert set(read["run"]["outcomes"]) <= {"issued", "withdrawn"}


def test_the_chart_is_written(tmp_path: Path) -> None:
    done = simulated("--no-search", "--svg", str(tmp_path / "queues.svg"))
    assert done.exit_code == 0
    assert "</svg>" in (tmp_path / "queues.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--staff", "revewer=2"], "reviewer"),
        (["--staff", "reviewer=two"], "reviewer=2"),
        (["--staff", "reviewer=-1"], "below zero"),
        (["--arrivals", "many"], "40/day"),
        (["--from", "tomorrow"], "2026-03-02"),
        (["--hours", "9-5"], "8:30-12:00"),
        (["--mix", "99=1"], "01-issued-same-day"),
        (["--minutes", "revue=5"], "review"),
    ],
)
def test_a_slip_is_answered_with_what_would_be_right(arguments: list[str], said: str) -> None:
    done = simulated(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_pack_with_errors_is_not_simulated(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    (pack / "rules.dmn").unlink()
    done = simulated(pack=pack)
    assert done.exit_code == 1
    assert "rules.dmn" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--arrivals", "1e9/day"),
        ("--arrivals", "inf/day"),
        ("--arrivals", "nan"),
        ("--arrivals", "300/day", "--days", "500"),
        ("--staff", "acceptor=1000000000"),
        ("--minutes", "accept=1e300"),
        ("--mix", "01=inf"),
    ],
)
def test_absurd_figures_are_refused_before_anything_is_simulated(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def planned(*given: object, **more: object) -> None:
        raise AssertionError("applications were planned")

    monkeypatch.setattr("xiangyun.faces.cli.simulate.plan_arrivals", planned)
    monkeypatch.setattr("xiangyun.faces.cli.simulate.simulated", planned)
    done = simulated(*arguments)
    assert done.exit_code == 2, done.output
    assert "no such name" not in done.output


def test_arrivals_by_the_hour_come_from_a_file(tmp_path: Path) -> None:
    table = tmp_path / "arrivals.csv"
    table.write_text("time,lane,number\n08:00,,4\n13:00,,2\n", "utf-8")
    hours = ["--open", "daily", "--hours", "08:00-18:00", "--arrivals", str(table)]
    read = json.loads(simulated("--json", *hours).stdout)
    assert read["run"]["arrived"] == 18  # of three days, the lines of the table each day
    assert read["opening"]["closing"] == "18:00"
    table.write_text("time,lane,number\n8.5,,4\n", "utf-8")
    refused = simulated(*hours)
    assert refused.exit_code == 1
    assert "arrivals.csv:2" in refused.output
