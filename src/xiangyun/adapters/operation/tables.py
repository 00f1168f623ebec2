"""What the tables tell: jobs, parked work, the journal. Each look is one or two statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.migrations.loader import MigrationLoader
from psycopg import Connection

from xiangyun.kernel.findings import Text

from .probe import one
from .values import Gauge, Mood, Reading, days_left

Look = Callable[[Connection[Any], datetime], Iterator[Reading]]

_WAITED_LONG = timedelta(minutes=10)
_SILENT = timedelta(minutes=2)
AUDITED = timedelta(days=2)
"""It is done every night: after so long without one, something keeps it from being done."""
_UNSEALED_LONG = timedelta(minutes=10)
_SKEW = timedelta(seconds=5)


def _server(connection: Connection[Any], now: datetime) -> Iterator[Reading]:
    version, size, clock, used, most, standbys, wanted = one(
        connection,
        """
        SELECT current_setting('server_version'), pg_database_size(current_database()),
               clock_timestamp(), (SELECT count(*) FROM pg_stat_activity),
               current_setting('max_connections')::int,
               (SELECT count(*) FROM pg_stat_replication),
               current_setting('synchronous_standby_names')
        """,
    )
    yield Reading(
        "versions.postgresql",
        "versions",
        Text("PostgreSQL", "PostgreSQL"),
        Text.given(version, version),
        gauges=(Gauge("postgresql_info", 1, {"version": version}),),
    )
    yield Reading(
        "database.size",
        "database",
        Text("大小", "Size"),
        Text("{mb} MB", "{mb} MB", mb=size // 1048576),
        gauges=(Gauge("database_bytes", size),),
    )
    yield Reading(
        "database.connections",
        "database",
        Text("连接数", "Connections"),
        Text("{used} / {most}", "{used} of {most}", used=used, most=most),
        "look" if used * 10 >= most * 9 else "good",
        Text(
            "连接快用完了：请减少进程和线程，或调高 max_connections。",
            "They are nearly used up: run fewer processes and threads, or raise max_connections.",
        ),
        (Gauge("database_connections", used), Gauge("database_connections_limit", most)),
    )
    lacking = bool(wanted) and not standbys
    yield Reading(
        "database.standbys",
        "database",
        Text("备用库", "Standbys"),
        Text("{n} 个", "{n}", n=standbys),
        "bad" if lacking else "good",
        Text(
            "要求同步备用库却没有一个连着：写入会一直等待。请查看备用库。",
            "A synchronous standby is asked for and none is there: writes wait. Look at it.",
        ),
        (Gauge("database_standbys", standbys),),
    )
    skew = abs(clock - now) if _is_live(clock, now) else timedelta(0)
    yield Reading(
        "database.clock",
        "database",
        Text("与本机时钟相差", "Clock apart from this machine's"),
        Text("{s} 秒", "{s} s", s=round(skew.total_seconds(), 1)),
        "look" if skew > _SKEW else "good",
        Text("请在两台机器上都启用时间同步（NTP）。", "Let NTP keep the time on both machines."),
        (Gauge("database_clock_skew_seconds", skew.total_seconds()),),
    )


def _is_live(clock: datetime, now: datetime) -> bool:
    """Whether `now` is meant as the present: a look at another moment has no clock to compare."""
    return abs(clock - now) < timedelta(days=1)


def _schema(connection: Connection[Any], now: datetime) -> Iterator[Reading]:
    known = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    missing = sorted(f"{app}.{name}" for app, name in _on_disk() - known)
    yield Reading(
        "database.schema",
        "database",
        Text("表结构", "Tables"),
        Text(
            "缺 {n} 项迁移：{some}",
            "{n} {n|migration is|migrations are} missing: {some}",
            n=len(missing),
            some=missing[:3],
        )
        if missing
        else Text("与程序一致", "as the program wants them"),
        "bad" if missing else "good",
        Text("重新启动 xiangyun serve 会更新表结构。", "A start of xiangyun serve updates them."),
        (Gauge("migrations_missing", len(missing)),),
    )


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    """What this program brings; a squashed or replaced migration does not count as missing."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    disk = loader.disk_migrations or {}
    return frozenset(key for key, migration in disk.items() if not migration.replaces)


