"""The public suites of certificates and logs come out whole, and a wrong case is counted."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.conformance import conformance
from xiangyun.faces.cli.conformance_certificates import run_certificates
from xiangyun.faces.cli.conformance_log import run_log
from xiangyun.kernel.credential import statuslist

ROOT = Path(__file__).parents[5]
SUITES = Path(os.environ.get("XIANGYUN_SHARED", ROOT.parent / "shared")) / "suites"

needs_suites = pytest.mark.skipif(
    not SUITES.is_dir(),
    reason=f"the suites are not at {SUITES}; set XIANGYUN_SHARED to the folder that holds them",
)


@needs_suites
@pytest.mark.parametrize(
    ("name", "at_least"),
    [
        ("vc-data-model-2.0", 60),
        ("vc-di-eddsa", 9),
        ("sd-jwt", 200),
        ("token-status-list", 10),
        ("sm2", 5),
        ("ofd", 3),
    ],
)
def test_every_case_of_the_suite_of_certificates_comes_out(name, at_least):
    score = run_certificates(SUITES / name)
    assert score.total >= at_least
    assert [str(each) for each in score.failures] == []


@needs_suites
def test_every_proof_of_the_suite_of_trees_comes_out():
    score = run_log(SUITES / "merkle-proofs")
    assert score.total > 90
    assert [str(each) for each in score.failures] == []


@needs_suites
def test_a_long_status_list_has_the_statuses_of_the_specification():
    # draft-ietf-oauth-status-list, appendix "Test Vectors", 1 bit and 2 bits.
    text = (SUITES / "token-status-list/status_list_encoding1_long_json.md").read_text()
    claim = json.loads("".join(text.split()))
    opened = statuslist.from_claim(claim)
    assert len(opened) == 1 << 20
    found = [at for at in range(1 << 20) if opened[at]]
    assert found[:4] == [0, 1993, 25460, 159495]
    assert len(found) == 11


def test_a_proof_that_must_fail_and_holds_is_named(tmp_path):
    root = "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
    case = {"size1": 1, "size2": 1, "root1": root, "root2": root, "proof": None, "wantErr": True}
    (tmp_path / "wrong.json").write_text(json.dumps(case))
    result = CliRunner().invoke(conformance, ["log", str(tmp_path)])
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == "passed 0 of 1"
    assert "wrong.json: expected a proof that fails, got a proof that holds" in result.output


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("credential-x-fail.json", {"type": []}, "passed 1 of 1"),
        ("credential-x-ok.json", {"type": []}, "passed 0 of 1"),
        ("presentation-x-fail.json", [], "passed 1 of 1"),
    ],
)
def test_a_case_of_the_data_model_is_judged_by_its_name(tmp_path, name, value, line):
    (tmp_path / name).write_text(json.dumps(value))
    result = CliRunner().invoke(conformance, ["certificates", str(tmp_path)])
    assert result.output.splitlines()[0] == line


def test_what_is_no_credential_is_not_taken_for_one(tmp_path):
    (tmp_path / "credential_offer-1_0.json").write_text('{"$schema": "x"}')
    assert run_certificates(tmp_path).total == 0


def test_a_folder_without_cases_says_so(tmp_path):
    result = CliRunner().invoke(conformance, ["certificates", str(tmp_path)])
    assert result.exit_code != 0
