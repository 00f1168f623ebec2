"""Publish packs: read, checked, given a version; a pack with an error is refused whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.checks import without_role
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Forbidden, Refused
from xiangyun.kernel.pack import check_pack, read_pack
from xiangyun.kernel.pack.model import digest_of

from .models import ServiceVersion


def publish(code: str, files: Mapping[str, str], *, actor: Actor, at: datetime) -> ServiceVersion:
    """Publish a pack as the current version of its service.

    The same content again makes no new version. Raises `Refused` with every finding when the
    checks find an error, and then leaves the catalogue as it was; `Forbidden` for an actor who
    holds no mandate as publisher.
    """
    if actor.kind != "system" and not any(m.role == "publisher" for m in actor.mandates):
        raise Forbidden([without_role("publisher")])
    digest = digest_of(files)
    with acting_as(SYSTEM):  # which nobody else may write for
        versions = ServiceVersion.objects.select_for_update().filter(code=code)
        known = versions.filter(digest=digest).first()
        if known is not None:  # checked when it was published first
            if not known.current:
                versions.filter(current=True).update(current=False)
                known.current = True
                known.save(update_fields=["current"])
            return known
    errors = [finding for finding in check_pack(files) if finding.severity == "error"]
    if errors:
        raise Refused(errors)
    pack = read_pack(files)
    with acting_as(SYSTEM):
        ServiceVersion.objects.filter(code=code, current=True).update(current=False)
        highest = ServiceVersion.objects.filter(code=code).aggregate(Max("number"))["number__max"]
        version = ServiceVersion.objects.create(
            code=code,
            number=(highest or 0) + 1,
            digest=digest,
            files=dict(files),
            name_zh=pack.service.name.zh,
            name_en=pack.service.name.en,
            published_at=at,
            published_by=actor.name,
        )
        journal.record(
            journal.entry_of(
                verb="service.published",
                subject=code,
                division=min((m.division for m in actor.mandates), default=0),
                owner=None,
                actor=actor.account,
                actor_name=actor.name,
                desk=next((m.desk for m in actor.mandates if m.role == "publisher"), ""),
                at=at,
                data={"version": version.number, "digest": digest},
            )
        )
        return version
