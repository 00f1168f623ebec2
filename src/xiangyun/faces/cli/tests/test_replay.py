"""`xiangyun replay` and `xiangyun migrate`, as they are typed, on cases in real PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyun.domain.cases.tests.situations import act, actor, submitted
from xiangyun.domain.cases.tests.test_migration import LONGER, OTHER_STEP, published
from xiangyun.domain.cases.tests.test_recorded import corrected, registered, withdrawn
from xiangyun.faces.cli import story
from xiangyun.faces.cli.folder import read_folder
from xiangyun.faces.cli.migrate import migrate
from xiangyun.faces.cli.replay import replay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PACK = Path(__file__).parents[5] / "packs" / story.SERVICE


def copied(to: Path, old: str, new: str) -> Path:
    """The service in a folder of its own, with a figure changed."""
    folder = to / story.SERVICE
    for path, words in read_folder(PACK).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words.replace(old, new), "utf-8")
    return folder


def typed(command, *arguments: str) -> Result:  # type: ignore[no-untyped-def]
    return CliRunner(env={"COLUMNS": "200"}).invoke(command, [str(each) for each in arguments])


def test_the_case_that_would_come_out_otherwise_is_listed_with_the_step(tmp_path: Path) -> None:
    shorter = copied(tmp_path, "value: 30\n", "value: 1\n")
    slow, _ = corrected(), withdrawn()
    done = typed(replay, shorter, "--old", "1")
    assert done.exit_code == 1, done.output
    assert slow.number in done.stdout
    assert "逾期未补正" in done.stdout
    assert "重放 2 件：1 件结果不同，1 件相同" in done.stdout


def test_the_rows_that_decide_otherwise_are_named(tmp_path: Path) -> None:
    case = registered()
    fewer = copied(tmp_path, "    - value: 50\n", "    - value: 0\n")
    done = typed(replay, fewer, "--old", "1")
    assert done.exit_code == 1
    [line] = [line for line in done.stdout.splitlines() if case.number in line]
    assert "自动预审（clean" in line
    assert "[capacity.too_many_shareholders]" in line


def test_the_same_version_changes_nothing_and_machines_read_every_case() -> None:
    slow, back = corrected(), withdrawn()
    done = typed(replay, PACK, "--old", "1", "--json")
    assert done.exit_code == 0, done.output
    read = {each["case"]: each for each in json.loads(done.stdout)}
    assert read.keys() == {slow.number, back.number}
    assert all(each["reproduced"] and each["exact"] for each in read.values())
    assert read[back.number]["new"]["outcome"] == "withdrawn"


def test_a_version_that_was_never_published_is_answered_with_those_that_were() -> None:
    done = typed(replay, PACK, "--old", "77")
    assert done.exit_code == 2
    assert "1" in done.stderr


def test_a_case_is_moved_and_a_dry_run_moves_nothing() -> None:
    case = submitted(actor("wang"))
    number = str(published(LONGER))
    assert "可以" in typed(migrate, case.number, "--to", number, "--dry-run").stdout
    assert f"v1 → v{number}" in typed(migrate, case.number, "--to", number).stdout
    again = typed(migrate, case.number, "--to", number)
    assert again.exit_code == 1
    assert "case.E022" in again.stderr


def test_a_case_that_cannot_move_is_refused_with_the_step_and_the_reason() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    done = typed(migrate, case.number, "--to", str(published(*OTHER_STEP)))
    assert done.exit_code == 1
    assert "bpmn.E110" in done.stderr
    assert "决定" in done.stderr


def test_all_running_cases_of_a_version_move_and_those_that_cannot_are_listed() -> None:
    free, stuck = submitted(actor("wang")), submitted(actor("wang"), brand="样二")
    act("shencha", stuck, "agree")
    number = str(published(*OTHER_STEP))
    all_of_them = ("--service", story.SERVICE, "--from", "1", "--to", number)
    for words, asked in (("could move", ("--dry-run",)), ("moved", ())):
        done = typed(migrate, *all_of_them, *asked)
        assert done.exit_code == 1
        assert f"✗ {stuck.number} bpmn.E110" in done.stderr
        assert f"{'可以变更' if asked else '已变更'}：1 件；不能：1 件。\n" in done.stdout
        assert f"{words}: 1 case; cannot: 1.\n" in done.stdout
    assert f"✓ {free.number}  v1 → v{number}" in done.stdout
    assert "已变更：0 件" in typed(migrate, *all_of_them).stdout, "one is left, and cannot move"


def test_half_a_question_is_answered_kindly() -> None:
    for given in ((), ("--service", story.SERVICE), ("000", "--from", "1")):
        done = typed(migrate, *given, "--to", "2")
        assert (done.exit_code, "--service" in done.stderr) == (2, True)


def test_a_case_that_is_not_there_is_answered_kindly() -> None:
    assert typed(migrate, "000", "--to", "1").exit_code == 2
