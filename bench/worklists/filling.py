"""Fill an instance with so many cases, each with one open task: the hard case for a queue.

All people and companies are made up, and say so. Everything about a case follows from its number
by a hash, so that the small instance is a sample of the large one. Lines lie in the table in the
order of their numbers, which says nothing about division, role or deadline.
"""

from __future__ import annotations

from datetime import date

import psycopg

TODAY = date(2026, 4, 9)
SLOTS = 200_000
ROLES = (
    ("{acceptor:market_supervision}", 40),
    ("{reviewer:market_supervision}", 30),
    ("{approver:market_supervision}", 15),
    ("{assessor:civil_affairs}", 10),
    ("{applicant}", 3),
    ("{reviewer:market_supervision,assessor:civil_affairs}", 1),
    ("{supervisor}", 0.7),
    ("{reviewer:fire}", 0.3),
)
"""Who the open tasks wait for, in percent, each of a department; the last is a rare role."""
SERVICES = (
    ("market/company-registration", 60, 0),
    ("eldercare/basic-services", 25, 4),
    ("eldercare/ability-assessment", 10, 6),
    ("construction/project-approval", 5, 15),
)
"""Services, in percent, with the days before the deadline on which a task turns amber."""

# A case in ten lies in a village, two in a town, seven in a county, or above one. The n-th
# largest town has 1/n of the tasks of the largest, so that some offices have more than a page
# of work among 100,000 cases, and many have none.
PLACES = """
CREATE TABLE bench_place AS
SELECT row_number() OVER () - 1 AS n, code AS division
FROM (
    SELECT code, level, share * (1 / rank) / sum(1 / rank) OVER (PARTITION BY share) AS weight
    FROM (
        SELECT code, level,
            CASE level WHEN 6 THEN 0.1 WHEN 5 THEN 0.2 ELSE 0.7 END AS share,
            CASE WHEN level > 4 THEN row_number() OVER (PARTITION BY level ORDER BY hashint8(code))
                ELSE 1 END::float AS rank
        FROM divisions_division WHERE code / 10000000000 = 22
    ) AS ranked
) AS weighted, generate_series(1, greatest(1, round(weight * %(slots)s)::int))
"""
CHOICES = """
CREATE TABLE bench_role AS
SELECT row_number() OVER () - 1 AS n, groups::text[], CASE split_part(groups, ':', 2)
    WHEN 'fire}' THEN 46 WHEN 'civil_affairs}' THEN 7 ELSE 25 END AS matter
FROM unnest(%(groups)s::text[], %(shares)s::float[]) AS r (groups, share),
    generate_series(1, (share * 10)::int);
CREATE TABLE bench_service AS
SELECT row_number() OVER () - 1 AS n, code, lead, element, v.id AS version
FROM unnest(%(codes)s::text[], %(parts)s::int[], %(leads)s::int[], %(elements)s::text[])
    AS s (code, part, lead, element)
    JOIN catalogue_serviceversion AS v USING (code), generate_series(1, part)
WHERE v.current
"""


def _draw(salt: int, table: str) -> str:
    return f"(hashint8extended(i, {salt}) & 4611686018427387903) % (SELECT count(*) FROM {table})"


# An eighth is overdue, by up to two months; the others are due within two months.
DRAWN = f"""
CREATE VIEW bench_case AS
SELECT i, md5(i::text)::uuid AS id, division, groups, matter, code, version, lead, element,
    %(today)s::date + ((hashint8extended(i, 4) & 1048575) %% 120 - CASE
        WHEN (hashint8extended(i, 5) & 1048575) %% 8 = 0 THEN 120 ELSE 0 END)::int / 2 AS due_on
FROM generate_series(1::bigint, %(cases)s) AS i
    JOIN bench_place AS p ON p.n = {_draw(1, "bench_place")}
    JOIN bench_role AS r ON r.n = {_draw(2, "bench_role")}
    JOIN bench_service AS s ON s.n = {_draw(3, "bench_service")}
""".replace(") % (", ") %% (")
CASES = """
INSERT INTO cases_case (id, number, version_id, division, matter, owner, applicant_name, subject,
    filed_by_name, filed_desk, variables, state, awaiting, passed, outcome, pauses, clocks,
    submitted_at, clock_from, due_on, statutory_on, revision)
SELECT id, 'T' || lpad(i::text, 12, '0'), version, division, matter, md5('o' || i)::uuid,
    '测试人' || i || '（虚构）', '测试办件' || i || '（虚构）', '', '', '{}', '{"n":1,"t":{}}',
    '{}', '{}', '', '[]', '{}', due_on - interval '30 days', due_on - 30, due_on, due_on + 10, 1
FROM bench_case
"""
_ITEM = """
INSERT INTO cases_workitem (case_id, token, element, name, groups, headers, inputs, division,
    matter, service, role, county, place, opened_at, due_on, amber_on, own_due, closed_at, action,
    note, by_name, by_desk)
SELECT id, element || '~{number}', element, element, groups, '{{"actions": "agree"}}', '{{}}',
    division, matter, code, xiangyun_role_of(groups), division / 1000000,
    CASE WHEN division % 1000000 = 0 THEN 0 ELSE division END, due_on - interval '20 days',
    due_on, due_on - lead, false, {closed}, '', '', '', ''
FROM bench_case
"""
OPEN = _ITEM.format(number=2, closed="NULL")
CLOSED = _ITEM.format(number=1, closed="due_on - interval '15 days'") + " WHERE i % 4 = 0"
TABLES = ("cases_case", "cases_workitem")


def fill(
    address: str,
    cases: int,
    elements: dict[str, str],
    services: tuple[tuple[str, int, int], ...] = SERVICES,
) -> None:
    """Fill the empty tables; `elements` names a task for each service.

    In one transaction that also empties the tables, so that with wal_level=minimal the rows and
    indexes go straight into their files. Indexes are taken out of service and built at the end.
    """
    choices = {
        "groups": [groups for groups, _ in ROLES],
        "shares": [float(share) for _, share in ROLES],
        "codes": [code for code, _, _ in services],
        "parts": [part for _, part, _ in services],
        "leads": [lead for _, _, lead in services],
        "elements": [elements[code] for code, _, _ in services],
    }
    drawn = {"today": TODAY, "cases": cases}
    with psycopg.connect(address, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET work_mem = '64MB'")
        connection.execute("TRUNCATE cases_case CASCADE")
        connection.execute(
            "UPDATE pg_index SET indisready = false WHERE indrelid::regclass::text = ANY(%s)",
            [list(TABLES)],
        )
        connection.execute(PLACES, {"slots": SLOTS})
        connection.execute(CHOICES, choices)
        connection.execute(DRAWN, drawn)
        connection.execute("ANALYZE bench_place, bench_role, bench_service")
        for statement in (CASES, OPEN, CLOSED):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO cases_roleset SELECT DISTINCT xiangyun_role_of(groups), groups"
            " FROM bench_role WHERE cardinality(groups) > 1 ON CONFLICT DO NOTHING"
        )
        for table in TABLES:
            connection.execute(f"REINDEX TABLE {table}")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")


def busiest(address: str, level: int, number: int) -> list[int]:
    """The divisions of a level with the most open tasks."""
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT division FROM bench_place JOIN divisions_division ON code = division"
            " WHERE level = %s GROUP BY division ORDER BY count(*) DESC, division LIMIT %s",
            [level, number],
        )
        return [division for (division,) in found]


def gigabytes(address: str) -> float:
    """How large a database is."""
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return float(row[0]) / 2**30 if row else 0
