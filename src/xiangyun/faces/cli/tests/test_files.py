"""Files of the world at the command line: checked one by one, rewritten, and bounded."""

import json

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli import folder
from xiangyun.faces.cli.check import check
from xiangyun.faces.cli.convert import convert
from xiangyun.kernel.bpmn.tests import foreign
from xiangyun.kernel.dmn.tests.test_foreign import written

FORM = '{"components": [{"type": "textfield", "key": "name", "label": "姓名"}]}'


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def mixed(tmp_path):
    below = tmp_path / "from" / "elsewhere"
    below.mkdir(parents=True)
    (below / "leave.bpmn").write_text(foreign.CAMUNDA_7, "utf-8")
    (below / "drawn.bpmn20.xml").write_text(foreign.SIGNAVIO, "utf-8")
    (below / "rules.dmn").write_text(written(), "utf-8")
    (below / "ask.form").write_text(FORM, "utf-8")
    (below / "asked.json").write_text(FORM, "utf-8")
    (below / "package.json").write_text('{"name": "x"}', "utf-8")
    (below / "readme.md").write_text("# x", "utf-8")
    return tmp_path


def test_a_folder_that_is_no_pack_is_checked_file_by_file(mixed):
    done = run(check, mixed)
    assert done.exit_code == 1
    assert "5 files: 4 may be published, 1 not" in done.output
    assert "bpmn.E009 × 1" in done.output
    assert "from/elsewhere/leave.bpmn" in done.output


def test_a_folder_as_json_has_every_file_and_a_summary(mixed):
    told = json.loads(run(check, mixed, "--json").stdout)
    assert told["summary"] == {"files": 5, "publishable": 4, "errors": {"bpmn.E009": 1}}
    assert [each["file"].rpartition("/")[2] for each in told["files"]] == [
        *("ask.form", "asked.json", "drawn.bpmn20.xml", "leave.bpmn", "rules.dmn")
    ]
    assert told["files"][3]["findings"][0]["id"] == "bpmn.E009"


def test_one_broken_file_stops_no_other(mixed):
    (mixed / "broken.bpmn").write_text("<definitions", "utf-8")
    (mixed / "bytes.form").write_bytes(b"\xff\xfe\x00{")
    told = json.loads(run(check, mixed, "--json").stdout)
    assert told["summary"]["files"] == 7
    assert told["summary"]["errors"] == {"bpmn.E001": 1, "bpmn.E009": 1, "file.E003": 1}


def test_six_hundred_files_are_one_run(tmp_path):
    for number in range(600):
        (tmp_path / f"{number}.form").write_text(FORM, "utf-8")
    done = run(check, tmp_path)
    assert done.exit_code == 0
    assert "600 files: 600 may be published, 0 not" in done.output


def test_a_folder_with_nothing_to_check_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    done = run(check, tmp_path)
    assert done.exit_code == 2
    assert "holds no BPMN, DMN or form file" in done.output


def test_the_file_of_a_kind_makes_a_folder_a_pack(tmp_path):
    (tmp_path / "service.yaml").write_text("code: x\n", "utf-8")
    done = run(check, tmp_path)
    assert done.exit_code == 1
    assert "The file process.bpmn is missing." in done.output


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST_ENTRIES", 3), ("MOST_FILES", 3), ("MOST_BYTES", 1000)]
)
def test_too_many_files_are_refused_before_one_is_read(mixed, monkeypatch, limit, value):
    def read(*args):
        raise AssertionError("read a file")

    monkeypatch.setattr(folder, limit, value)
    monkeypatch.setattr("xiangyun.faces.cli.check.check_file", read)
    done = run(check, mixed)
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)


def test_a_pack_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    (tmp_path / "service.yaml").write_text("code: x\n", "utf-8")
    (tmp_path / "film.mp4").write_text("x" * 2000, "utf-8")
    monkeypatch.setattr(folder, "MOST_BYTES", 1000)
    monkeypatch.setattr("pathlib.Path.read_text", lambda *args, **more: 1 / 0)
    assert run(check, tmp_path).exit_code == 2


def test_a_file_too_large_is_a_finding_and_is_not_read(mixed, monkeypatch):
    monkeypatch.setattr("xiangyun.faces.cli.files.LARGEST", 100)
    told = json.loads(run(check, mixed, "--json").stdout)
    assert set(told["summary"]["errors"]) == {"file.E001"}


def test_thousands_of_findings_are_told_up_to_a_number(tmp_path):
    many = "".join(f'<task id="t{n % 10}"/>' for n in range(1500))
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    text = f'<definitions xmlns="{space}"><process id="p">{many}</process></definitions>'
    (tmp_path / "many.bpmn").write_text(text, "utf-8")
    told = json.loads(run(check, tmp_path / "many.bpmn", "--json").stdout)
    assert len(told) == 501
    assert [each["id"] for each in told if each["severity"] == "note"] == ["file.N005"]


# convert ------------------------------------------------------------------------------------------


def test_a_drawing_is_rewritten_beside_the_old_one_and_says_what_is_left(mixed):
    done = run(convert, mixed / "from/elsewhere/leave.bpmn")
    assert done.exit_code == 1
    assert "Left to do by hand (3)" in done.output
    text = (mixed / "from/elsewhere/leave.converted.bpmn").read_text("utf-8")
    assert 'candidateGroups="reviewer"' in text


def test_nothing_is_written_over_unless_asked(mixed):
    file = mixed / "from/elsewhere/leave.bpmn"
    run(convert, file)
    again = run(convert, file)
    assert again.exit_code == 1
    assert "--force" in again.output
    assert "Rewritten" in run(convert, file, "--force").output


def test_a_decision_file_gets_its_inputs_drawn_and_is_then_complete(mixed):
    file = mixed / "from/elsewhere/rules.dmn"
    done = run(convert, file, "--output", mixed / "new.dmn")
    assert done.exit_code == 0, done.output
    assert "input data “total” drawn" in done.output
    assert json.loads(run(check, mixed / "new.dmn", "--json").stdout) == []


def test_a_file_can_go_to_standard_output_alone(mixed):
    done = run(convert, mixed / "from/elsewhere/rules.dmn", "--output", "-")
    assert done.stdout.startswith("<?xml")
    assert done.stdout.rstrip().endswith("</definitions>")


def test_what_needs_no_rewriting_is_said_so_and_nothing_is_written(mixed):
    done = run(convert, mixed / "from/elsewhere/drawn.bpmn20.xml")
    assert done.exit_code == 0
    assert "nothing to rewrite" in done.output
    assert not list(mixed.rglob("*.converted*"))


def test_the_changes_can_be_had_as_json(mixed):
    told = json.loads(run(convert, mixed / "from/elsewhere/leave.bpmn", "--json").stdout)
    assert {each["done"] for each in told["changes"]} == {True, False}


def test_a_form_of_another_editor_is_rewritten_and_then_passes(tmp_path):
    old = tmp_path / "leave.form"
    old.write_text('{"fields": [{"id": "full-name", "name": "姓名", "type": "text"}]}', "utf-8")
    assert "convert" in run(check, old).output
    done = run(convert, old)
    assert (done.exit_code, "full-name → full_name" in done.output) == (0, True), done.output
    assert json.loads(run(check, tmp_path / "leave.converted.form", "--json").stdout) == []


def test_a_form_with_nothing_to_rewrite_is_not_written_again(tmp_path):
    file = tmp_path / "ask.form"
    file.write_text(FORM.replace("textfield", "signature"), "utf-8")
    done = run(convert, file)
    assert done.exit_code == 1
    assert "signature" in done.output
    assert not list(tmp_path.glob("*.converted*"))
