"""Read the catalogue. A compiled pack is kept per version, since versions never change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from xiangyun.domain.accounts.declaredroles import declared_roles
from xiangyun.domain.editions import remembered
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import (
    Declaration,
    Known,
    Pack,
    published_declaration,
    published_pack,
)
from xiangyun.kernel.pack.certificatetypes import CertificateType, certificate_types
from xiangyun.kernel.pack.kinds.role import KIND as ROLES
from xiangyun.kernel.pack.kinds.role import DeclaredRole, roles_in
from xiangyun.kernel.pack.reader import read_item
from xiangyun.kernel.pack.registers import FORM
from xiangyun.kernel.service.certificate import FILE as CERTIFICATE
from xiangyun.kernel.service.model import PERSON, ServiceItem
from xiangyun.kernel.service.reader import FILE as SERVICE
from xiangyun.kernel.service.retention import Retention

from . import described as describing
from . import listing
from .described import Described
from .finding import published, search
from .listing import Listing
from .models import DeclarationVersion, PackRest, ServiceVersion
from .rereading import Reread

__all__ = [
    "DeclarationVersion",
    "Described",
    "InForce",
    "Listing",
    "ServiceVersion",
    "current_declarations",
    "current_services",
    "current_version",
    "declaration_versions",
    "first_services",
    "in_force",
    "known",
    "listed",
    "listing_of",
    "names_of",
    "number_of_services",
    "numbers",
    "offered",
    "pack",
    "pack_files",
    "roles",
    "search",
    "service_of",
    "version",
    "version_pack",
    "versions",
]


def current_services() -> list[ServiceVersion]:
    """The current version of every service, by name."""
    return list(_current_services())


@remembered("catalogue", 1)
def _current_services() -> tuple[ServiceVersion, ...]:
    def rows(asked: QuerySet[ServiceVersion]) -> Iterator[tuple[UUID, ServiceVersion]]:
        return ((each.pk, each) for each in asked.defer("files", "found_by"))

    return _read.of(_current(), rows)


_read = Reread[ServiceVersion]()


@remembered("catalogue", 1)
def number_of_services() -> int:
    """How many services there are now."""
    return ServiceVersion.objects.filter(current=True).count()


def first_services(
    codes: Sequence[str], most: int, *, of_persons: bool, opened_by: Collection[str]
) -> list[ServiceVersion]:
    """Current services that somebody begins in one of these ways, at most so many.

    Those of `codes` come first, in that order, then the others by name; for persons, or for others
    than persons. Two statements, however many services there are, and no pack is compiled.
    """
    by_way = Q(taken__opened_by__isnull=True)  # which are opened by applications alone
    for way in opened_by:
        by_way |= Q(taken__opened_by__contains=[way])
    persons = Q(taken__applicants__contains=[PERSON])
    others = ~Q(taken__applicants__contained_by=[PERSON])
    rows = ServiceVersion.objects.filter(by_way, persons if of_persons else others, current=True)
    rows = rows.defer("files", "found_by")
    place = {code: number for number, code in enumerate(codes)}
    found = sorted(rows.filter(code__in=list(codes)), key=lambda row: place[row.code])[:most]
    if len(found) < most:
        others_by_name = rows.exclude(code__in=list(codes)).order_by("name_zh")
        found += others_by_name[: most - len(found)]
    return found


def current_version(code: str) -> ServiceVersion:
    """The version new applications are made by; raises `ServiceVersion.DoesNotExist`."""
    found = offered(code)
    if found is None:
        raise ServiceVersion.DoesNotExist
    return found


@remembered("catalogue", 1024)
def offered(code: str) -> ServiceVersion | None:
    """The version new applications are made by; None for a service that is not offered.

    It is one for all who ask: nobody changes it.
    """
    return ServiceVersion.objects.defer("files").filter(code=code, current=True).first()


def numbers(code: str) -> list[int]:
    """The numbers of a service's versions, the oldest first."""
    found = ServiceVersion.objects.filter(code=code).order_by("number")
    return list(found.values_list("number", flat=True))


