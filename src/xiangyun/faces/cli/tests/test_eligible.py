"""The proactive run at the command line, from inventing people to the cost of a reform."""

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.eligible import eligible
from xiangyun.faces.cli.population import population

PACK = "eldercare/basic-services"
FIGURES = Path(__file__).parents[5] / "packs" / PACK / "parameters.yaml"
DAY = ("--on", "2026-01-01")


def run(command, *arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    file = tmp_path_factory.mktemp("cli") / "people.parquet"
    made = run(population, "--size", 5000, "--out", file, "--memory", "300MB")
    assert made.exit_code == 0, made.output
    assert "虚构" in made.output
    return file


def test_every_item_of_every_county_is_counted_and_written(snapshot):
    told = json.loads(run(eligible, PACK, "--snapshot", snapshot, *DAY, "--json").stdout)
    assert (told["persons"], told["synthetic"], len(told["items"])) == (5000, True, 16)
    out = snapshot.with_suffix(".eligible.parquet")
    counts = duckdb.sql(f"SELECT item, count(*) FROM '{out}' GROUP BY 1").fetchall()
    assert {each["item"]: each["persons"] for each in told["items"] if each["persons"]} == dict(
        counts
    )
    by_county = {
        item["item"]: sum(county["items"][item["item"]] for county in told["counties"])
        for item in told["items"]
    }
    assert by_county == {item["item"]: item["persons"] for item in told["items"]}


def test_the_table_names_items_and_says_that_the_people_are_invented(snapshot, tmp_path):
    out = tmp_path / "mine.parquet"
    printed = run(eligible, PACK, "--snapshot", snapshot, *DAY, "--out", out).stdout
    for words in ("高龄津贴", "Old-age allowance", "珲春市", "虚构人口", str(out)):
        assert words in printed
    assert out.exists()


def test_what_the_rules_leave_open_is_no_zero(snapshot):
    told = json.loads(run(eligible, PACK, "--snapshot", snapshot, *DAY, "--json").stdout)
    pension = next(each for each in told["items"] if each["item"] == "employee_pension")
    assert pension["persons"] > 0
    assert pension["yearly"] is None


def test_a_reform_says_who_gains_and_what_it_costs(snapshot, tmp_path):
    figures = tmp_path / "parameters.yaml"
    old = FIGURES.read_text("utf-8")
    assert "value: 300\n" in old
    figures.write_text(old.replace("value: 50\n", "value: 60\n", 1), "utf-8")
    arguments = (PACK, "--snapshot", snapshot, *DAY, "--reform", figures)
    told = json.loads(run(eligible, *arguments, "--json").stdout)
    (item,) = told["items"]
    assert (item["item"], item["lose"]) == ("old_age_allowance", 0)
    assert float(item["change"]) == item["gain"] * 10 * 12
    assert sum(county["gain"] for county in told["counties"]) == told["persons"]["gain"]
    assert "得益" in run(eligible, *arguments).stdout


def test_a_reform_without_difference_says_so(snapshot):
    printed = run(eligible, PACK, "--snapshot", snapshot, *DAY, "--reform", FIGURES).stdout
    assert "decide alike" in printed


def test_a_reform_that_lacks_a_figure_is_refused_by_its_name(snapshot, tmp_path):
    figures = tmp_path / "parameters.yaml"
    figures.write_text(FIGURES.read_text("utf-8").replace("\nvisit_month:", "\nvisits_month:"))
    result = run(eligible, PACK, "--snapshot", snapshot, *DAY, "--reform", figures)
    assert result.exit_code == 1
    assert "visit_month" in result.output


def test_a_file_that_is_no_snapshot_is_refused_in_words(tmp_path):
    file = tmp_path / "words.parquet"
    file.write_text("not a table")
    result = run(eligible, PACK, "--snapshot", file)
    assert result.exit_code == 1
    assert "cannot read the snapshot" in result.output


def test_a_snapshot_of_something_else_names_the_columns_it_lacks(tmp_path):
    file = tmp_path / "cows.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS cow) TO '{file}'")
    result = run(eligible, PACK, "--snapshot", file)
    assert result.exit_code == 1
    assert "register.E002" in result.output
    assert "birth_date" not in result.stdout


def test_an_unknown_pack_is_wrong_usage(snapshot):
    result = run(eligible, "eldercare/nothing", "--snapshot", snapshot)
    assert result.exit_code == 2
    assert "eldercare/basic-services" in result.output
