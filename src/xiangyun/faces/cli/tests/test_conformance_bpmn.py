from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from xiangyun.faces.cli.conformance_bpmn import bpmn, report
from xiangyun.kernel.bpmn import check_process, draw, read_document, write_document
from xiangyun.kernel.bpmn.markup import BPMN

SHARED = Path(os.environ.get("XIANGYUN_SHARED", Path(__file__).parents[6] / "shared"))
MODELS = sorted((SHARED / "bpmn-miwg").glob("*.bpmn"))
every_model = pytest.mark.parametrize(
    "path",
    MODELS
    or [
        pytest.param(
            None,
            marks=pytest.mark.skip(
                reason="the folder shared/bpmn-miwg is absent (XIANGYUN_SHARED names another place)"
            ),
        )
    ],
    ids=lambda path: path.stem if path else "absent",
)

OTHER = "http://example.org/other"
TASK = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:other="http://example.org/other" id="d" targetNamespace="t">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:extensionElements><other:thing kept="yes"/>
    </bpmn:extensionElements></bpmn:startEvent>
    <bpmn:complexGateway id="t" name="看看"/>
    <bpmn:endEvent id="e"/>
    <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
    <bpmn:sequenceFlow id="f2" sourceRef="t" targetRef="e"/>
  </bpmn:process>
</bpmn:definitions>
"""


def test_a_model_that_cannot_run_is_still_understood_and_kept_whole(tmp_path: Path):
    (tmp_path / "a.bpmn").write_text(TASK, encoding="utf-8")
    result = CliRunner().invoke(bpmn, [str(tmp_path), "--json"])
    assert result.exit_code == 0, result.output
    (told,) = json.loads(result.output)
    assert told["passed"]
    assert not told["runs"]
    assert told["understood"] == {
        "complexGateway": 1,
        "endEvent": 1,
        "sequenceFlow": 2,
        "startEvent": 1,
    }


def test_two_prefixes_for_one_namespace_and_a_relative_address_come_back_as_they_were():
    text = (
        TASK.replace("<bpmn:definitions ", f'<bpmn:definitions xmlns:b2="{BPMN}" xmlns:rel="a/b" ')
        .replace('<bpmn:endEvent id="e"/>', '<b2:endEvent id="e" rel:x="1&#10;2"/>')
        .replace(
            "<other:thing ", f'<other:thing xmlns="urn:x" xmlns:o="{OTHER}" o:a="1" other:b="2" '
        )
        .replace(
            'kept="yes"/>', 'kept="yes"><in xmlns=""><!-- ~ --><?go on?>&amp;</in></other:thing>'
        )
    )
    whole = report(text.encode(), "a.bpmn")
    assert whole.passed, whole
    written = write_document(read_document(text, "a.bpmn"))
    assert "<b2:endEvent" in written
    assert 'o:a="1" other:b="2"' in written


def test_a_file_that_is_no_model_fails_and_says_where(tmp_path: Path):
    (tmp_path / "a.bpmn").write_text("<nothing", encoding="utf-8")
    result = CliRunner().invoke(bpmn, [str(tmp_path)])
    assert result.exit_code == 1
    assert "a.bpmn" in result.output
    assert "bpmn.E001" in result.output


def test_an_empty_folder_proves_nothing(tmp_path: Path):
    assert CliRunner().invoke(bpmn, [str(tmp_path)]).exit_code == 1


@every_model
def test_a_model_of_another_tool_is_understood_whole_and_comes_back_whole(path: Path):
    told = report(path.read_bytes(), path.name)
    assert told.understood == told.held
    assert sum((told.held or {}).values()) > 10
    assert told.canonical_equal
    assert told.model_equal


@every_model
def test_a_model_of_another_tool_can_be_drawn_also_when_it_cannot_run(path: Path):
    for process in read_document(path.read_bytes(), path.name).processes:
        svg = etree.fromstring(draw(process))
        drawn = {each.get("data-element") for each in svg.iter()} - {None}
        assert drawn >= {shape.of for shape in process.diagram.shapes} & process.elements.keys()


@every_model
def test_what_cannot_run_is_refused_by_name_and_line(path: Path):
    lines = path.read_bytes().count(b"\n") + 1
    findings = check_process(path.read_bytes(), path.name)
    assert findings, "none of these models was made for this engine"
    for finding in findings:
        assert 1 <= finding.place.line <= lines
        assert finding.message.zh
        assert finding.message.en
