"""Tables brought up to what this build wants; an instance that cannot be carried on is told so."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from xiangyun.adapters import privileges
from xiangyun.kernel.findings import Conflict, Finding, Place, Text

OWNER = "owner"


def bring_up_to_date() -> None:
    """Apply the migrations that are missing, and grant what the models declare.

    Raises `Refused`: `instance.E001` for an instance of a later build, `instance.E002` for one
    whose tables are not those of the migrations it says it has, `instance.E003` where a migration
    failed. Nothing is changed by the first two.
    """
    connection = connections[OWNER]
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    applied = set(executor.loader.applied_migrations)
    if unknown := sorted(
        f"{app}.{name}"
        for app, name in applied - executor.loader.disk_migrations.keys()
        if app in executor.loader.migrated_apps
    ):
        raise Conflict([_finding("E001", _LATER, ", ".join(unknown))])
    if missing:
        if applied and (other := _differs(executor)):
            raise Conflict([_finding("E002", _OTHERWISE, other)])
        try:
            call_command("migrate", database=OWNER, verbosity=0)
        except DatabaseError as problem:
            raise Conflict([_finding("E003", _FAILED, str(problem).strip())]) from problem
    else:  # what is declared may have changed without a migration
        privileges.grant(connection)


_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname
"""


def _differs(executor: MigrationExecutor) -> str:
    """The first table whose columns are not what its applied migrations say, with them."""
    loader = executor.loader
    nodes = [node for node in loader.graph.nodes if node in loader.applied_migrations]
    state = loader.graph.make_state(nodes=nodes, at_end=True) if nodes else None
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("xiangyun.")}
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_COLUMNS)
        found = {table: set(columns) for table, columns in cursor.fetchall()}
    for model in state.apps.get_models() if state else ():
        if model._meta.app_label not in ours:
            continue
        table = model._meta.db_table
        wanted = {field.column for field in model._meta.local_concrete_fields} - {None}
        there = found.get(table, set())
        # What migrations write in SQL may have columns that they do not tell Django of.
        odd = wanted ^ there if model._meta.managed else wanted - there
        if odd:
            return f"{table} ({', '.join(sorted(odd))})"
    return ""


_Words = tuple[Text, Text]


def _finding(number: str, words: _Words, which: str) -> Finding:
    message, hint = words
    told = message.filled({"which": which})
    return Finding(f"instance.{number}", "error", told, Place("DATABASE_URL"), hint)


_LATER = (
    Text(
        "这个实例是由更新的版本建立的：本版本不认识 {which}。",
        "This instance belongs to a later build; this one does not know {which}.",
    ),
    Text("请安装更新的版本。", "Install the later build."),
)
_OTHERWISE = (
    Text(
        "这个实例由冻结迁移之前的开发版本建立，不能继续使用；不相符的表：{which}。",
        "This instance was made by a development build from before migrations were frozen and "
        "cannot be carried on; the table that differs: {which}.",
    ),
    Text(
        "什么也没有改动。请另建新的实例（换一个 XIANGYUN_HOME 或数据库），旧数据用原来的版本查看。",
        "Nothing was changed. Begin a new instance (another XIANGYUN_HOME or database); the old "
        "data can be read with the build that made them.",
    ),
)
_FAILED = (
    Text("升级没有完成：{which}", "The upgrade did not come to its end: {which}"),
    Text(
        "已完成的步骤保留。请消除原因后再次启动，或从升级前的备份恢复。",
        "What was done stays. Remove the cause and start again, or restore the backup of before.",
    ),
)