def _jobs(connection: Connection[Any], now: datetime) -> Iterator[Reading]:
    rows = connection.execute(
        """
        SELECT queue_name,
               count(*) FILTER (WHERE status = 'todo' AND (scheduled_at <= %s) IS NOT FALSE),
               count(*) FILTER (WHERE status = 'doing'),
               count(*) FILTER (WHERE status = 'failed')
        FROM procrastinate_jobs GROUP BY queue_name ORDER BY queue_name
        """,
        [now],
    ).fetchall()
    waiting, doing, failed = (sum(row[n] for row in rows) for n in (1, 2, 3))
    gauges = [
        Gauge("jobs", row[n], {"queue": row[0], "state": state})
        for row in rows
        for n, state in ((1, "waiting"), (2, "running"), (3, "failed"))
    ]
    [since] = one(
        connection,
        """
        SELECT min(COALESCE(j.scheduled_at, e.at)) FROM procrastinate_jobs j
        LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
        WHERE j.status = 'todo' AND COALESCE(j.scheduled_at, %s) <= %s
        """,
        now,
        now,
    )
    waited = max(now - since, timedelta(0)) if since else timedelta(0)
    gauges.append(Gauge("jobs_oldest_seconds", waited.total_seconds()))
    yield Reading(
        "jobs.waiting",
        "jobs",
        Text("等待和执行中", "Waiting and running"),
        Text(
            "等待 {waiting}，执行中 {doing}，最久已等 {s} 秒",
            "{waiting} waiting, {doing} running; the oldest has waited {s} s",
            waiting=waiting,
            doing=doing,
            s=round(waited.total_seconds()),
        ),
        "look" if waited > _WAITED_LONG else "good",
        Text(
            "任务积压：请看任务进程是否在运行，以及它的日志。",
            "Jobs pile up: see whether the worker runs, and look at its log.",
        ),
        tuple(gauges),
    )
    yield Reading(
        "jobs.failed",
        "jobs",
        Text("失败的任务", "Failed jobs"),
        Text.given(str(failed), str(failed)),
        "look" if failed else "good",
        Text(
            "原因写在任务进程的日志里，按任务编号查找。",
            "The log of the worker says why, by the number of the job.",
        ),
    )
    [beat] = one(connection, "SELECT max(last_heartbeat) FROM procrastinate_workers")
    silent = beat is None or (now - beat > _SILENT)
    yield Reading(
        "jobs.worker",
        "jobs",
        Text("任务进程", "Worker"),
        Text("没有运行", "does not run") if silent else Text("在运行", "runs"),
        "look" if silent else "good",
        Text(
            "请启动 xiangyun serve，或 python -m xiangyun.site.worker。",
            "Start xiangyun serve, or python -m xiangyun.site.worker.",
        ),
        (Gauge("worker_up", float(not silent)),),
    )


_PARKED: tuple[tuple[str, Text, str, Text], ...] = (
    (
        "messages_undelivered",
        Text("未送到的往来报文", "Messages that were not delivered"),
        "SELECT count(*) FROM exchange_outgoing WHERE state = 'dead'",
        Text("请在“往来”页重发或放弃。", "Send them again or give them up on the page Exchange."),
    ),
    (
        "messages_not_dealt_with",
        Text("处理失败的来文", "Messages that could not be dealt with"),
        "SELECT count(*) FROM exchange_incoming WHERE state = 'failed'",
        Text("请在“往来”页再次处理。", "Deal with them again on the page Exchange."),
    ),
    (
        "cases_standing_still",
        Text("停滞的办件", "Cases that stand still"),
        "SELECT count(*) FROM cases_workitem WHERE kind = 'incident' AND closed_at IS NULL",
        Text("督办人员在待办里可以再试。", "Supervisors find them in their queue and try again."),
    ),
    (
        "notices_undelivered",
        Text("未送达的通知", "Notices that were not delivered"),
        "SELECT count(*) FROM messaging_delivery WHERE state = 'failed'",
        Text(
            "请查看邮件和短信的设置与对方的答复。",
            "Look at the settings of mail and text messages, and at what the providers answered.",
        ),
    ),
)


def _parked(connection: Connection[Any], now: datetime) -> Iterator[Reading]:
    for name, words, query, hint in _PARKED:
        [count] = one(connection, query)
        yield Reading(
            f"parked.{name}",
            "parked",
            words,
            Text.given(str(count), str(count)),
            "look" if count else "good",
            hint,
            (Gauge("parked", count, {"kind": name}),),
        )


