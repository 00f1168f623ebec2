"""DuckDB behind one door: files appear whole or not at all, progress is told, failures are said."""

import duckdb
import pytest

from xiangyun.adapters.duck import duck, parquet


def test_a_file_carries_its_notes_and_its_rows(tmp_path):
    file = tmp_path / "it's.parquet"
    with duck("100MB") as database:
        database.write("SELECT 1 AS one, '虚构' AS words", file, {"about": "人's"})
        assert database.rows(f"SELECT * FROM {parquet(file)}") == [(1, "虚构")]
        assert database.notes(file)["about"] == "人's"
        assert list(database.columns(file)) == ["one", "words"]


def test_a_query_that_fails_leaves_the_old_file_and_no_piece(tmp_path):
    file = tmp_path / "kept.parquet"
    with duck("100MB") as database:
        database.write("SELECT 1 AS one", file, {})
        broken = "SELECT CASE WHEN n = 9999 THEN error('no') ELSE n END AS n FROM range(10000) r(n)"
        with pytest.raises(duckdb.Error, match="no"):
            database.write(broken, file, {}, lambda share: None)
        assert database.rows(f"SELECT * FROM {parquet(file)}") == [(1,)]
    assert [path.name for path in tmp_path.iterdir()] == ["kept.parquet"]


def test_progress_ends_with_the_whole():
    told = []
    with duck("100MB") as database:
        rows = database.rows("SELECT sum(n) FROM range(100000) r(n)", report=told.append)
    assert rows == [(4999950000,)]
    assert told[-1] == 1.0
    assert all(0 <= share <= 1 for share in told)


def test_work_is_stopped_when_the_caller_gives_up():
    def impatient(share):
        raise KeyboardInterrupt

    endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b"
    with duck("100MB") as database:
        with pytest.raises(KeyboardInterrupt):
            database.run(endless, report=impatient)
        assert database.rows("SELECT 1") == [(1,)]


def test_memory_keeps_to_what_was_asked():
    with duck("64MB") as database:
        (limit,) = database.rows("SELECT current_setting('memory_limit')")[0]
        assert limit in ("61.0 MiB", "64.0 MB")


def test_the_folder_for_spilling_goes_with_the_connection():
    with duck("100MB") as database:
        folder = database.folder
        assert folder.is_dir()
    assert not folder.exists()
