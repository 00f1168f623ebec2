"""What docs/reference/engines.md says of other engines is what they answer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from xiangyun.kernel.feel import from_json, parse_expression, parse_unary_tests, text_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "engines.md"
BENCH = ROOT / "build" / "bench"
FEELIN = BENCH / "feelin"
SPIFF = BENCH / "bench-process" / "bin" / "python"
CONTEXT = from_json({"monthly income": 10, "tax": 1})

needs_feelin = pytest.mark.skipif(
    not (FEELIN / "node_modules" / "feelin").is_dir() or shutil.which("node") is None,
    reason="feelin or Node.js is not installed; `make test-engines` installs feelin",
)
needs_spiff = pytest.mark.skipif(
    not SPIFF.is_file(),
    reason="SpiffWorkflow is not installed; `make test-engines` installs it",
)


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without their backticks."""
    part = PAGE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in lines]


EXPRESSIONS, CELLS = rows("Expressions"), rows("Cells of a decision table")


def answers(command: list[str], asked: object) -> list[str]:
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=120
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_the_tables_are_read() -> None:
    assert len(EXPRESSIONS) > 25
    assert {len(row) for row in EXPRESSIONS} == {6}
    assert {len(row) for row in CELLS} == {4}


@pytest.mark.parametrize("row", EXPRESSIONS, ids=lambda row: row[1])
def test_an_expression_comes_to_what_the_page_says(row: list[str]) -> None:
    value = parse_expression(row[1], CONTEXT).evaluate(CONTEXT)
    assert text_of(value, inside=True) == row[2]


@pytest.mark.parametrize("row", CELLS, ids=lambda row: row[0])
def test_a_cell_matches_as_the_page_says(row: list[str]) -> None:
    found = parse_unary_tests(row[0]).matches(from_json(json.loads(row[1])), {})
    assert str(found).lower() == row[2]


@needs_feelin
def test_feelin_answers_what_the_page_says() -> None:
    script = ROOT / "bench" / "engines" / "feelin.mjs"
    found = answers(["node", str(script), str(FEELIN)], [row[1] for row in EXPRESSIONS])
    assert found == [row[3] for row in EXPRESSIONS]


@needs_spiff
def test_spiffworkflow_answers_what_the_page_says() -> None:
    script = [str(SPIFF), str(ROOT / "bench" / "engines" / "spiff.py")]
    assert answers(script, [row[1] for row in EXPRESSIONS]) == [row[4] for row in EXPRESSIONS]
    cells = [[row[0], json.loads(row[1])] for row in CELLS]
    assert answers(script, cells) == [row[3] for row in CELLS]


def test_the_versions_of_the_page_are_those_that_are_installed() -> None:
    page = PAGE.read_text("utf-8")
    feelin = json.loads((ROOT / "requirements" / "feelin" / "package.json").read_text("utf-8"))
    assert f"| {feelin['dependencies']['feelin']} |" in page
    pinned = (ROOT / "requirements" / "bench-process.lock").read_text("utf-8").lower()
    spiff = re.search(r"(?m)^spiffworkflow==(\S+)", pinned)
    assert spiff is not None
    assert f"| {spiff[1]} |" in page