def versions(code: str) -> list[ServiceVersion]:
    """Every version of a service, the newest first, without their files."""
    return list(ServiceVersion.objects.defer("files").filter(code=code).order_by("-number"))


def version(code: str, number: int) -> ServiceVersion | None:
    """A published version without its files; None where there is none of this number."""
    return ServiceVersion.objects.defer("files").filter(code=code, number=number).first()


def version_pack(code: str, number: int) -> Pack:
    """The pack of a published version. Raises `ServiceVersion.DoesNotExist`."""
    return pack(ServiceVersion.objects.only("pk").get(code=code, number=number).pk)


def pack_files(code: str) -> dict[str, str]:
    """All files that a published pack consists of, of every kind, as they were published.

    Empty for a pack of which nothing is in force.
    """
    found: dict[str, str] = {}
    services = ServiceVersion.objects.filter(code=code, current=True)
    others = DeclarationVersion.objects.filter(pack=code, current=True)
    for files in (
        *services.values_list("files", flat=True),
        *others.values_list("files", flat=True),
    ):
        found |= files
    rest = PackRest.objects.filter(code=code).values_list("files", flat=True).first()
    if found and rest:
        found = {**rest, **found}
    return dict(sorted(found.items()))


@lru_cache(maxsize=4096)
def service_of(version_id: UUID) -> str:
    """The code of the service that a version is of."""
    return ServiceVersion.objects.values_list("code", flat=True).get(pk=version_id)


@lru_cache(maxsize=256)
def pack(version_id: UUID) -> Pack:
    """The compiled pack of a version."""
    return published_pack(ServiceVersion.objects.values_list("files", flat=True).get(pk=version_id))


def listing_of(version: ServiceVersion) -> Listing:
    """The line of a service in a list; compiles its pack only where none was kept with it."""
    stored = (version.found_by or {}).get("listing")
    return listing.read(stored) if stored else listing.listing_of(pack(version.pk))


def listed() -> list[tuple[str, Listing]]:
    """Every current service that can be looked for, by name: its code and its line in a list.

    From memory, as the search has them: one statement says whether that is still so.
    """
    return [
        (each.code, each.listing or listing.listing_of(pack(each.version))) for each in published()
    ]


def current_packs() -> list[Pack]:
    """The compiled packs of the current services, by name: for commands, and for tests.

    With more services than stay compiled it compiles all of them; a page asks `items`, `retained`
    or `packs_with`.
    """
    return [pack(version_id) for version_id in _current()]


def items(first: int = 0, most: int | None = None) -> Iterator[ServiceItem]:
    """The current services by name, from the first on, by their service.yaml; none compiled."""
    wanted = _current()[first : None if most is None else first + most]
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = ServiceVersion.objects.filter(pk__in=some).annotate(
            said=KeyTextTransform(SERVICE, "files")
        )
        told = dict(rows.values_list("pk", "said"))
        yield from (read_item(told[pk]) for pk in some if pk in told)


_AT_ONCE = 200


def described(first: int = 0, most: int | None = None) -> Iterator[Described]:
    """What is told of the current services by name, from the first on, as kept with each.

    Of one that was published before this was kept, its service.yaml is read.
    """
    wanted = _current()[first : None if most is None else first + most]
    for start in range(0, len(wanted), _AT_ONCE):
        rows = ServiceVersion.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        kept = dict(rows.values_list("pk", KeyTransform("described", "found_by")))
        unsaid = [pk for pk, stored in kept.items() if not stored]
        texts = rows.filter(pk__in=unsaid).annotate(said=KeyTextTransform(SERVICE, "files"))
        read = dict(texts.values_list("pk", "said")) if unsaid else {}
        for pk in wanted[start : start + _AT_ONCE]:
            if stored := kept.get(pk):
                yield describing.read(stored)
            elif pk in read:
                yield describing.described(read_item(read[pk]))


def count() -> int:
    """How many services are current."""
    return len(_current())


