"""The command line as a person meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACK = ROOT / "packs" / "market" / "company-registration"


def xiangyun(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a new process, with an instance of its own where it needs one."""
    command = [sys.executable, "-m", "xiangyun.site.main", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    environment["XIANGYUN_HOME"] = str(home or "/nonexistent")
    environment.pop("DATABASE_URL", None)
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the shipped pack, to be broken."""
    return Path(shutil.copytree(PACK, tmp_path / "company-registration"))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_pack_may_be_published() -> None:
    done = xiangyun("check", str(PACK))
    assert done.returncode == 0, done.stderr
    assert "May be published" in done.stdout


def test_a_broken_pack_is_refused_with_every_fault_in_one_run(broken: Path) -> None:
    (broken / "certificate.yaml").unlink()
    replace(broken / "process.bpmn", "=precheck.outcome = ", "=precheckk.outcome = ")
    replace(
        broken / "parameters.yaml",
        "      basis: 《公司法》（2023年修订）第四十七条第一款\n",
        "",
    )
    done = xiangyun("check", str(broken))
    assert done.returncode == 1
    for file in ("certificate.yaml", "process.bpmn", "parameters.yaml"):
        assert file in done.stderr
    assert "→" in done.stderr
    assert "不能发布" in done.stderr


def test_a_broken_pack_names_error_id_file_line_and_hint_for_machines(broken: Path) -> None:
    replace(broken / "process.bpmn", "=precheck.outcome = ", "=precheckk.outcome = ")
    done = xiangyun("check", "--json", str(broken))
    errors = [found for found in json.loads(done.stdout) if found["severity"] == "error"]
    assert done.returncode == 1
    [found] = [found for found in errors if "precheckk" in found["message"]["en"]]
    assert found["file"] == "process.bpmn"
    line = (broken / "process.bpmn").read_text("utf-8").splitlines()[found["line"] - 1]
    assert "precheckk" in line
    assert "precheck" in found["hint"]["en"]
    assert found["id"]


def test_a_gate_without_a_way_out_is_refused(broken: Path) -> None:
    process = (broken / "process.bpmn").read_text("utf-8")
    flow = re.compile(
        r'<bpmn:sequenceFlow [^>]*sourceRef="gate_recheck"[^>]*?(/>|>.*?</bpmn:sequenceFlow>)', re.S
    )
    (broken / "process.bpmn").write_text(flow.sub("", process), "utf-8")
    done = xiangyun("check", str(broken / "process.bpmn"))
    assert done.returncode == 1
    assert "gate_recheck" in done.stderr


def test_a_single_drawing_and_a_single_rule_file_are_checked() -> None:
    for file in ("process.bpmn", "rules.dmn"):
        done = xiangyun("check", str(PACK / file))
        assert done.returncode == 0, done.stderr


def test_a_pack_with_an_error_cannot_be_published(broken: Path, tmp_path: Path) -> None:
    (broken / "service.yaml").unlink()
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # the embedded server may run as another user
    done = xiangyun("publish", str(broken), home=tmp_path / "instance")
    assert done.returncode == 1
    assert "service.yaml" in done.stderr
    assert "没有发布" in done.stderr


def test_a_file_of_another_kind_is_refused_kindly(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello")
    done = xiangyun("check", str(file))
    assert done.returncode == 2
    assert "只检查事项文件夹" in done.stderr
