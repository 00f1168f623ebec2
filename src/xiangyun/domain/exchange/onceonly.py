"""Once only: which requirements are met by evidence that another office gives, and who gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.connector.requirement import EvidenceType, Provider, Requirement

from . import queries
from .models import Partner


@dataclass(frozen=True, slots=True)
class Given:
    """A provider as the citizen may choose it: `open` is whether it can be asked today, `basis` by
    which right."""

    evidence: EvidenceType
    provider: Provider
    open: bool
    simulated: bool
    basis: str


@dataclass(frozen=True, slots=True)
class Met:
    """A requirement for a place: who gives evidence, and what nobody gives, which is named."""

    requirement: Requirement
    given: Sequence[Given]
    missing: Sequence[EvidenceType]


def requirement(code: str) -> Requirement | None:
    """The requirement that is in force under a code; None for none."""
    with acting_as(SYSTEM):
        found = catalogue.declaration("requirement", code)
    return found.value if found is not None else None


def requirements(division: str, at: datetime) -> list[Met]:
    """All that are declared, with who gives evidence about a place, by the beginning of its code;
    about any place, where it is empty."""
    with acting_as(SYSTEM):
        declared: list[Requirement] = [each.value for each in catalogue.declared("requirement")]
        reached = set(Partner.objects.exclude(address="").values_list("organisation", flat=True))
    connectors = {each.code: each for each in queries.connectors()}
    today, found = timezone.localdate(at), []
    for requirement in declared:
        given = []
        for evidence, provider in (
            requirement.providers_of(division) if division else _all(requirement)
        ):
            connector = connectors.get(provider.connector)
            right = (
                connector.right(provider.organisation, provider.message, today)
                if connector
                else None
            )
            given.append(
                Given(
                    evidence,
                    provider,
                    right is not None,
                    provider.organisation not in reached,
                    right.basis if right else "",
                )
            )
        missing = requirement.missing_for(division) if division else []
        found.append(Met(requirement, given, missing))
    return found


def _all(requirement: Requirement) -> list[tuple[EvidenceType, Provider]]:
    return [(each, provider) for each in requirement.evidence for provider in each.providers]
