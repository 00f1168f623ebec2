"""`xiangyun new` makes what passes the check, of every kind that has a starter."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyun.adapters import packs
from xiangyun.domain.studio import starters as shipped
from xiangyun.faces.cli import new as made
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.pack import check_pack, read_pack, rehearse


def new(*words: str) -> Result:
    return CliRunner().invoke(made.new, [str(word) for word in words])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XIANGYUN_PACKS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("kind", made.kinds())
@pytest.mark.parametrize("words", [(), ("--zh", "图书（演示）", "--en", "Books 2")])
def test_what_is_made_passes_the_check(kind: str, words: tuple[str, ...], place: Path) -> None:
    done = new(kind, "culture/new-books", *words)
    assert done.exit_code == 0, done.output
    found = check_pack(read_folder(place / "culture" / "new-books"), "culture/new-books")
    assert {finding.severity for finding in found} <= {"note"}, found


def test_a_made_service_is_rehearsed_to_each_of_its_ends(place: Path) -> None:
    assert new("service", "culture/card").exit_code == 0
    pack = read_pack(read_folder(place / "culture" / "card"))
    ends = {rehearse(pack, example).outcome for example in pack.examples}
    assert ends == {outcome.name for outcome in pack.service.outcomes}


def test_the_names_given_stand_in_it_and_no_sign_is_left(place: Path) -> None:
    assert new("service", "culture/card", "--zh", "借书证", "--en", "Library card").exit_code == 0
    files = read_folder(place / "culture" / "card")
    assert read_pack(files).service.name.zh == "借书证"
    assert read_pack(files).service.code == "culture/card"
    assert not [path for path, text in files.items() if "__" in path + text]


def test_every_file_of_a_starter_has_comments_in_both_languages() -> None:
    for path in shipped.STARTERS.rglob("*.yaml"):
        if path.parent.name in ("examples", "texts"):
            continue  # titles, or one language by their nature
        comments = " ".join(
            line.partition("#")[2] for line in path.read_text("utf-8").splitlines() if "#" in line
        )
        assert any("\u4e00" <= sign <= "\u9fff" for sign in comments), path
        assert any(len(word) > 3 and word.isascii() for word in comments.split()), path


def test_a_name_alone_goes_into_an_area_of_ones_own(place: Path) -> None:
    assert new("service", "card").exit_code == 0
    assert (place / made.AREA / "card" / "service.yaml").is_file()


def test_without_a_setting_it_is_made_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XIANGYUN_PACKS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert new("service", "culture/card").exit_code == 0
    assert (tmp_path / "culture" / "card" / "service.yaml").is_file()
    assert not (packs.SHIPPED / "culture" / "card").exists()


def test_nothing_is_written_over(place: Path) -> None:
    assert new("service", "culture/card").exit_code == 0
    file = place / "culture" / "card" / "service.yaml"
    file.write_text("mine")
    again = new("service", "culture/card")
    assert again.exit_code == 1
    assert "service.yaml" in again.output
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["Culture/card", "a/b/c/d", "../card", "", "a//b", "借书证", "a b"]
)
def test_a_name_that_is_no_code_is_refused(name: str, place: Path) -> None:
    done = new("service", name)
    assert done.exit_code == 2
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("words", ["a: b", "{x}", "<b>", '"q"', "x" * 41])
def test_words_that_would_break_a_file_are_refused(words: str, place: Path) -> None:
    assert new("service", "culture/card", "--zh", words).exit_code == 2
    assert list(place.iterdir()) == []


def test_a_kind_without_a_starter_is_refused_with_those_there_are(place: Path) -> None:
    done = new("bogus", "culture/card")
    assert done.exit_code == 2
    assert "service" in done.output


def test_the_starter_of_a_further_kind_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    starters = tmp_path / "starters"
    (starters / "festival").mkdir(parents=True)
    (starters / "festival" / "__PART__.txt").write_text("__ZH__ __CODE__")
    monkeypatch.setattr(shipped, "STARTERS", starters)
    named = made.Named("culture", "card", "new-year", "年", "Year")
    assert shipped.files_of("festival", named, date(2026, 1, 1)) == {
        "new_year.txt": "年 culture/card"
    }
    assert made.kinds() == ["festival"]


def test_what_is_added_to_a_pack_belongs_to_its_department(place: Path) -> None:
    assert new("service", "market/fair").exit_code == 0
    assert new("roles", "market/fair/fair_keeper").exit_code == 0
    assert new("register", "market/fair/stall").exit_code == 0
    files = read_folder(place / "market" / "fair")
    assert "role: fair_keeper" in files["roles.yaml"]
    assert "departments: [market_supervision]" in files["roles.yaml"]
    assert "department: market_supervision" in files["registers/stall.yaml"]


def test_the_part_of_a_name_that_is_wrong_is_said(place: Path) -> None:
    done = new("roles", "market/fair_stall/keeper")
    assert done.exit_code == 2
    assert "“fair_stall”" in done.output
