"""Read parties: by id, by code, and who acts for whom today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, QuerySet, UUIDField
from django.db.models.functions import Coalesce

from .models import Kind, Party, Representation

__all__ = [
    "Acting",
    "Kind",
    "Party",
    "Representation",
    "acting",
    "acting_for",
    "by_code",
    "by_codes",
    "joined",
    "names",
    "offices",
    "parties",
    "party",
    "represented_by",
    "representing",
    "standing",
]


@dataclass(frozen=True, slots=True)
class Acting:
    """For whom somebody may act: the party, what was joined with it, and in which matters."""

    party: UUID
    name: str
    kind: str
    matters: tuple[int, ...]
    joined: tuple[UUID, ...]


def party(ident: UUID) -> Party:
    """A party as far as the one who asks may see it; `Party.DoesNotExist` for none."""
    return Party.objects.get(pk=ident)


def parties(idents: Iterable[UUID]) -> dict[UUID, Party]:
    """Parties by their ids, as far as the one who asks may see them."""
    return Party.objects.in_bulk(list(idents))


def by_code(kind: str, code: str) -> Party | None:
    """The party of this kind with exactly this code; of duplicates the one that stays."""
    of_kind = Party.objects.filter(kind=kind, code=code.strip().upper())
    found = of_kind.order_by(F("merged_into").asc(nulls_first=True)).first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def by_codes(kind: str, codes: Iterable[str], using: str = "default") -> dict[str, UUID]:
    """The parties of this kind with these codes, each by its code; for a million at a time."""
    found = Party.objects.using(using).filter(kind=kind, code__in=set(codes))
    stays = Coalesce("merged_into", "pk")
    joined_first = found.order_by(F("merged_into").asc(nulls_last=True))
    return dict(joined_first.values_list("code", stays))


def names(idents: Iterable[UUID]) -> dict[UUID, str]:
    """The names of parties, as far as the one who asks may see them."""
    return dict(Party.objects.filter(pk__in=set(idents)).values_list("pk", "name"))


def joined(outer: str = "pk") -> Any:
    """For another table's question: the duplicates that were joined with the party named there."""
    return Func(outer, function="xiangyun_joined", output_field=ArrayField(UUIDField()))


def standing(on: date) -> QuerySet[Representation]:
    """The representations that stand on a day, as far as the one who asks may see them."""
    within = Q(from_on__lte=on) & (Q(to_on=None) | Q(to_on__gte=on))
    return Representation.objects.filter(within, ended_at=None).select_related(
        "party", "representative"
    )


def acting(representative: UUID, party_id: UUID, on: date) -> Acting | None:
    """For whom this representative may act, if for this party on this day; otherwise None.

    Several representations of one party add up; one in all matters is all matters.
    """
    found = list(standing(on).filter(representative=representative, party=party_id))
    if not found:
        return None
    of = found[0].party
    matters = {number for each in found for number in each.matters}
    everything = any(not each.matters for each in found)
    duplicates = Party.objects.filter(merged_into=party_id).values_list("pk", flat=True)
    return Acting(
        of.pk,
        of.name,
        of.kind,
        () if everything else tuple(sorted(matters)),
        tuple(duplicates),
    )


def representing(representative: UUID, on: date) -> list[Representation]:
    """For whom this party may act on a day, by name."""
    return list(standing(on).filter(representative=representative).order_by("party__name", "pk"))


def acting_for(party_id: UUID, matter: int, on: date) -> list[UUID]:
    """Who may act for a party in a matter on a day."""
    about = Q(matters=[]) | Q(matters__contains=[matter])
    found = standing(on).filter(about, party=party_id).order_by("pk")
    return list(dict.fromkeys(found.values_list("representative", flat=True)))


def represented_by(party_id: UUID) -> list[Representation]:
    """Who acts or acted for a party, what stands first, then the latest."""
    found = Representation.objects.filter(party=party_id).select_related("representative")
    return sorted(found, key=lambda each: (each.ended_at is not None, -each.pk))


def offices(department: int, division: int | None = None) -> list[Party]:
    """The offices of a department: everywhere, or in one place."""
    found = Party.objects.filter(kind=Kind.ORGANISATION, department=department, merged_into=None)
    if division is not None:
        found = found.filter(division=division)
    return list(found.order_by("division", "name"))
