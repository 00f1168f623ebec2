"""Files into registers: every row by its declared types, nothing half done, all of it proved."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connections, transaction

from xiangyun.adapters import exports, postgres
from xiangyun.adapters.duck import duck, parquet
from xiangyun.adapters.tables import TableFile
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import exporting, loading, proofs, queries
from xiangyun.domain.registers.models import Batch, Fact, Record, Term
from xiangyun.faces.cli.register import register as command
from xiangyun.faces.cli.takeover import takeover

from .declared import AT, declare

COLUMNS = {
    name: name
    for name in ("code", "name", "division", "capital", "founded", "status", "phone", "valid_from")
}
HEAD = "code,name,capital,founded,status,division\n"
ROWS = (
    "22E4567,样祥一厂,1200.50,2020-02-29,open,222404000000\n"
    "0012,样云二厂,,,存续,222404000000\n"
    "0x1F,样云三厂,0,2021-01-01,closed,222404001000\n"
)


@pytest.fixture(scope="module")
def _copy(
    _prepared: None, inside_database: Callable[[str], AbstractContextManager[str]]
) -> Iterator[None]:
    """A copy of the prepared database: the owner of the tables loads on a way of its own."""
    usual = connections["default"].settings_dict["NAME"]
    copy = f"test_loading_{os.getpid()}"
    with inside_database(copy) as server:
        postgres.copy_database(server, usual, copy)
        yield


@pytest.fixture
def firms(_copy: None) -> None:
    """The register, and no record at all: the copy began with those of the demonstration."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "TRUNCATE registers_record, registers_fact, registers_term, registers_batch,"
            " registers_handler"
        )
    declare()


