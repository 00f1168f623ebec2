"""Read releases: the newest, those before, what is late, and which files they name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.pack.kind import Declaration
from xiangyun.kernel.projection import DataSet, Period, period_of
from xiangyun.kernel.projection.model import UPDATES

from .actions import due_on
from .building import all_declared, period_due
from .models import Release

__all__ = ["Release", "Standing", "digests_named", "standing", "standings", "waiting"]
PUBLISHED = (Release.State.PUBLISHED, Release.State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """A data set with its releases, the newest first, stones among them."""

    declaration: Declaration
    releases: tuple[Release, ...]
    late: Period | None
    """The period that should have been published by now."""

    @property
    def dataset(self) -> DataSet:
        found: DataSet = self.declaration.value
        return found

    @property
    def latest(self) -> Release | None:
        """The newest that is given out."""
        return next((r for r in self.releases if r.state == Release.State.PUBLISHED), None)

    @property
    def modified(self) -> date | None:
        latest = self.latest
        return latest.published_at.date() if latest and latest.published_at else None

    def period_of(self, release: Release) -> Period | None:
        """The last period that a release covers."""
        length = UPDATES[self.dataset.update]
        return None if length is None or release.period is None else period_of(
            release.period, length
        )  # fmt: skip


def standings(on: date, codes: Collection[str] | None = None) -> list[Standing]:
    """The open data sets in force, or some of them: two statements, whatever their number."""
    declared = [d for d in all_declared() if codes is None or d.code in codes]
    with acting_as(SYSTEM):
        found = list(
            Release.objects.filter(
                dataset__in=[d.code for d in declared], state__in=PUBLISHED
            ).order_by("-number")
        )
    by_code: dict[str, list[Release]] = {d.code: [] for d in declared}
    for release in found:
        by_code[release.dataset].append(release)
    return [
        Standing(each, tuple(by_code[each.code]), _late(each.value, by_code[each.code], on))
        for each in declared
        if each.value.opening != "none"
    ]


def standing(code: str, on: date) -> Standing | None:
    """One of them."""
    return next(iter(standings(on, [code])), None)


def waiting() -> list[Release]:
    """What waits for a second pair of eyes."""
    with acting_as(SYSTEM):
        return list(Release.objects.filter(state=Release.State.BUILT).order_by("dataset"))


def _late(dataset: DataSet, releases: list[Release], on: date) -> Period | None:
    period = period_due(dataset, on)
    if period is None:
        return None
    by = due_on(dataset, period.last)
    given = next((r for r in releases if r.state == Release.State.PUBLISHED), None)
    has = given is not None and given.period is not None and given.period >= period.first
    return period if by is not None and by < on and not has else None


def digests_named(some: Collection[str]) -> set[str]:
    """Those of some digests that a release has; a withdrawn one still proves what it was."""
    found = Release.objects.filter(Q(digest__in=some) | Q(whole__in=some))
    pairs = found.values_list("digest", "whole")
    return {digest for pair in pairs for digest in pair if digest} & set(some)
