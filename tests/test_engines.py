"""What docs/reference/engines.md says of other engines is what they answer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from xiangyun.kernel.bpmn import check_process
from xiangyun.kernel.bpmn.commands import CaseEnded, IncidentRaised
from xiangyun.kernel.bpmn.tests import drawn
from xiangyun.kernel.bpmn.tests.walking import Case
from xiangyun.kernel.dmn import check_model
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
PROCESSES, DECISIONS = rows("Processes"), rows("Decision files")
GATES = {"x": "exclusive", "i": "inclusive", "p": "parallel"}


def drawing(line: str, *, mark: str) -> str:
    """The drawing of a line of the page; `mark` stands before each condition."""
    paths = [path.partition(":") for path in line.split(";")]
    names = dict.fromkeys(name.strip() for path, _, _ in paths for name in path.split(">"))
    flows = [f"{path.strip()}: {mark}{cond.strip()}" if cond else path for path, _, cond in paths]
    return drawn.bpmn(*(_node(name) for name in names), drawn.flows(*flows))


def _node(name: str) -> str:
    bare = name.rstrip("0123456789")
    if bare in GATES:
        return drawn.gate(GATES[bare], name)
    if bare == "stop":
        return drawn.end(name, drawn.on("terminate"))
    return {"start": drawn.start, "end": drawn.end}.get(bare, drawn.user)(name)


def told(line: str, data: dict[str, object]) -> str:
    """What is done of a drawing here, and how it comes out."""
    drawn_here = drawing(line, mark="=")
    for finding in check_process(drawn_here):
        if finding.severity == "error":
            return f"refused {finding.id}"
    case, done = Case(drawn_here, **data), []
    while waiting := case.open():
        done.append(min(waiting))
        case.completes(done[-1])
    kinds = {type(command) for command in case.told}
    end = "ended" if CaseEnded in kinds else "incident" if IncidentRaised in kinds else "waits"
    return " ".join([*done, end])


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
    assert len(PROCESSES) > 15
    assert {len(row) for row in PROCESSES} == {5}
    assert {len(row) for row in DECISIONS} == {3}


@pytest.mark.parametrize("row", EXPRESSIONS, ids=lambda row: row[1])
def test_an_expression_comes_to_what_the_page_says(row: list[str]) -> None:
    value = parse_expression(row[1], CONTEXT).evaluate(CONTEXT)
    assert text_of(value, inside=True) == row[2]


@pytest.mark.parametrize("row", CELLS, ids=lambda row: row[0])
def test_a_cell_matches_as_the_page_says(row: list[str]) -> None:
    found = parse_unary_tests(row[0]).matches(from_json(json.loads(row[1])), {})
    assert str(found).lower() == row[2]


@pytest.mark.parametrize("row", PROCESSES, ids=lambda row: row[0])
def test_a_drawing_comes_out_as_the_page_says(row: list[str]) -> None:
    assert told(row[1], json.loads(row[2])) == row[3]


MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" id="m"
 namespace="n"{language}><decision id="d" name="fee"><decisionTable hitPolicy="UNIQUE"><input>
 <inputExpression{type}><text>{asked}</text></inputExpression></input><output/><rule><inputEntry>
 <text>{cell}</text></inputEntry><outputEntry><text>{out}</text></outputEntry></rule>
 </decisionTable></decision></definitions>"""
PLAIN = {"language": "", "type": "", "asked": "area", "cell": "&gt; 5", "out": "1"}
OTHERWISE: tuple[dict[str, str], ...] = (
    {},
    {"type": ' typeRef="integer"'},
    {"language": ' expressionLanguage="javascript"', "cell": "x &gt; 5 &amp;&amp; y"},
    {"asked": ""},
    {"out": "approved"},
)


@pytest.mark.parametrize(
    ("row", "otherwise"),
    list(zip(DECISIONS, OTHERWISE, strict=True)),
    ids=lambda each: str(each)[:30],
)
def test_a_decision_file_is_told_as_the_page_says(
    row: list[str], otherwise: dict[str, str]
) -> None:
    text = MODEL.format(**PLAIN | otherwise)
    alone = {found.id for found in check_model(text, "rules.dmn", implicit_inputs=True)}
    in_a_pack = {found.id for found in check_model(text, "rules.dmn")}
    first, *second = re.findall(r"[a-z]+\.[EW]\d+", row[1])
    assert first in alone
    assert set(second) <= in_a_pack


@needs_feelin
def test_feelin_answers_what_the_page_says() -> None:
    script = ROOT / "bench" / "engines" / "feelin.mjs"
    found = answers(["node", str(script), str(FEELIN)], [row[1] for row in EXPRESSIONS])
    assert found == [row[3] for row in EXPRESSIONS]


@needs_spiff
def test_spiffworkflow_answers_what_the_page_says() -> None:
    script = [str(SPIFF), str(ROOT / "bench" / "engines" / "spiff.py")]
    assert answers(script, [row[1] for row in EXPRESSIONS]) == [row[4] for row in EXPRESSIONS]
    drawings = [[drawing(row[1], mark=""), json.loads(row[2])] for row in PROCESSES]
    whole = [str(SPIFF), str(ROOT / "bench" / "engines" / "spiff_process.py")]
    assert answers(whole, drawings) == [row[4] for row in PROCESSES]
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
