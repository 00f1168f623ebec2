"""Ended and running cases as rows of the national exchange tables `up_pro_*`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from xiangyun.domain.cases.models import Case
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.service.nationaltables import Values
from xiangyun.kernel.worktime import office_time


def accepted_rows(since: datetime, most: int = 10_000) -> list[Values]:
    """Cases filed since a moment, by the keys of `up_pro_accept`; sealed ones are left out."""
    return [
        {
            "number": case.number,
            "code": case.version.code,
            "name": case.version.name_zh,
            "version": Decimal(case.version.number),
            "applied_on": office_time(case.submitted_at).date(),
            "accepted_on": case.clock_from,
            "due_on": case.due_on,
            "applicant": case.applicant_name,
            "division": f"{case.division:012}",
            "subject": case.subject or case.version.name_zh,
        }
        for case in _cases(since, most)
    ]


def process_rows(since: datetime, most: int = 10_000) -> list[Values]:
    """What the journal says was done in these cases, by the keys of `up_pro_process`."""
    numbers = [case.number for case in _cases(since, most)]
    entries = journal.entries_about(numbers)
    rows: list[Values] = []
    for number in numbers:
        for order, entry in enumerate(entries.get(number, ()), 1):
            said = entry.data if isinstance(entry.data, dict) else {}
            rows.append(
                {
                    "number": number,
                    "order": Decimal(order),
                    "step": str(said.get("task") or entry.verb),
                    "action": entry.verb,
                    "at": office_time(entry.at).isoformat(timespec="seconds"),
                    "who": entry.actor_name or "—",
                    "note": str(said["note"]) if said.get("note") else None,
                }
            )
    return rows


def result_rows(since: datetime, most: int = 10_000) -> list[Values]:
    """How those that ended came out, by the keys of `up_pro_result`."""
    return [
        {
            "number": case.number,
            "outcome": case.outcome or "—",
            "ended_on": office_time(case.ended_at).date(),
            "certificate_name": None,
            "certificate_number": None,
        }
        for case in _cases(since, most)
        if case.ended_at
    ]


def _cases(since: datetime, most: int) -> Iterator[Case]:
    rows = Case.objects.filter(submitted_at__gte=since, need=0).select_related("version")
    return iter(rows.defer("variables", "state", "version__files").order_by("submitted_at")[:most])
