"""The interface is asked what nobody would ask: no server error, no undocumented status."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Server, server_of_its_own, take_over_demonstration

pytestmark = [pytest.mark.slow(minutes=2), pytest.mark.faults]
SEED = 20260409
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with server_of_its_own("interface") as made:
        take_over_demonstration(made)
        made.start()
        made.wait_until_ready()
        yield made


@pytest.mark.parametrize("login", ["wang", "shencha"])
def test_generated_requests_meet_only_answers_that_the_description_names(
    server: Server, login: str, share: float
) -> None:
    token = server.run("token", login, "--label", "fuzz").split()[-1]
    examples = max(10, round(100 * share))
    command = [str(Path(sys.executable).with_name("schemathesis"))]
    command += ["run", f"{server.base}/api/openapi.json", "-H", f"Authorization: Bearer {token}"]
    command += ["--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing", "--no-color"]
    command += ["--max-examples", str(examples), "--seed", str(SEED)]
    command += ["--suppress-health-check", "all", "--max-failures", "20"]
    done = subprocess.run(
        command, cwd=server.home, capture_output=True, text=True, check=False, timeout=1200
    )
    assert done.returncode == 0, f"seed {SEED}\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
