"""Any decision of any pack over any table: what feeds what is said by declaration or option."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.eligible import eligible

PACKS = Path(__file__).parents[5] / "packs"
MARKET = "market/company-registration"
COMPANIES = """
SELECT * FROM (VALUES
  ('22E4567', '220102000000', '长春一号', 10000000.00::DECIMAL(18, 2), DATE '2020-05-01', 'A'),
  ('0012', '222404000000', '珲春二号', 900000000.00, DATE '2024-07-02', 'B'),
  ('0013', '222404001000', '珲春三号', NULL, NULL, 'A'),
  ('0014', NULL, '无址', 0.00, DATE '2026-02-28', 'C'))
AS companies(code, region, name, registered, founded, class)"""


def run(*arguments):
    return CliRunner().invoke(eligible, [str(each) for each in arguments])


def told(*arguments):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def pack(tmp_path):
    """The market pack with a decision of its own, whose outputs are named as nowhere else."""
    folder = tmp_path / "pack"
    for path in (PACKS / MARKET).rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(PACKS / MARKET)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return folder


@pytest.fixture
def companies(tmp_path):
    file = tmp_path / "companies.parquet"
    duckdb.sql(f"COPY ({COMPANIES}) TO '{file}'")
    return file


def with_decision(folder, box, name="risk", inputs=("company",)):
    """A decision more, which reads inputs whose type the model leaves open."""
    rules = folder / "rules.dmn"
    data = "".join(
        f'<inputData id="{each}" name="{each}"><variable name="{each}"/></inputData>'
        for each in inputs
    )
    needs = "".join(
        f'<informationRequirement id="{name}.{each}"><requiredInput href="#{each}"/>'
        "</informationRequirement>"
        for each in inputs
    )
    decision = (
        f'<decision id="{name}" name="{name}"><variable name="{name}"/>{needs}{box}</decision>'
    )
    text = rules.read_text("utf-8")
    at = text.index("  <decision ")
    rules.write_text(text[:at] + data + decision + text[at:], "utf-8")
    for language in ("zh-Hans", "en"):
        with (folder / "texts" / f"{language}.yaml").open("a", encoding="utf-8") as texts:
            texts.write(f"\ndecision.{name}: {name}\n")


def risk(policy="FIRST"):
    """A table over inputs whose types nobody declares; a company without capital has no grade."""
    rows = [("&gt; 500000000", "&gt;= 2024", '"D"', "0.3"), ("not(null)", "-", '"A"', "0.01"),
            ("-", "-", "null", "null")]  # fmt: skip
    inputs = "".join(
        f'<input id="i{n}"><inputExpression id="e{n}"><text>{text}</text></inputExpression></input>'
        for n, text in enumerate(("company.capital", "company.founded.year"))
    )
    notes = ("演示", "no", "风险。", "Risk.")
    rules = "".join(
        f'<rule id="risk.{n}">'
        + "".join(f'<inputEntry id="c{n}{i}"><text>{c}</text></inputEntry>' for i, c in pair)
        + "".join(f'<outputEntry id="x{n}{i}"><text>{c}</text></outputEntry>' for i, c in given)
        + "".join(f"<annotationEntry><text>{note}</text></annotationEntry>" for note in notes)
        + "</rule>"
        for n, row in enumerate(rows)
        for pair, given in [(list(enumerate(row[:2])), list(enumerate(row[2:])))]
    )
    columns = ("basis", "verified", "text", "text_en")
    return (
        f'<decisionTable id="risk.table" hitPolicy="{policy}">{inputs}'
        '<output id="o1" name="grade" typeRef="string"/>'
        '<output id="o2" name="share" typeRef="number"/>'
        + "".join(f'<annotation name="{each}"/>' for each in columns)
        + f"{rules}</decisionTable>"
    )


def test_any_decision_is_made_for_any_table_by_options(pack, companies, tmp_path):
    with_decision(pack, risk())
    out = tmp_path / "risk.parquet"
    found = told(
        pack, "--snapshot", companies, "--decision", "risk", "--key", "code",
        "--place", "region:prefecture", "--input", "company.capital=registered",
        "--group", "grade", "--group", "class", "--sum", "expected=share * 100", "--out", out,
    )  # fmt: skip
    assert (found["rows"], found["counted"], found["synthetic"]) == (4, 3, False)
    (item,) = found["items"]
    assert {(each["grade"], each["class"]): each["rows"] for each in item["groups"]} == {
        ("A", "A"): 1, ("A", "C"): 1, ("D", "B"): 1,
    }  # fmt: skip
    assert Decimal(item["expected"]) == 32
    by_place = {each["prefecture"]: each for each in found["prefectures"]}
    assert by_place[222400000000]["rows"] == 2
    assert by_place[222400000000]["items"] == {"risk": 1}
    assert by_place[None]["name"] == "—"
    rows = duckdb.sql(
        f"SELECT code, region, item, grade, expected FROM '{out}' ORDER BY 1"
    ).fetchall()
    assert rows == [
        ("0012", "222404000000", "risk", "D", 30),
        ("0014", None, "risk", "A", 1),
        ("22E4567", "220102000000", "risk", "A", 1),
    ]  # fmt: skip


def test_the_same_is_said_by_a_declaration(pack, companies, tmp_path):
    with_decision(pack, risk())
    (pack / "population.yaml").write_text(
        """
