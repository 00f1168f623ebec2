"""Rules over Parquet in a Spark that exists already: the way past one machine.

`spark://…`, `yarn` and `local[2]` need pyspark and Java here; `sc://…`, Spark Connect, only
pyspark. What decides how Spark computes is set for the session and not left to how a site has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from xiangyun.adapters.duck import Report, duck
from xiangyun.domain.registers.sql.tables import Table, name_in
from xiangyun.kernel.dmn.sqldialects import Dialect
from xiangyun.kernel.findings import Finding, Refused, Text

from . import Settings

T = TypeVar("T")
_OFTEN = 0.2
MEANT = {
    "spark.sql.ansi.enabled": "true",  # too large a number is an error, not a null
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # nothing is rounded silently
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    # What only the names of folders say is text: a code keeps its noughts.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""What a session must be set to for rules to mean what they mean elsewhere."""


@contextmanager
def opened(settings: Settings) -> Iterator[SparkEngine]:
    """A session at the address. Raises Refused where there is no pyspark or no Spark."""
    session = _session(settings.master)
    try:
        yield SparkEngine(session)
    finally:
        session.stop()


def _session(master: str) -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise Refused([_without_pyspark(str(error))]) from None
    builder = SparkSession.builder.appName("xiangyun eligible")
    try:
        if master.startswith("sc://"):
            return builder.remote(master).getOrCreate()
        quiet = builder.master(master).config("spark.ui.showConsoleProgress", "false")
        session = quiet.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
    except Exception as error:  # Java, the network or Spark itself, each with errors of its own
        raise Refused([_without_spark(master, error)]) from None
    return session


class SparkEngine:
    """A session of Spark; see `MEANT` for what it is set to."""

    dialect: Dialect = "spark"

    def __init__(self, session: Any) -> None:
        self._session = session
        for name, value in MEANT.items():
            session.conf.set(name, value)

    def table(self, source: str) -> Table:
        """A Parquet file or folder, where the machines of the Spark find it."""
        return self._view("snapshot", self._session.read.parquet(_address(source)), _notes(source))

    def keep(self, name: str, query: str, report: Report) -> Table:
        """In the memory of the machines, and on their disks."""
        kept = self._session.sql(query).persist()
        self._watched(kept.count, report)
        return self._view(name, kept, {})

    def columns(self, query: str) -> dict[str, str]:
        return _columns(self._session.sql(query))

    def rows(self, query: str, report: Report) -> list[tuple[Any, ...]]:
        found = self._watched(self._session.sql(query).collect, report)
        return [tuple(row) for row in found]

    def write(
        self,
        query: str,
        out: Path | str,
        notes: Mapping[str, str],
        by: Sequence[str],
        report: Report,
    ) -> Table:
        """A folder, written by as many machines as work on it; notes go with the first column."""
        result = self._session.sql(query)
        first = next(each for each in result.columns if each not in by)
        result = result.withMetadata(first, dict(notes))
        address = _address(str(out))
        writer = result.write.mode("error" if "://" in str(out) else "overwrite")
        writer = writer.option("compression", "zstd").partitionBy(*by)
        self._watched(lambda: writer.parquet(address), report)
        return self._view("written", self._session.read.parquet(address), notes)

    def _view(self, name: str, frame: Any, notes: Mapping[str, str]) -> Table:
        frame.createOrReplaceTempView(name)
        return Table(name_in(self.dialect, name), _columns(frame), notes)

    def _watched(self, work: Callable[[], T], report: Report) -> T:
        """Work that goes on elsewhere, with the share of its tasks that are done."""
        done: list[T] = []
        failed: list[BaseException] = []

        def working() -> None:
            try:
                done.append(work())
            except BaseException as error:  # handed on to the caller, on its own thread
                failed.append(error)

        thread = Thread(target=working, daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_OFTEN)
                report(self._share())
        except BaseException:  # Ctrl+C: nothing must go on behind the caller's back
            self._cancel()
            raise
        if failed:
            raise failed[0]
        report(1.0)
        return done[0]

    def _share(self) -> float:
        """Tasks done among those of the stages that run; 0 where Spark does not tell."""
        with suppress(Exception):  # Spark Connect has no context to ask
            tracker = self._session.sparkContext.statusTracker()
            stages = [
                info
                for id in tracker.getActiveStageIds()
                if (info := tracker.getStageInfo(id)) is not None
            ]
            all_ = sum(each.numTasks for each in stages)
            return sum(each.numCompletedTasks for each in stages) / all_ if all_ else 0.0
        return 0.0

    def _cancel(self) -> None:
        with suppress(Exception):
            self._session.sparkContext.cancelAllJobs()
        with suppress(Exception):
            self._session.interruptAll()


def _columns(frame: Any) -> dict[str, str]:
    return {each.name: each.dataType.simpleString() for each in frame.schema.fields}


def _address(source: str) -> str:
    """An address of a file system as it is; a path of this machine in full."""
    return source if "://" in source else Path(source).absolute().as_uri()


def _notes(source: str) -> dict[str, str]:
    """The key-value metadata of a file of this machine; Spark itself does not show it."""
    path = Path(source)
    if "://" in source or not path.exists():
        return {}
    with duck("200MB", threads=1) as local:
        return local.notes(path)


def _without_pyspark(error: str) -> Finding:
    return Finding(
        "population.E008",
        "error",
        Text(
            "没有安装 pyspark：{error}",
            "pyspark is not installed: {error}",
            error=error,
        ),
        None,
        Text(
            "请安装：pip install 'xiangyun[spark]'。",
            "Install it: pip install 'xiangyun[spark]'.",
        ),
    )


def _without_spark(master: str, error: Exception) -> Finding:
    return Finding(
        "population.E009",
        "error",
        Text(
            "连不上 Spark“{master}”：{error}",
            "There is no Spark at “{master}”: {error}",
            master=master,
            error=str(error).strip().partition("\n")[0],
        ),
        None,
        Text(
            "地址如 spark://HOST:7077、local[2]、sc://HOST:15002；前两种要在本机装 Java 17 以上。",
            "Addresses are such as spark://HOST:7077, local[2] or sc://HOST:15002; all but the last"
            " need Java 17 or newer here.",
        ),
    )
