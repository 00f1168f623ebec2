"""Cases that ended long ago: what moves to the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from xiangyun.domain.cases.models import Case
from xiangyun.kernel.service.retention import Retention, months_after

_SHORT_MONTHS = timedelta(days=4)
"""A day of a long month may fall on the last of a short one: what is near is looked at singly."""


def ended_cases(service: str, retention: Retention, today: date, at_most: int) -> Iterator[Case]:
    """Closed cases of a service whose time online is over, the oldest first; as the platform."""
    before = months_after(today, -retention.online_months) + _SHORT_MONTHS
    moment = timezone.make_aware(datetime.combine(before, time.min))
    found = (
        Case.objects.filter(version__code=service, ended_at__lt=moment)
        .select_related("version")
        .defer("version__files")
        .order_by("ended_at", "pk")
    )
    for case in found[:at_most].iterator():
        assert case.ended_at is not None
        if retention.moves_on(timezone.localdate(case.ended_at)) <= today:
            yield case