def packs_with(file: str) -> list[Pack]:
    """The compiled packs of current services that have a file, by name; no others."""
    return [pack(version_id) for version_id in _current_with(file)]


@remembered("catalogue", 16)
def _current_with(file: str) -> tuple[UUID, ...]:
    found = ServiceVersion.objects.filter(current=True, files__has_key=file).order_by("name_zh")
    return tuple(found.values_list("pk", flat=True))


def retained() -> list[tuple[str, Text, Retention | None]]:
    """Every current service by name: its code, its name, how long its cases stay.

    As it was kept with the version; only one that was published before that is compiled.
    """
    return [
        (each.code, line.name, line.retention)
        if (line := each.listing) is not None and line.says_retention
        else (each.code, (item := pack(each.version).service).name, item.retention)
        for each in published()
    ]


@remembered("catalogue", 1)
def overseers() -> frozenset[tuple[str, str]]:
    """Who oversees cases of current services: each role, with the department that it is of.

    As it was kept with the version; only one that was published before that is compiled.
    """
    kept = ServiceVersion.objects.filter(current=True)
    told = kept.values_list("found_by__listing__overseer", flat=True)
    unsaid = kept.filter(found_by__listing__overseer=None).values_list("pk", flat=True)
    return frozenset(
        (role, department)
        for role, department in (
            *filter(None, told.distinct()),
            *(listing.overseer_of(pack(pk)) for pk in unsaid),
        )
    )


@remembered("catalogue", 1)
def _current() -> tuple[UUID, ...]:
    current = ServiceVersion.objects.filter(current=True).order_by("name_zh")
    return tuple(current.values_list("pk", flat=True))


def types_of_certificates() -> list[CertificateType]:
    """The catalogue of certificate types that are issued now (GB/T 36902)."""
    current = ServiceVersion.objects.filter(current=True)
    issuing = Q(files__has_key=CERTIFICATE) | Q(files__icontains="certificate:")
    return certificate_types(
        [pack(pk) for pk in current.filter(issuing).values_list("pk", flat=True)]
    )


def packs_opened_by(how: str) -> list[Pack]:
    """Those of them whose cases open in a way, as the services say (`openings`)."""
    return [pack(version_id) for version_id in _opened_by(how)]


@remembered("catalogue", 16)
def _opened_by(how: str) -> tuple[UUID, ...]:
    current = ServiceVersion.objects.filter(current=True, taken__opened_by__contains=[how])
    return tuple(current.order_by("name_zh").values_list("pk", flat=True))


# What packs declare besides services ---------------------------------------------------------


def current_declarations(kind: str = "") -> list[DeclarationVersion]:
    """The current declarations by kind and code, without their files."""
    return list(_current_declarations(kind))


@remembered("catalogue", 128)
def _current_declarations(kind: str) -> tuple[DeclarationVersion, ...]:
    found = DeclarationVersion.objects.filter(current=True, **({"kind": kind} if kind else {}))
    return tuple(found.defer("files").order_by("kind", "code"))


@dataclass(frozen=True, slots=True)
class InForce:
    """A declaration that is in force, of whatever kind; `since`: when this version was published.

    `reference` names it among all of them: the code of a service, `role/inspector` of the others.
    """

    kind: str
    code: str
    name: Text
    version: int
    pack: str
    since: datetime
    reference: str


def in_force(kind: str = "") -> list[InForce]:
    """All that is in force, services among it, by kind and code; of one kind where one is named."""
    found = [
        InForce(
            row.kind,
            row.code,
            Text.given(row.name_zh, row.name_en),
            row.number,
            row.pack,
            row.published_at,
            f"{row.kind}/{row.code}",
        )
        for row in current_declarations(kind)
    ]
    if kind in ("", ServiceVersion.kind):
        found += [
            InForce(
                row.kind,
                row.code,
                Text.given(row.name_zh, row.name_en),
                row.number,
                row.code,
                row.published_at,
                row.code,
            )
            for row in current_services()
        ]
    return sorted(found, key=lambda each: (each.kind, each.code))


