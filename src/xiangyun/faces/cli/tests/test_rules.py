"""Deciding and calculating at the command line."""

import json

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.feel import feel
from xiangyun.faces.cli.rules import decide

LEAVE = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">
<inputData id="i" name="hired"><variable name="hired" typeRef="date"/></inputData>
<decision id="d" name="days"><variable name="days" typeRef="number"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<decisionTable hitPolicy="UNIQUE">
<input><inputExpression typeRef="date"><text>hired</text></inputExpression></input>
<output/><annotation name="basis"/>
<rule><inputEntry><text>&lt; date("2014-01-01")</text></inputEntry>
<outputEntry><text>7.5</text></outputEntry>
<annotationEntry><text>第二条(虚构)</text></annotationEntry></rule>
</decisionTable></decision></definitions>"""


def run(command, *arguments, text=None):
    return CliRunner().invoke(command, list(arguments), input=text)


def test_a_decision_is_printed_with_its_row_and_basis(tmp_path):
    file = tmp_path / "leave.dmn"
    file.write_text(LEAVE)
    result = run(decide, str(file), "--input", "-", "--trace", text='{"hired": "2010-05-01"}')
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "7.5"
    assert "basis: 第二条(虚构)" in result.output


def test_as_json_everything_is_there(tmp_path):
    file = tmp_path / "leave.dmn"
    file.write_text(LEAVE)
    result = run(decide, str(file), "--input", "-", "--json", text='{"hired": "2010-05-01"}')
    told = json.loads(result.output)
    assert told["value"] == 7.5
    assert told["trace"][0]["fired"][0]["annotations"] == {"basis": "第二条(虚构)"}


def test_a_broken_file_is_refused_with_every_fault(tmp_path):
    file = tmp_path / "leave.dmn"
    file.write_text(LEAVE.replace("7.5", "7 +").replace("#i", "#x"))
    result = run(decide, str(file))
    assert result.exit_code == 1
    assert "feel.E001" in result.output
    assert "dmn.E005" in result.output


def test_an_expression_is_evaluated_over_a_context(tmp_path):
    context = tmp_path / "context.json"
    context.write_text('{"月收入": 3200.5}')
    result = run(feel, "月收入 * 12", "--context", str(context))
    assert result.output == "38406\n"


def test_a_misspelt_name_is_guessed(tmp_path):
    context = tmp_path / "context.json"
    context.write_text('{"income": 1}')
    result = run(feel, "incme + 1", "--context", str(context))
    assert "Did you mean “income”?" in result.output


def test_the_prompt_goes_on_after_a_fault(monkeypatch, tmp_path):
    monkeypatch.setattr("xiangyun.faces.cli.feel._HISTORY", tmp_path / "history")
    result = run(feel, text="1 +\n1 + 1\n:q\n")
    assert "feel> 2" in result.output.splitlines()
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["-1 + 2"], "1"),
        (["-(3)"], "-3"),
        (["--1"], "1"),
        (["-height", "--context", "CONTEXT"], "-3"),
        (["--context", "CONTEXT", "-height * 2"], "-6"),
        (["--context=CONTEXT", "--", "-height"], "-3"),
        (["--", "-h"], "null"),
    ],
)
def test_an_expression_may_begin_with_a_minus(tmp_path, arguments, answer):
    context = tmp_path / "context.json"
    context.write_text('{"height": 3}')
    result = run(feel, *(each.replace("CONTEXT", str(context)) for each in arguments))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == answer


def test_help_is_still_help():
    assert "EXPRESSION" in run(feel, "--help").output


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"{",
        b"[1]",
        b'{"a": NaN}',
        b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"a": 1e99999999999999999999}',
    ],
)
def test_a_file_that_is_no_json_is_told_in_a_line_a_language(tmp_path, content):
    context = tmp_path / "context.json"
    context.write_bytes(content)
    result = run(feel, "a", "--context", str(context))
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 2
    assert "context.json" in result.output


@pytest.mark.parametrize(
    "content", ['{"a": "\\ud800"}', '{"a": ' + "9" * 5000 + "}", '{"a": 1e999999}']
)
def test_strange_values_are_printed_somehow(tmp_path, content):
    context = tmp_path / "context.json"
    context.write_text(content)
    for expression in ("a", "[a]", "a = 1", "string(a)", 'matches(a, "a")', "a + a"):
        result = run(feel, expression, "--context", str(context))
        assert result.exit_code == 0, result.output
