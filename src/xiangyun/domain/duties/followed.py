"""What became of the cases that duties opened: by when their work is due, when they ended.

Read from the journal behind it, as every follower is: whatever step moved a deadline or ended a
case left an entry. The platform reads, so that sealed cases count as all others do.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.journal.queries import Entry

from .models import Standing


def take(entries: Sequence[Entry]) -> None:
    """Bring what stands of these cases up to what they are now; seen again it changes nothing."""
    told = {case.pk: case for case in cases.numbered({entry.subject for entry in entries})}
    standing = list(Standing.objects.filter(case__in=list(told)))
    if not standing:
        return
    due = cases.first_due(each.case for each in standing if each.case is not None)
    changed = []
    for each in standing:
        assert each.case is not None
        ended = told[each.case].ended_at
        done_on = each.done_on if ended is None else timezone.localdate(ended)
        if (each.due_on, each.done_on) != (due.get(each.case), done_on):
            each.due_on, each.done_on = due.get(each.case), done_on
            changed.append(each)
    Standing.objects.bulk_update(changed, ["due_on", "done_on"])
