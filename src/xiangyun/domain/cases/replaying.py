"""Past cases walked again by a version that is not in force: of a folder, or of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import drafts
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.pack import Pack, published_pack, sources
from xiangyun.kernel.simulation import Replayed
from xiangyun.kernel.simulation import replay as replay_case

from . import pastcases, ports
from .models import Case


def replayed(new: Pack, old: Pack, cases: list[Case]) -> Iterator[Replayed]:
    """Each case by the version it had and by the new one; nothing is changed."""
    calendar = ports.counting_calendar()
    declared = registers.declared(sources(old) | sources(new))
    for case in cases:
        record = pastcases.record_of(case, old)
        look_up = pastcases.registers_without(case.number)
        yield replay_case(old, new, record, calendar, look_up, declared)


def replay_draft(
    id: UUID, *, revision: int, actor: Actor, at: datetime, most: int = 200
) -> drafts.PackDraft:
    """Walk the latest ended cases of the version in force by a checked draft, and keep the outcome.

    A pack without a service, or without ended cases, has none to walk. Raises as
    `drafts.note_replay`.
    """
    with acting_as(SYSTEM):
        found = drafts.draft(id)
        current = catalogue.offered(found.code)
        done: list[Replayed] = []
        if current is not None and found.state in (drafts.CHECKED, drafts.REPLAYED):
            cases = pastcases.ended_cases(found.code, current.number, most)
            if cases:
                new, old = published_pack(found.files), catalogue.pack(current.pk)
                done = list(replayed(new, old, cases))
        differing = [each.recorded.number for each in done if each.differs]
        return drafts.note_replay(id, len(done), differing, revision=revision, actor=actor, at=at)