unit: {code: companies, name: {zh-Hans: 企业, en: companies}}
key: code
place: {column: region, level: county}
inputs: {company.capital: =registered / 1}
decisions: [risk]
when: =grade = "D"
columns: {grade: =grade, since: =founded}
""",
        "utf-8",
    )
    out = tmp_path / "risk.parquet"
    found = told(pack, "--snapshot", companies, "--out", out)
    assert (found["companies"], found["items"][0]["companies"]) == (4, 1)
    assert [each["county"] for each in found["counties"]] == [220102000000, 222404000000, None]
    assert duckdb.sql(f"SELECT since FROM '{out}'").fetchall() == [(date(2024, 7, 2),)]


def test_an_input_is_read_by_its_name_unless_something_else_is_said(pack, tmp_path):
    with_decision(pack, risk())
    file = tmp_path / "t.parquet"
    duckdb.sql(
        "COPY (SELECT 1 AS k, 600000000 AS capital, DATE '2025-01-01' AS founded,"
        f" 5 AS \"company.capital\") TO '{file}'"
    )
    arguments = (pack, "--snapshot", file, "--decision", "risk", "--key", "k", "--group", "grade")
    grade = told(*arguments)["items"][0]["groups"][0]["grade"]
    assert grade == "A"  # the column that has the whole name of the input
    mapped = told(*arguments, "--input", "company.capital=capital")
    assert mapped["items"][0]["groups"][0]["grade"] == "D"


def test_findings_of_a_list_are_counted_by_rows_of_the_table(pack, companies, tmp_path):
    with_decision(pack, risk("COLLECT"))
    out = tmp_path / "out.parquet"
    found = told(
        pack, "--snapshot", companies, "--decision", "risk", "--key", "code", "--out", out,
        "--input", "company.capital=registered", "--column", "grade", "--sum", "share",
    )  # fmt: skip
    rows = duckdb.sql(f"SELECT code, grade FROM '{out}' ORDER BY 1, 2").fetchall()
    fired = [("0012", "A"), ("0012", "D"), ("0014", "A"), ("22E4567", "A")]
    assert [row for row in rows if row[1]] == fired
    assert len(rows) == len(fired) + 4  # the last row of the rules fires for all
    (item,) = found["items"]
    assert (item["rows"], Decimal(item["share"])) == (4, Decimal("0.33"))


@pytest.mark.parametrize(
    ("options", "id", "words"),
    [
        (["--decision", "capital_finding"], "population.E001", "Did you mean “capital_findings”"),
        ([], "register.E001", "--decision"),
        (["--decision", "risk", "--group", "grad"], "population.E002", "Did you mean “grade”"),
        (["--decision", "risk", "--input", "firm.capital=registered"], "population.E004", "firm"),
        (["--decision", "risk"], "register.E002", "capital (company.capital)"),
        (["--decision", "risk", "--input", "company.capital=assets"], "register.E002", "assets"),
        (["--decision", "risk", "--key", "number"], "register.E002", "number"),
        (["--decision", "risk", "--place", "founded"], "register.E003", "founded"),
        (["--decision", "risk", "--when", "grade"], "population.E006", "true or false"),
        (["--decision", "risk", "--sum", "grade"], "population.E006", "“grade”"),
        (["--decision", "risk", "--column", "code=grade"], "population.E007", "“code”"),
        (["--decision", "risk", "--when", "grade ="], "feel.E001", ""),
        (["--decision", "risk", "--group", "many=count(grade)"], "dmn.E030", "count"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_before_anything_is_run(pack, companies, options, id, words):
    with_decision(pack, risk())
    defaults = [] if "--key" in options else ["--key", "code"]
    if id in ("population.E006", "dmn.E030"):  # said of a decision whose inputs are all there
        defaults += ["--input", "company.capital=registered"]
    done = run(pack, "--snapshot", companies, *defaults, *options)
    assert done.exit_code == 1
    assert id in done.output
    assert words in done.output
    assert not list(companies.parent.glob("*.eligible.*"))


def test_a_key_that_nobody_named_is_asked_for(pack, companies):
    with_decision(pack, risk())
    done = run(pack, "--snapshot", companies, "--decision", "risk", "--input",
               "company.capital=registered")  # fmt: skip
    assert (done.exit_code, "population.E003" in done.output) == (1, True)


def test_two_inputs_that_only_names_would_read_from_one_column_are_told_apart(pack, companies):
    with_decision(pack, "<literalExpression id='l'><text>one.code = other.code</text>"
                  "</literalExpression>", inputs=("one", "other"))  # fmt: skip
    arguments = (pack, "--snapshot", companies, "--decision", "risk", "--key", "code")
    assert "population.E005" in run(*arguments).output
    assert told(*arguments, "--input", "other.code=name")["counted"] == 4


def test_binary_fractions_are_refused_and_not_rounded(pack, tmp_path):
    with_decision(pack, risk())
    file = tmp_path / "t.parquet"
    duckdb.sql(
        f"COPY (SELECT 1 AS k, 0.1::DOUBLE AS capital, DATE '2025-01-01' AS founded) TO '{file}'"
    )
    done = run(pack, "--snapshot", file, "--decision", "risk", "--key", "k")
    assert (done.exit_code, "register.E003" in done.output) == (1, True)
    assert "DOUBLE" in done.output


def test_a_folder_of_parts_goes_in_and_out(pack, companies, tmp_path):
    with_decision(pack, risk())
    folder, out = tmp_path / "parts", tmp_path / "result"
    duckdb.sql(f"COPY (FROM '{companies}') TO '{folder}' (FORMAT parquet, PARTITION_BY (code))")
    arguments = (
        pack, "--snapshot", folder, "--decision", "risk", "--key", "code", "--out", out,
        "--input", "company.capital=registered", "--column", "grade", "--partition", "grade",
    )  # fmt: skip
    told(*arguments)
    assert sorted(each.name for each in out.iterdir()) == ["grade=A", "grade=D"]
    rows = duckdb.sql(f"SELECT code FROM '{out}/**/*.parquet' ORDER BY 1").fetchall()
    assert rows == [("0012",), ("0014",), ("22E4567",)]  # codes keep their noughts
    told(*arguments)  # a result may be written anew


def test_the_result_is_never_written_over_something_else(pack, companies, tmp_path):
    with_decision(pack, risk())
    chosen = (pack, "--snapshot", companies, "--decision", "risk", "--key", "code")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    for target in (companies, tmp_path / "mine"):
        done = run(*chosen, "--out", target)
        assert done.exit_code == 2, done.output
    assert (tmp_path / "mine" / "letter.txt").read_text() == "mine"


def test_amounts_of_different_fineness_are_not_rounded_to_each_other(pack, tmp_path):
    """A table whose one row gives whole amounts of many digits, the other fine ones."""
    with_decision(pack, "<literalExpression id='l'><text>company.large * 1000</text>"
                  "</literalExpression>")  # fmt: skip
    with_decision(pack, "<literalExpression id='l2'><text>product.fine * 0.5</text>"
                  "</literalExpression>", name="fine", inputs=("product",))  # fmt: skip
    file, out = tmp_path / "t.parquet", tmp_path / "o.parquet"
    numbers = "7::DECIMAL(30, 0) AS large, 0.1234567::DECIMAL(20, 7) AS fine"
    duckdb.sql(f"COPY (SELECT 1 AS k, {numbers}) TO '{file}'")
    told(pack, "--snapshot", file, "--decision", "risk", "--decision", "fine", "--key", "k",
         "--out", out)  # fmt: skip
    rows = dict(duckdb.sql(f"SELECT item, value FROM '{out}'").fetchall())
    assert rows == {"risk": 7000, "fine": Decimal("0.06172835")}


def test_a_moment_has_its_day_in_the_offices_zone(pack, tmp_path):
    with_decision(pack, "<literalExpression id='l'><text>company.filed.day</text>"
                  "</literalExpression>")  # fmt: skip
    file, out = tmp_path / "t.parquet", tmp_path / "o.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS k, TIMESTAMPTZ '2026-03-01 17:30:00+00' AS filed) TO '{file}'")
    told(pack, "--snapshot", file, "--decision", "risk", "--key", "k", "--out", out)
    assert duckdb.sql(f"SELECT value FROM '{out}'").fetchall() == [(2,)]
