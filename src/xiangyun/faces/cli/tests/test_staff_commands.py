"""`xiangyun account` and `xiangyun mandate`, as whoever runs the instance calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyun.domain.accounts.queries import actor_by_login, actor_by_password
from xiangyun.faces.cli.account import account
from xiangyun.faces.cli.mandate import mandate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
OFFICE = ("--name", "样员工", "--division", "222404", "--office", "珲春市某局（虚构）")


def call(command: object, *words: str, ends: int = 0) -> Result:
    result = CliRunner().invoke(command, words)  # type: ignore[arg-type]
    assert result.exit_code == ends, result.output
    return result


def test_an_account_is_opened_given_a_mandate_shown_locked_and_let_in_again() -> None:
    password = call(account, "add", "clerk", *OFFICE).output.splitlines()[-1].split(": ")[-1]
    assert actor_by_password("clerk", password) is not None
    call(mandate, "give", "clerk", "reviewer:fire", "--division", "222404", "--to", "2999-12-31")
    official = actor_by_login("clerk")
    assert official is not None
    assert official.holds("reviewer:fire", 222404000000)
    shown = json.loads(call(account, "show", "clerk", "--json").output)
    assert (shown["office"], shown["mandates"][0]["to"]) == ("珲春市某局（虚构）", "2999-12-31")
    call(mandate, "end", "clerk", "reviewer:fire", "--division", "222404")
    call(account, "lock", "clerk", "--reason", "调离")
    assert actor_by_password("clerk", password) is None
    assert "已停用" in call(account, "list", "clerk").output
    call(account, "unlock", "clerk", "--reason", "调回")
    call(account, "set-password", "clerk", "--password", "祥云之上九重天开门见山")
    assert actor_by_password("clerk", "祥云之上九重天开门见山") is not None
    call(account, "second-factor", "clerk", "--reset", "--reason", "手机遗失")


def test_a_refusal_says_in_both_languages_what_is_wrong_and_changes_nothing() -> None:
    call(account, "add", "clerk", *OFFICE)
    wrong = call(mandate, "give", "clerk", "reviewr", "--division", "222404", ends=1)
    assert "没有职责“reviewr”" in wrong.output
    assert "Did you mean “reviewer”?" in wrong.output
    assert "Nothing was changed." in wrong.output
    assert "staff.E001" in call(account, "show", "nobody", ends=2).output
    beyond = ("give", "gongzhuling", "reviewer", "--division", "220184", "--by", "shencha")
    assert "staff.E001" in call(mandate, *beyond, ends=2).output


def test_files_go_in_whole_or_not_at_all_and_come_out_as_they_went_in(tmp_path: Path) -> None:
    people, mandates = tmp_path / "people.csv", tmp_path / "mandates.csv"
    people.write_text(
        "login,name,division,office\none,样一,222404,某局（虚构）\ntwo,样二,999999,某局（虚构）\n",
        encoding="utf-8",
    )
    refused = call(account, "import", str(people), ends=1)
    assert f"{people}:3" in refused.output
    assert actor_by_login("one") is None
    people.write_text(people.read_text("utf-8").replace("999999", "222404"), encoding="utf-8")
    call(account, "import", str(people))
    mandates.write_text(
        "login,role,department,division,from,to\none,reviewer,fire,222404,2026-01-01,\n", "utf-8"
    )
    call(mandate, "import", str(mandates))
    assert (
        "one,reviewer,fire,222404000000,某局（虚构）,2026-01-01,"
        in call(mandate, "list", "--csv").output
    )
    assert "one,样一,222404000000,,某局（虚构）" in call(account, "list", "--csv").output


def test_a_deputy_is_named_by_a_command() -> None:
    call(account, "add", "clerk", *OFFICE)
    call(mandate, "deputy", "shencha", "clerk", "--to", "2999-12-31", "--reason", "出差")
    official = actor_by_login("clerk")
    assert official is not None
    assert [(held.role, held.deputy_for) for held in official.mandates] == [
        ("reviewer:market_supervision", "朴样查")
    ]
    assert "由 样员工 代理" in call(account, "show", "shencha").output


def test_a_file_that_is_no_utf_8_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "gbk.csv"
    file.write_bytes("login,name,division,office\none,样一,222404,某局\n".encode("gb18030"))
    assert "UTF-8" in call(account, "import", str(file), ends=1).output