def names_of(named: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Text]:
    """What declarations are called now, by kind and code; two statements, however many.

    What is withdrawn, or never was, is left out.
    """
    return _names_of(frozenset(named))


@remembered("catalogue", 1024)
def _names_of(wanted: frozenset[tuple[str, str]]) -> Mapping[tuple[str, str], Text]:
    services = {code for kind, code in wanted if kind == ServiceVersion.kind}
    others = {each for each in wanted if each[0] != ServiceVersion.kind}
    found: dict[tuple[str, str], Text] = {}
    if services:
        rows = ServiceVersion.objects.filter(current=True, code__in=services)
        for code, zh, en in rows.values_list("code", "name_zh", "name_en"):
            found[ServiceVersion.kind, code] = Text.given(zh, en)
    if others:
        rows_ = DeclarationVersion.objects.filter(current=True, code__in={c for _, c in others})
        for kind, code, zh, en in rows_.values_list("kind", "code", "name_zh", "name_en"):
            found[kind, code] = Text.given(zh, en)
    return {each: words for each, words in found.items() if each in wanted}


def declaration_versions(kind: str, code: str) -> list[DeclarationVersion]:
    """All versions of a declaration, the newest first; none where there is no such thing."""
    return list(DeclarationVersion.objects.filter(kind=kind, code=code).order_by("-number"))


def declaration_of(kind: str, code: str, number: int) -> Declaration | None:
    """A version of a declaration, read, also one that is no longer current; None for none."""
    found = DeclarationVersion.objects.only("pk").filter(kind=kind, code=code, number=number)
    row = found.first()
    return _declaration(row.pk) if row is not None else None


@lru_cache(maxsize=1024)
def _declaration(version_id: UUID) -> Declaration | None:
    row = DeclarationVersion.objects.get(pk=version_id)
    return published_declaration(row.kind, row.files, row.code, row.pack)


def declared(kind: str) -> list[Declaration]:
    """What is declared of a kind now, read."""
    return _declared(kind)


def declaration(kind: str, code: str) -> Declaration | None:
    """What is declared of a kind under a code now, read; None where nothing is."""
    if "\0" in code:
        return None
    version_id = _current_version(kind, code)
    return _declaration(version_id) if version_id is not None else None


@remembered("catalogue", 4096)
def _current_version(kind: str, code: str) -> UUID | None:
    found = DeclarationVersion.objects.filter(current=True, kind=kind, code=code)
    return found.values_list("pk", flat=True).first()


def is_declared(kind: str) -> bool:
    """Whether anything of a kind is declared now."""
    return bool(_current_declarations(kind))


def declared_version(kind: str, code: str) -> int:
    """The number of the version that is current. Raises `DeclarationVersion.DoesNotExist`."""
    found = DeclarationVersion.objects.filter(current=True, kind=kind, code=code)
    return int(found.values_list("number", flat=True).get())


def _declared(kind: str = "") -> list[Declaration]:
    found = (_declaration(row.pk) for row in current_declarations(kind))
    return [each for each in found if each is not None]


def known(*, services: bool = True) -> Known:
    """All that is published, which a reference to another pack is judged by.

    Without `services` what refers to others is left out: reading every pack takes its time.
    """
    platform = declared_roles()
    left_out = () if services else ("service",)
    return Known(
        (*platform, *(_services() if services else ()), *_declared()), whole=True, left_out=left_out
    )


@remembered("catalogue", 1)
def roles() -> Mapping[str, DeclaredRole]:
    """The roles that are in force, of apps and of packs, by their keys: one statement."""
    return roles_in(Known((*declared_roles(), *_declared(ROLES.name))))


def _services() -> list[Declaration]:
    return [
        Declaration(
            "service",
            row.code,
            row.code,
            Text.given(row.name_zh, row.name_en),
            {FORM: row.form} if row.form else {},
            pack(row.pk),
        )
        for row in ServiceVersion.objects.filter(current=True)
        .defer("files")
        .annotate(form=KeyTextTransform(FORM, "files"))
    ]