def write(folder: Path, text: str, name: str = "firms.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def load(file: Path, refused: list | None = None, **more: object) -> loading.Loaded:
    order = loading.Order("firms", "test", AT, date(2026, 1, 1), **more)
    return loading.load(order, TableFile(file, COLUMNS), (refused or []).extend)


@pytest.mark.usefixtures("firms")
def test_codes_and_leading_zeros_survive(tmp_path: Path) -> None:
    told = load(write(tmp_path, HEAD + ROWS))
    assert (told.rows, told.facts, told.refused) == (3, 3, 0)
    with acting_as(SYSTEM):
        found = {s.key: s.data for s in exporting.records("firms")}
        assert queries.search("firms", "22e4567").states[0].data["capital"] == "1200.5"
        assert [s.key for s in queries.search("firms", "yunerchang").states] == ["0012"]
    assert found.keys() == {"22E4567", "0012", "0x1F"}
    assert found["0012"] == {
        "code": "0012", "name": "样云二厂", "status": "open", "division": "222404000000",
    }  # fmt: skip


@pytest.mark.usefixtures("firms")
@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_the_same_rows_come_from_json_lines_and_parquet(tmp_path: Path, kind: str) -> None:
    row = {"code": "22E4567", "name": "样祥", "capital": "12.5", "founded": "2020-02-29"}
    file = write(tmp_path, json.dumps(row) + "\n", "firms.jsonl")
    if kind == "parquet":
        with duck() as database:
            sql = (
                "SELECT '22E4567' AS code, '样祥' AS name, 12.50::DECIMAL(9, 2) AS capital,"
                " DATE '2020-02-29' AS founded"
            )
            database.write(sql, file := tmp_path / "firms.parquet", {})
    assert load(file).facts == 1
    with acting_as(SYSTEM):
        assert queries.state("firms", "22E4567").data == row


@pytest.mark.usefixtures("firms")
def test_wrong_rows_are_told_by_line_and_field_and_the_others_are_taken(tmp_path: Path) -> None:
    refused: list = [None]
    text = HEAD + ROWS + "A1,样,x,2026-02-30,open,222404000000\nA2,样\nA3,,1,,open,222404000000\n"
    told = load(write(tmp_path, text), refused)
    assert (told.facts, told.refused) == (3, 3)
    assert [(line, f.place.question if f.place else "") for line, f in refused[1:]] == [
        (5, "capital"), (5, "founded"), (6, ""), (7, "name"),
    ]  # fmt: skip


@pytest.mark.usefixtures("firms")
def test_a_load_that_was_ended_goes_on_and_nothing_is_there_twice(tmp_path: Path) -> None:
    text = HEAD + "".join(f"C{n:03},样厂{n},,,open,222404000000\n" for n in range(25))
    file = write(tmp_path, text)

    class Ended(Exception):
        pass

    told = 0

    def break_off(refusals: object) -> None:
        nonlocal told
        told += 1
        if told == 3:
            raise Ended

    order = loading.Order("firms", "test", AT, date(2026, 1, 1), batch=10)
    with pytest.raises(Ended):
        loading.load(order, TableFile(file, COLUMNS), break_off)
    with acting_as(SYSTEM):
        assert Fact.objects.count() == 20
    again = load(file, batch=10)
    assert (again.resumed_at, again.rows, again.facts) == (20, 25, 5)
    assert load(file, batch=10).facts == 0
    with acting_as(SYSTEM):
        assert (Record.objects.count(), Fact.objects.count()) == (25, 25)
        assert [batch.size for batch in Batch.objects.order_by("pk")] == [10, 10, 5]


@pytest.mark.usefixtures("firms")
def test_a_later_file_adds_what_is_new_and_corrects_only_with_a_reason(tmp_path: Path) -> None:
    head = "code,name,division,valid_from\n"
    rest = "A2,样丙,222404000000,2026-01-01\n"
    load(write(tmp_path, f"{head}A1,样甲,222404000000,2026-01-01\n{rest}"))
    changed = write(
        tmp_path,
        f"{head}A1,样乙,222404000000,2026-01-01\n{rest}A2,样丁,222404000000,2026-03-01\n",
        "later.csv",
    )
    refused: list = [None]
    told = load(changed, refused)
    assert (told.facts, told.unchanged, told.refused) == (1, 1, 1)
    assert refused[1][1].id == "register.E023"
    anew = write(tmp_path, changed.read_text("utf-8") + "\n", "corrected.csv")
    assert load(anew, why="与档案核对").facts == 1
    with acting_as(SYSTEM):
        assert queries.state("firms", "A1").data["name"] == "样乙"
        assert queries.state("firms", "A2", as_of=date(2026, 2, 1)).data["name"] == "样丙"
        old = Fact.objects.get(data__name="样甲")
        assert (old.superseded_by is not None, old.superseded_at) == (True, AT)
        # what was true once is found for days on which it was
        assert not queries.search("firms", "样甲").states
        assert not Term.objects.filter(text="样甲", lane__in=[0]).exists()


@pytest.mark.usefixtures("firms")
def test_every_fact_of_a_batch_can_be_proved_and_a_changed_one_cannot(tmp_path: Path) -> None:
    load(write(tmp_path, HEAD + ROWS))
    with acting_as(SYSTEM):
        for key in ("22E4567", "0012", "0x1F"):
            proof = exporting.proof_of("firms", key)
            assert proofs.holds(proof)
            said = json.loads(proof["receipt"]["entries"][0]["leaf"])["data"]
            assert said["root"] == proof["root"]
        with connections["owner"].cursor() as cursor:
            cursor.execute("""UPDATE registers_fact SET data = data || '{"name": "假"}'""")
        proof = exporting.proof_of("firms", "0012")
        assert proof["root"] != said["root"]
    assert not proofs.holds({**proof, "leaf": proof["leaf"].replace("0012", "0013")})


@pytest.mark.usefixtures("firms")
def test_the_command_loads_exports_and_takes_a_snapshot(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD.replace("name", "名称") + ROWS + "B1,样,x,,open,\n")
    run = CliRunner().invoke

    def done(*words: str, code: int = 0) -> str:
        result = run(command, list(words))
        assert result.exit_code == code, result.output
        return result.output

    done("load", "firms", str(file), code=1)
    listed = list(csv.DictReader((tmp_path / "firms.csv.refused.csv").open(encoding="utf-8")))
    assert [(row["line"], row["field"]) for row in listed] == [("5", "capital")]
    done("export", "firms", str(tmp_path / "out.csv"))
    rows = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert {row["code"] for row in rows} == {"22E4567", "0012", "0x1F"}
    assert "phone" not in rows[0]
    done("snapshot", "firms", str(tmp_path / "out.parquet"))
    with duck() as database:
        kinds = database.columns(tmp_path / "out.parquet")
        codes = database.rows(f"SELECT code FROM {parquet(tmp_path / 'out.parquet')} ORDER BY 1")
    assert (kinds["code"], kinds["founded"], kinds["capital"]) == (
        "VARCHAR", "DATE", "DECIMAL(38,2)",
    )  # fmt: skip
    assert codes == [("0012",), ("0x1F",), ("22E4567",)]
    fed = [json.loads(line) for line in done("changes", "firms").splitlines()]
    assert {change["key"] for change in fed} == {"22E4567", "0012", "0x1F"}
    assert done("changes", "firms", "--since", str(fed[-1]["index"] + 1)) == ""
    assert "样云二厂" in done("search", "firms", "YEC")
    assert "样云二厂" in done("show", "firms", "0012", "--history")
    done("show", "firms", "none", code=2)
    done("prove", "firms", "0012", str(tmp_path / "proof.json"))


class Mended:
    """The rows of a file, of which one was refused until a mapping was mended."""

    written, digest, name, share = True, "d" * 64, "old.csv", 1.0

    def __init__(self, word: str) -> None:
        self._word = word

    def rows(self, done: int) -> Iterator[tuple[int, dict[str, str]]]:
        rows = [{"code": "B1", "name": "样"}, {"code": "B2", "name": "样", "status": self._word}]
        yield from list(enumerate(rows, 2))[done:]


@pytest.mark.usefixtures("firms")
def test_refused_rows_of_the_same_file_are_taken_when_what_refused_them_is_mended() -> None:
    def loaded(word: str) -> loading.Loaded:
        order = loading.Order("firms", "test", AT, date(2026, 1, 1))
        return loading.load(order, Mended(word), [].extend)

    first, again, mended, last = (loaded(word) for word in ("gone", "gone", "open", "open"))
    assert (first.facts, first.refused) == (1, 1)
    assert (again.facts, again.unchanged, again.refused) == (0, 1, 1)
    assert (mended.facts, mended.unchanged, mended.refused) == (1, 1, 0)
    assert (last.resumed_at, last.rows, last.refused) == (2, 2, 0), "now it is done"


@pytest.mark.usefixtures("firms")
def test_keys_are_rotated_and_every_value_stays_readable(tmp_path: Path) -> None:
    text = "code,name,phone\n" + "".join(f"P{n},样,1390000{n:04}\n" for n in range(3))
    load(write(tmp_path, text))
    for more in ([], ["--no-new-key"]):
        result = CliRunner().invoke(command, ["rotate-keys", *more])
        assert result.exit_code == 0, result.output
    with acting_as(SYSTEM):
        assert {fact.sealed_by for fact in Fact.objects.all()} == {2}
        assert queries.state("firms", "P1", opened=True).data["phone"] == "13900000001"
        assert queries.search("firms", "13900000002").states[0].key == "P2"
        assert proofs.holds(exporting.proof_of("firms", "P1"))


@pytest.mark.usefixtures("firms")
def test_an_unknown_column_and_another_encoding_are_refused_before_anything(
    tmp_path: Path,
) -> None:
    run = CliRunner().invoke
    wrong = write(tmp_path, "code,colour\nA1,red\n")
    assert "register.E025" in run(command, ["load", "firms", str(wrong)]).output
    (tmp_path / "gb.csv").write_bytes("code,name\nA1,样厂\n".encode("gb18030"))
    told = run(command, ["load", "firms", str(tmp_path / "gb.csv")])
    assert "register.E027" in told.output
    again = run(command, ["load", "firms", str(tmp_path / "gb.csv"), "--encoding", "gb18030"])
    assert again.exit_code == 0, again.output


OLD = (
    "业务流水号,事项代码,证件号码,申请人,受理时间,办结时间,办理结果,收费金额,经办人,打印次数\n"
    "2019-0001,0301,222404199203150027,王样云,2019/03/04,2019/03/08,准予,0,甲,1\n"
    '2019-0002,0702,222404198807210014,李样山,2019/03/05,,不予,"1,200.50",乙,2\n'
    "2019-0003,0301,,测试,2019/03/05,,,0,乙,2\n"
)


@pytest.mark.usefixtures("_copy")
def test_what_another_system_kept_comes_over_marked_and_counted(tmp_path: Path) -> None:
    wrong = OLD + "2019-0004,1234,,韩样四,2019/03/06,,,10,乙,0\n"
    took = CliRunner().invoke(
        takeover, ["old-approval", str(write(tmp_path, wrong, "old.csv")), "--json"]
    )
    assert took.exit_code == 1, took.output
    told = json.loads(took.stdout)
    assert told["not_taken"] == 1
    assert {each["what"]: (each["before"], each["after"]) for each in told["compared"]} == {
        "stall": ("1", "1"), "occupation": ("1", "1"), "?": ("1", "0"),
        "fee": ("1210.50", "1200.5"),
    }  # fmt: skip
    refused = (tmp_path / "old.csv.refused.csv").read_text("utf-8")
    assert "1234" in refused

    # Mended and taken over once more, as a workbook: what stands already changes nothing.
    mended = write(tmp_path, wrong.replace("1234", "9999"), "mended.csv")
    with duck() as database:
        table = tmp_path / "mended.parquet"
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in OLD.partition("\n")[0].split(","))
        database.run(
            f"COPY (SELECT * FROM read_csv('{mended}', header=true, columns={{{columns}}}))"
            f" TO '{table}' (FORMAT parquet)"
        )
    book = exports.exported(table, "xlsx", {"title": "mended"})
    book = book.rename(tmp_path / "mended.xlsx")
    took = CliRunner().invoke(takeover, ["old-approval", str(book)])
    assert took.exit_code == 0, took.output
    with acting_as(SYSTEM):
        (found,) = queries.search("old_case", filters={"number": "JIU-2019-0002"}).states
        assert "接管" in found.source
        assert found.data is not None
        assert found.data["result"] == "refused"

    # Another year of the same system is counted by itself, and both sides are written alike.
    year = OLD.replace("2019-", "2020-").replace("1,200.50", "1,200.00")
    took = CliRunner().invoke(takeover, ["old-approval", str(write(tmp_path, year, "2020.csv"))])
    assert took.exit_code == 0, took.output
    assert "原有 1200.00，接管后 1200.00" in took.output