def _journal(connection: Connection[Any], now: datetime) -> Iterator[Reading]:
    leaves, unsealed, since = one(
        connection,
        """
        WITH sealed AS (SELECT index, entry_id FROM journal_leaf ORDER BY index DESC LIMIT 1)
        SELECT COALESCE((SELECT index + 1 FROM sealed), 0), count(*), min(at) FROM journal_entry
        WHERE id > COALESCE((SELECT entry_id FROM sealed), 0)
        """,
    )
    waited = max(now - since, timedelta(0)) if since else timedelta(0)
    yield Reading(
        "journal.sealing",
        "journal",
        Text("日志封存", "Sealing"),
        Text(
            "已封存 {leaves} 条，待封存 {unsealed} 条",
            "{leaves} sealed, {unsealed} not yet",
            leaves=leaves,
            unsealed=unsealed,
        ),
        "look" if waited > _UNSEALED_LONG else "good",
        Text(
            "封存由任务进程每分钟进行：请看它是否在运行。",
            "The worker seals every minute: see whether it runs.",
        ),
        (Gauge("journal_leaves", leaves), Gauge("journal_unsealed", unsealed)),
    )
    yield _audit(last_audit(connection), now)


def last_audit(connection: Connection[Any]) -> tuple[int, datetime] | None:
    """How many differences the last audit found, and when it ended; None where there was none."""
    found: tuple[int, datetime] | None = connection.execute(
        "SELECT jsonb_array_length(findings), ended_at FROM journal_audit ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return found


def _audit(last: tuple[int, datetime] | None, now: datetime) -> Reading:
    name = Text("审计", "Audit")
    hint = Text(
        "请运行 xiangyun audit；已有结果用 xiangyun audit --last 查看。",
        "Run xiangyun audit; xiangyun audit --last tells what the last one found.",
    )
    if last is None:
        return Reading(
            "journal.audit", "journal", name, Text("还没有审计过", "none yet"), "look", hint
        )
    found, ended = last
    ago = now - ended
    mood: Mood = "bad" if found else "look" if ago > AUDITED else "good"
    said = Text(
        "{days} 天前，{found} 处不符",
        "{days} {days|day|days} ago, {found} {found|difference|differences}",
        days=ago.days,
        found=found,
    )
    gauges = (
        Gauge("audit_findings", found),
        Gauge("audit_age_seconds", max(ago.total_seconds(), 0)),
    )
    return Reading("journal.audit", "journal", name, said, mood, hint, gauges)


def _partners(connection: Connection[Any], now: datetime) -> Iterator[Reading]:
    rows = connection.execute(
        """
        SELECT p.organisation, max(COALESCE(k.last, 'infinity'::timestamptz) - %s)
        FROM exchange_partnerkey k JOIN exchange_partner p ON p.organisation = k.partner_id
        WHERE k.revoked_at IS NULL AND k.last IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM exchange_partnerkey o WHERE o.partner_id = k.partner_id
          AND o.revoked_at IS NULL AND o.last IS NULL)
        GROUP BY p.organisation ORDER BY p.organisation
        """,
        [now],
    ).fetchall()
    for organisation, left in rows:
        yield days_left(
            f"keys.partner.{organisation}",
            Text("往来机构 {organisation}", "Partner {organisation}", organisation=organisation),
            left.days,
            of=f"partner {organisation}",
            hint=Text(
                "请向对方要新公钥，用 xiangyun exchange 登记。",
                "Ask them for a new public key and enter it with xiangyun exchange.",
            ),
        )


def archiving(connection: Connection[Any]) -> tuple[bool, str | None]:
    """Whether changes are archived at all, and the piece at which that fails now."""
    on, failed = one(
        connection,
        """
        SELECT current_setting('archive_mode') <> 'off' AND last_archived_time IS NOT NULL,
            CASE WHEN last_failed_time > COALESCE(last_archived_time, '-infinity')
                THEN last_failed_wal END
        FROM pg_stat_archiver
        """,
    )
    return on, failed


def _archive(connection: Connection[Any], now: datetime) -> Iterator[Reading]:
    on, failed = archiving(connection)
    yield Reading(
        "disk.archive",
        "disk",
        Text("变更归档", "Archive of changes"),
        Text("失败：{piece}", "fails at {piece}", piece=failed)
        if failed
        else Text("进行中", "goes on")
        if on
        else Text("没有进行", "there is none"),
        "bad" if failed else "good" if on else "look",
        Text(
            "请看备份文件夹的空间和权限；从未备份的，请运行 xiangyun backup。",
            "Look at room and rights of the backup's folder; without one run xiangyun backup.",
        ),
    )


LOOKS: tuple[Look, ...] = (_server, _schema, _jobs, _parked, _journal, _partners, _archive)
