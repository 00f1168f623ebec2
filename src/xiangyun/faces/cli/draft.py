"""`xiangyun draft`: bring a version of a pack from its draft into force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import replaying
from xiangyun.domain.catalogue import drafts
from xiangyun.kernel.findings import Text

from .account import BY, acting
from .folder import read_folder
from .packpath import PACK
from .telling import tell, tell_finding

_ID = click.argument("id_", metavar="ID", type=click.UUID)
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def draft() -> None:
    """Versions on their way: drafted, checked, replayed, agreed to, in force from a day."""


@draft.command()
@click.argument("code")
@click.option("--folder", type=PACK, help="Begin with the files of this folder.")
@BY
def begin(code: str, folder: Path | None, by: str | None) -> None:
    """Begin a draft of CODE: of the version in force, or of a folder."""
    files = read_folder(folder) if folder else None
    _tell(acting(by, lambda actor: drafts.begin(code, files, actor=actor, at=timezone.now())))


@draft.command()
@_ID
@click.argument("folder", type=PACK)
@BY
def write(id_: UUID, folder: Path, by: str | None) -> None:
    """Replace the files of draft ID by those of FOLDER."""
    given = read_folder(folder)
    now = timezone.now()

    def verb(actor: Actor) -> drafts.PackDraft:
        found = drafts.draft(id_)
        gone = dict.fromkeys(found.files.keys() - given.keys(), "")
        return drafts.write(id_, {**given, **gone}, revision=found.revision, actor=actor, at=now)

    _tell(acting(by, verb))


@draft.command()
@_ID
@BY
def check(id_: UUID, by: str | None) -> None:
    """Check draft ID as publishing would."""
    now = timezone.now()
    made, said = acting(
        by, lambda actor: drafts.check(id_, revision=_revision(id_), actor=actor, at=now)
    )
    for finding in said:
        tell_finding(finding, {"error": "✗", "warning": "!"}.get(finding.severity, "–"))
    _tell(made)
    raise SystemExit(0 if made.state == drafts.CHECKED else 1)


@draft.command()
@_ID
@click.option("--most", default=200, type=click.IntRange(1), help="At most so many cases.")
@BY
def replay(id_: UUID, most: int, by: str | None) -> None:
    """Walk past cases by draft ID; nothing is changed."""
    now = timezone.now()
    made = acting(
        by,
        lambda actor: replaying.replay_draft(
            id_, revision=_revision(id_), actor=actor, at=now, most=most
        ),
    )
    outcome = made.replayed or {}
    tell(
        Text(
            "重放 {cases} 件，{differ} 件结果不同。",
            "{cases} {cases|case|cases} replayed, {differ} come out otherwise.",
            cases=outcome.get("cases", 0),
            differ=len(outcome.get("differing", ())),
        )
    )
    _tell(made)


@draft.command()
@_ID
@click.option("--from", "from_on", type=_DAY, help="The first day; today unless said.")
@BY
def agree(id_: UUID, from_on: datetime | None, by: str | None) -> None:
    """Agree to draft ID, in force from a day; never by its author."""
    day, now = from_on.date() if from_on else timezone.localdate(), timezone.now()
    _tell(
        acting(
            by,
            lambda actor: drafts.agree(
                id_, revision=_revision(id_), from_on=day, actor=actor, at=now
            ),
        )
    )


@draft.command()
@_ID
@BY
def discard(id_: UUID, by: str | None) -> None:
    """Give draft ID up."""
    now = timezone.now()
    _tell(
        acting(by, lambda actor: drafts.discard(
            id_, revision=_revision(id_), actor=actor, at=now))
    )  # fmt: skip


@draft.command("list")
def list_() -> None:
    """The drafts that are not over, the latest first."""
    with acting_as(SYSTEM):
        for each in drafts.drafts():
            click.echo(f"{each.pk}  {each.code}  {each.state}  {each.author_name}")


@draft.command()
@_ID
def difference(id_: UUID) -> None:
    """What draft ID says differently from the version in force, value by value."""
    with acting_as(SYSTEM):
        found = drafts.differences(drafts.draft(id_))
    for path, changed in found.items():
        click.echo(path)
        for each in changed:
            click.echo(f"  {each.place}: {each.before or '–'} → {each.after or '–'}")


def _revision(id_: UUID) -> int:
    return drafts.draft(id_).revision


def _tell(made: drafts.PackDraft) -> None:
    tell(
        Text("{code} {id}：{state}。", "{code} {id}: {state}.",
             code=made.code, id=str(made.pk), state=drafts.state_words(made.state)),
        indent="✓ ",
    )  # fmt: skip
