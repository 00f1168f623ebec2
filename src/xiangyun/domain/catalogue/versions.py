"""A declaration as a version: its row, what apps do about it, and its entry in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Literal

from xiangyun import manifest
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.pack import Declaration
from xiangyun.kernel.pack.model import digest_of
from xiangyun.kernel.service import admission

from .finding import said_by
from .models import DeclarationVersion, ServiceVersion

SERVICE = "service"
Version = ServiceVersion | DeclarationVersion


@dataclass(frozen=True, slots=True)
class Publication:
    """What a pack has in the catalogue once it is published: the current versions of it all."""

    code: str
    versions: tuple[Version, ...]

    @property
    def service(self) -> ServiceVersion:
        """The version of its service. Raises LookupError for a pack without one."""
        found = next((each for each in self.versions if isinstance(each, ServiceVersion)), None)
        if found is None:
            raise LookupError(f"{self.code} declares no service")
        return found


def row_of(declaration: Declaration, number: int, actor: Actor, at: datetime) -> Version:
    """A declaration as a version that is not kept yet."""
    if declaration.kind == SERVICE:
        return service_row(declaration, number, actor, at)
    identity = {"kind": declaration.kind, "pack": declaration.pack}
    return DeclarationVersion(**identity, **_shared(declaration, number, actor, at))


def service_row(
    declaration: Declaration, number: int, actor: Actor, at: datetime
) -> ServiceVersion:
    """A service as a version that is not kept yet.

    With whom it takes, when and where, which the database obeys; and what finds it.
    """
    item = declaration.value.service
    return ServiceVersion(
        taken=admission.said_by(item),
        found_by=said_by(declaration.value),
        **_shared(declaration, number, actor, at),
    )


def _shared(declaration: Declaration, number: int, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "code": declaration.code,
        "number": number,
        "digest": digest_of(declaration.files),
        "files": dict(declaration.files),
        "name_zh": declaration.name.zh,
        "name_en": declaration.name.en,
        "published_at": at,
        "published_by": actor.name,
    }


def hooks(name: Literal["publishes", "in_use"], kind: str) -> Iterator[Any]:
    """What the apps do, or ask, about a declaration of a kind, in the same transaction."""
    for app in manifest.apps():
        if where := getattr(app.manifest, name).get(kind):
            module, _, function = where.partition(":")
            yield getattr(import_module(module), function)


def record(version: Version, became: str, actor: Actor, at: datetime) -> None:
    """The journal's entry of what became of a declaration: published, unpublished."""
    journal.record(entry_of(version, became, actor, at))


def entry_of(version: Version, became: str, actor: Actor, at: datetime) -> journal.NewEntry:
    """What the journal says of a declaration that became published or unpublished."""
    data: dict[str, Any] = {"version": version.number, "digest": version.digest}
    verb, subject = f"service.{became}", version.code
    if isinstance(version, DeclarationVersion):
        data = {"kind": version.kind, "code": version.code, **data}
        verb, subject = f"declaration.{became}", f"{version.kind}/{version.code}"
    return journal.entry_of(
        verb=verb,
        subject=subject,
        division=min((m.division for m in actor.mandates), default=0),
        owner=None,
        actor=actor.account,
        actor_name=actor.name,
        desk=next((m.desk for m in actor.mandates if m.role == "publisher"), ""),
        at=at,
        data=data,
    )
