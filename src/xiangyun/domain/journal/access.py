"""Who may read an entry: the offices of its place and matter, the party it is about, and whoever
sees what it is about.

The same predicate as the table's row-level security, put into the query as well, so that a
connection under a stronger role (a migration, a shell) shows no more than a page does. Both
take who asks from `accounts.access.acting_as`; outside of it nothing is visible.
"""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Q, QuerySet

from .models import Entry

READABLE = (
    "xiangyun_in_matter(need, matter, division) OR xiangyun_is_subject(owner, matter)"
    " OR xiangyun_sees_subject(subject)"
)
"""The same as a condition of a statement."""


def readable() -> QuerySet[Entry]:
    """The entries that the one who asks may read."""
    return Entry.objects.filter(
        Q(_asked("xiangyun_in_matter", "need", "matter", "division"))
        | Q(_asked("xiangyun_is_subject", "owner", "matter"))
        | Q(_asked("xiangyun_sees_subject", "subject"))
    )


def _asked(function: str, *columns: str) -> Func:
    return Func(*map(F, columns), function=function, output_field=BooleanField())