@pytest.mark.usefixtures("_copy")
def test_a_table_of_another_system_that_lacks_a_column_is_refused_whole(tmp_path: Path) -> None:
    for name, text, said in (
        ("short.csv", "业务流水号,事项代码\n2021-0001,0301\n", "缺少列“收费金额”"),
        ("empty.csv", "", "缺少列“证件号码”"),
        ("no.xlsx", "PK nonsense", "register.E024"),
    ):
        took = CliRunner().invoke(takeover, ["old-approval", str(write(tmp_path, text, name))])
        assert took.exit_code == 1, took.output
        assert said in took.output
        assert "接管后" not in took.output, "nothing is taken, and nothing compared"


@pytest.mark.usefixtures("firms")
def test_a_dry_run_says_what_it_would_come_to_and_keeps_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD + ROWS + "A1,样,x,,open,222404000000\n")
    said = CliRunner().invoke(command, ["load", "firms", str(file), "--dry-run"])
    assert said.exit_code == 1, said.output
    assert "登记 3 条" in said.output
    assert "什么都没有登记" in said.output
    listed = file.with_name("firms.csv.refused.csv").read_text("utf-8")
    assert "5,capital," in listed
    with acting_as(SYSTEM):
        assert list(exporting.records("firms")) == []
    assert not Batch.objects.using("owner").exists()
    done = CliRunner().invoke(command, ["load", "firms", str(file)])
    assert "登记 3 条" in done.output, "the trial is no beginning to go on from"
