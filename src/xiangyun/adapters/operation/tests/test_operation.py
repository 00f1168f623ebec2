"""What is read of an instance: each fault is told with what to do, and has its number."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from xiangyun.adapters import counters, outages
from xiangyun.adapters.operation import Reading, everything, exposition, tables, worst
from xiangyun.adapters.operation.values import Gauge
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal.models import Audit
from xiangyun.kernel.findings import Text

pytestmark = pytest.mark.django_db

_CLIENT = Path(__file__).parents[5] / "build" / "bench" / "provider" / "bin" / "python"
_READ = """
import json, sys
from prometheus_client.parser import text_string_to_metric_families as read
print(json.dumps({
    each.name: [each.type, [[one.name, one.labels, one.value] for one in each.samples]]
    for each in read(sys.stdin.read())
}))
"""
_SAMPLE = re.compile(r'[a-z_:]+(\{([a-z_]+="(?:[^"\\]|\\.)*",?)*\})? [-+.\de]+(\+Inf)?')


@contextmanager
def within() -> Iterator[Any]:
    """The connection of the test, which sees what it has not committed."""
    connection.ensure_connection()
    yield connection.connection


def found() -> dict[str, Reading]:
    return {each.id: each for each in everything(timezone.now(), within)}


def failing_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('cases', 'some.task', 'failed')"
        )


def test_every_look_at_a_new_instance_succeeds() -> None:
    readings = found()
    assert not [each for each in readings if each.startswith("looking.")]
    assert readings["database.schema"].mood == "good"
    assert readings["journal.audit"].mood == "look", "nobody has audited it yet"


def test_a_failed_job_wants_a_look() -> None:
    assert found()["jobs.failed"].mood == "good"
    failing_job()
    reading = found()["jobs.failed"]
    assert (reading.mood, reading.said.en) == ("look", "1")


def test_what_an_audit_found_is_bad() -> None:
    at = timezone.now() - timedelta(hours=3)
    with acting_as(SYSTEM):
        Audit.objects.create(
            begun_at=at, ended_at=at, leaves=1, cases=1, findings=[{"id": "audit.E006"}]
        )
    readings = found()
    assert readings["journal.audit"].mood == "bad"
    assert worst(readings.values()) == "bad"


def test_a_missing_migration_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_on_disk", lambda: frozenset({("duties", "9999_later")}))
    reading = found()["database.schema"]
    assert reading.mood == "bad"
    assert "duties.9999_later" in reading.said.en


def test_a_full_disk_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "free_bytes", lambda: 1 << 20)
    assert found()["disk.free"].mood == "bad"


def test_a_database_that_does_not_answer_is_one_reading_among_others() -> None:
    @contextmanager
    def gone() -> Iterator[Any]:
        raise psycopg.OperationalError("connection refused")
        yield

    readings = {each.id: each for each in everything(timezone.now(), gone)}
    assert readings["database.answers"].mood == "bad"
    assert "connection refused" in readings["database.answers"].said.en
    assert "disk.free" in readings, "the rest is told all the same"


def test_the_metrics_are_in_the_text_format() -> None:
    failing_job()
    counters.count(0, "200 OK", 0.02)
    lines = exposition(everything(timezone.now(), within), counters.gauges()).splitlines()
    samples = [line for line in lines if not line.startswith("# ")]
    assert all(_SAMPLE.fullmatch(line) for line in samples)
    assert 'xiangyun_jobs{queue="cases",state="failed"} 1' in samples
    assert "xiangyun_database_up 1" in samples
    families = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert len(families) == len(set(families)), "each family is declared once"


@pytest.mark.skipif(not _CLIENT.exists(), reason="`make test` installs Prometheus' own client")
def test_the_client_of_prometheus_reads_every_metric_with_its_kind() -> None:
    failing_job()
    counters.count(0, "200 OK", 0.02)
    counters.count(1, "503 Service Unavailable", 60)
    said = exposition(everything(timezone.now(), within), [*counters.gauges(), *_hostile()])
    done = subprocess.run(
        [str(_CLIENT), "-c", _READ], input=said, capture_output=True, text=True, check=True
    )
    read = json.loads(done.stdout)
    assert read["xiangyun_http_answers"][0] == "counter"
    assert read["xiangyun_http_answer_seconds"][0] == "histogram"
    assert read["xiangyun_database_up"] == ["gauge", [["xiangyun_database_up", {}, 1.0]]]
    samples = [sample for _, some in read.values() for sample in some]
    lines = [line for line in said.splitlines() if line and not line.startswith("# ")]
    assert len(samples) == len(lines), "no line is left out"
    assert ["xiangyun_certificate_days_left", {"of": 'a"b\\c\nd'}, 1.0] in samples


def test_a_histogram_counts_upwards() -> None:
    before = {str(each.labels): each.value for each in counters.gauges()}
    counters.count(1, "200 OK", 0.2)
    counters.count(70, "503 Service Unavailable", 60)
    risen = {
        each.labels["le"]: each.value - before[str(each.labels)]
        for each in counters.gauges()
        if "le" in each.labels
    }
    assert (risen["0.15"], risen["0.3"], risen["10.0"], risen["+Inf"]) == (0, 1, 1, 2)


def test_words_in_labels_cannot_break_a_line() -> None:
    said = exposition([Reading("a", "keys", Text("甲", "a"), Text("乙", "b"))], _hostile())
    assert r'of="a\"b\\c\nd"' in said


def _hostile() -> list[Gauge]:
    return [Gauge("certificate_days_left", 1, {"of": 'a"b\\c\nd'})]
