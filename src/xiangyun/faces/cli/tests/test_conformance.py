"""The score in the DMN Technology Compatibility Kit is held, case by case."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.conformance import conformance, run_dmn

ROOT = Path(__file__).parents[5]
KIT = Path(os.environ.get("XIANGYUN_SHARED", ROOT.parent / "shared")) / "dmn-tck"
# Tests of the kit that may fail, each with the reason. There is none.
ALLOWED: dict[str, str] = {}

needs_kit = pytest.mark.skipif(
    not KIT.is_dir(),
    reason=f"the DMN kit is not at {KIT}; set XIANGYUN_SHARED to the folder that holds dmn-tck",
)


@needs_kit
def test_every_case_of_the_kit_comes_out():
    report = run_dmn(KIT)
    assert report.total > 2900
    assert [str(each) for each in report.failures if each.test not in ALLOWED] == []


@needs_kit
def test_the_published_score_is_the_score():
    published = json.loads((ROOT / "docs/conformance/dmn.json").read_text())
    assert published == run_dmn(KIT).as_json()


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>fee.dmn</modelName>
 <testCase id="1"><inputNode name="age"><value xsi:type="xsd:decimal">64</value></inputNode>
 <resultNode name="fee" type="decision"><expected>
 <value xsi:type="xsd:decimal">{expected}</value></expected></resultNode></testCase></testCases>"""
FEE = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="fee">
<inputData id="a" name="age"><variable name="age" typeRef="number"/></inputData>
<decision id="f" name="fee"><variable name="fee" typeRef="number"/><informationRequirement>
<requiredInput href="#a"/></informationRequirement>
<literalExpression><text>if age >= 60 then 0 else 20</text></literalExpression></decision>
</definitions>"""


@pytest.mark.parametrize(("expected", "line"), [("0", "passed 1 of 1"), ("20", "passed 0 of 1")])
def test_a_wrong_result_is_counted_and_named(tmp_path, expected, line):
    (tmp_path / "fee.dmn").write_text(FEE)
    (tmp_path / "fee-test.xml").write_text(CASES.format(expected=expected))
    result = CliRunner().invoke(conformance, ["dmn", str(tmp_path)])
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == line
    assert ("expected 20, got 0" in result.output) is (expected == "20")


SERVICE = """<definitions name="s" namespace="n"
 xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/">
<decision id="a" name="fee"><variable name="fee"/>
<literalExpression><text>20</text></literalExpression></decision>
<decision id="b" name="days"><variable name="days"/>
<literalExpression><text>5</text></literalExpression></decision>
<decisionService id="s" name="both"><variable name="both"/>
<outputDecision href="#a"/><outputDecision href="#b"/></decisionService></definitions>"""
ASKED = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>s.dmn</modelName>
 <testCase id="1" invocableName="both" type="decisionService">
 <resultNode name="fee"><expected><value xsi:type="xsd:decimal">20</value></expected></resultNode>
 <resultNode name="days"><expected><value xsi:type="xsd:decimal">6</value></expected></resultNode>
 <resultNode name="both"><expected><component name="fee"><value xsi:type="xsd:decimal">20</value>
 </component><component name="days"><value xsi:type="xsd:decimal">5</value></component></expected>
 </resultNode></testCase></testCases>"""


def test_each_output_decision_of_a_service_is_asked_for_by_its_name(tmp_path):
    (tmp_path / "s.dmn").write_text(SERVICE)
    (tmp_path / "s-test.xml").write_text(ASKED)
    report = run_dmn(tmp_path)
    assert report.total == 3
    assert [(each.test.split("/")[-1], each.got) for each in report.failures] == [("days", "5")]
