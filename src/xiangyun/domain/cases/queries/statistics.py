"""Cases as rows for statistics: nothing of whom they are about."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from django.conf import settings

from xiangyun.kernel.codes.department import DEPARTMENTS

PLACE = "xiangyun_case_place(c.division, c.variables, v.found_by #>> '{listing,place}')"


def case_rows(
    on: str,
    service: str = "%(service)s",
    answers: Collection[str] = (),
    *,
    findings: Mapping[str, Sequence[str]] | None = None,
    secret: bool = False,
) -> str:
    """A query for the rows of `kernel.projection.CASE_FIELDS`, with `_key` and `_division`.

    `on`: SQL for the day by which a case that has not ended counts as late. `service`: SQL for the
    code of the service, `all` for every one. `answers`: questions, none of them sensitive, whose
    answers are columns besides; keys of forms are plain words. `findings`: columns that count the
    decisions of a case that told one of these findings, by their ids. `secret`: cases above
    ordinary need, too. `_division` is the town or village that the application names, within the
    county whose office decides. Whoever runs it has to see all cases.
    """
    told = "".join(f", c.variables #>> '{{application,{each}}}' AS \"{each}\"" for each in answers)
    told += "".join(f', {_telling(ids)} AS "{name}"' for name, ids in (findings or {}).items())
    need = "true" if secret else "c.need = 0"
    zone = settings.TIME_ZONE.replace("'", "''")
    departments = ", ".join(f"({d.number}, '{d.key}')" for d in DEPARTMENTS.values())
    submitted = f"(c.submitted_at AT TIME ZONE '{zone}')::date"
    ended = f"(c.ended_at AT TIME ZONE '{zone}')::date"
    return f"""
SELECT c.id::text AS _key, {PLACE} AS _division, c.number, v.code AS service,
    d.key AS department, CASE WHEN c.filed_by IS NULL THEN 'online' ELSE 'desk' END AS desk,
    {submitted} AS submitted, {ended} AS ended, c.due_on AS due, c.statutory_on AS statutory,
    nullif(c.outcome, '') AS outcome, coalesce({ended}, {on}) <= c.due_on AS on_time,
    {ended} - {submitted} AS days, jsonb_array_length(c.pauses) AS pauses, r.stars{told}
FROM cases_case c
JOIN catalogue_serviceversion v ON v.id = c.version_id
LEFT JOIN (VALUES {departments}) AS d(number, key) ON d.number = c.matter
LEFT JOIN cases_rating r ON r.case_id = c.id
WHERE {need} AND ({service} = 'all' OR v.code = {service})"""


def _telling(ids: Sequence[str]) -> str:
    """How many decisions of the case told one of these findings."""
    wanted = ", ".join("'" + json.dumps([{"id": each}]).replace("'", "''") + "'" for each in ids)
    return (
        "(SELECT count(*) FROM cases_decision e WHERE e.case_id = c.id"
        f" AND e.trace -> 'findings' @> ANY (ARRAY[{wanted}]::jsonb[]))"
    )
