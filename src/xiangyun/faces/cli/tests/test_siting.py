"""`xiangyun siting`: published optima are reached, and what is wrong is said with its line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.siting import siting

_SHARED = Path(os.environ.get("XIANGYUN_SHARED", Path(__file__).parents[6] / "shared"))
SUITE = _SHARED / "suites" / "p-median-orlib"
OPTIMA = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255)
OPTIMA += (7696, 6634, 4374, 2968, 1729, 8162, 6999, 4809, 2845, 1789)
"""Of pmed1 to pmed20, as the suite's own page gives them."""


_THERE = [n for n in range(1, len(OPTIMA) + 1) if (SUITE / f"pmed{n}.txt").is_file()]


@pytest.mark.skipif(not _THERE, reason="the suite p-median-orlib does not lie beside the checkout")
@pytest.mark.parametrize("number", _THERE)
def test_the_published_optimum_is_reached_and_proven(number: int) -> None:
    path = SUITE / f"pmed{number}.txt"
    ran = CliRunner().invoke(siting, ["--orlib", str(path)])
    assert (ran.exit_code, ran.output) == (0, f"objective {OPTIMA[number - 1]}, gap 0\n")


def test_a_choice_is_told_to_machines(tmp_path: Path) -> None:
    given = tmp_path / "three.txt"
    given.write_text("3 2 1\n1 2 7\n2 3 5\n")
    ran = CliRunner().invoke(siting, ["--orlib", "--json", str(given)])
    assert json.loads(ran.output) == {"objective": 12, "bound": 12, "gap": 0.0, "chosen": [2]}


def test_a_file_of_another_kind_is_refused_with_its_line(tmp_path: Path) -> None:
    given = tmp_path / "words.txt"
    given.write_text("3 1 1\n1 2 x\n")
    ran = CliRunner().invoke(siting, ["--orlib", str(given)])
    assert ran.exit_code == 1
    assert "siting.E001 words.txt:2" in ran.output
