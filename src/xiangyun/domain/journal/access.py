"""Who may read an entry: the offices in whose divisions it lies, and the person it is about.

The same predicate as the table's row-level security, put into the query as well, so that a
connection under a stronger role (a migration, a shell) shows no more than a page does. Both
take who asks from `accounts.access.acting_as`; outside of it nothing is visible.
"""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Q, QuerySet

from .models import Entry


def readable() -> QuerySet[Entry]:
    """The entries that the one who asks may read."""
    in_scope = Func(F("division"), function="xiangyun_in_scope", output_field=BooleanField())
    is_own = Func(F("owner"), function="xiangyun_is_person", output_field=BooleanField())
    return Entry.objects.filter(Q(in_scope) | Q(is_own))
