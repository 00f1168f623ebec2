"""Write drafts of packs: begin, save a file, hand in, agree or return.

Who saves says which revision he saw. Where somebody saved in between, nothing is written: two
authors never overwrite each other silently. What is handed in goes the catalogue's way: checked,
tried on past cases, agreed to by a second person, in force from a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import replaying
from xiangyun.domain.catalogue import drafts as submissions
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Conflict, NotFound, Refused, Stale

from . import access, checks, queries
from .models import Draft, FileRevision
from .paths import MOST_FILES, good_code, good_path, good_text
from .queries import AGREED, DISCARDED, HANDED_IN, OPEN

Files = Mapping[str, str]


@transaction.atomic
def begin(code: str, files: Files | None = None, *, actor: Actor, at: datetime) -> Draft:
    """Begin a draft of given files, or of those that are published.

    Raises Forbidden for who is no author; Refused `studio.E006` for a wrong code, `studio.E009`
    for nothing, `studio.E011` for a new pack of a name that is published.
    """
    access.must_write(actor)
    good_code(code)
    current = queries.published(code)
    if files is not None and current:
        raise Conflict([checks.published_already(code)])
    given = current if files is None else files
    if not given:
        raise Refused([checks.nothing_there(code)])
    _must_be_few(len(given))
    version = catalogue.offered(code)
    with acting_as(actor):
        made = Draft(
            code=code,
            base=version.number if version else 0,
            state=OPEN,
            author=actor.account,
            author_name=actor.name,
            begun_at=at,
            changed_at=at,
        )
        made.save(force_insert=True)
        FileRevision.objects.bulk_create(
            _revision(made, good_path(path), good_text(path, text), 1, actor, at)
            for path, text in sorted(given.items())
        )
        _record(made, "begun", actor, at)
    return made


@transaction.atomic
def save(id: UUID, path: str, text: str, *, seen: int, actor: Actor, at: datetime) -> FileRevision:
    """Save a file as the revision after the one that was seen; 0 for a file that is new.

    The same text again makes no revision. Raises Stale `studio.E002` where somebody else saved it
    since, Conflict `studio.E003` where the draft is written no more.
    """
    return _saved(id, {path: (seen, good_text(good_path(path), text))}, actor, at)[path]


@transaction.atomic
def save_all(
    id: UUID, files: Mapping[str, tuple[int, str]], *, actor: Actor, at: datetime
) -> dict[str, FileRevision]:
    """Save several files, each with the revision that was seen; all of them or none."""
    good = {good_path(p): (seen, good_text(p, text)) for p, (seen, text) in files.items()}
    return _saved(id, good, actor, at)


@transaction.atomic
def remove(id: UUID, path: str, *, seen: int, actor: Actor, at: datetime) -> None:
    """Take a file out of a draft; what it said stays readable. Raises as `save`, and NotFound."""
    found = _open(id, actor)
    last = queries.newest(found, path, actor)
    if last is None or last.gone:
        raise NotFound([checks.no_file(path)])
    _must_be_seen(last, path, seen)
    with acting_as(actor):
        row = _revision(found, path, "", last.number + 1, actor, at)
        row.gone = True
        row.save(force_insert=True)
        _touch(found, at)


def hand_in(id: UUID, *, actor: Actor, at: datetime) -> Draft:
    """Hand a draft in: checked as publishing would, and tried on past cases.

    Raises Refused with every finding where the check finds an error; the draft stays as it was.
    """
    with transaction.atomic():
        found = _open(id, actor)
        given = queries.files(found, actor)
        made = submissions.begin(found.code, given, actor=actor, at=at)
        made, said = submissions.check(made.pk, revision=made.revision, actor=actor, at=at)
        errors = [each for each in said if each.severity == "error"]
        if errors:
            raise Refused(errors)
        replaying.replay_draft(made.pk, revision=made.revision, actor=actor, at=at)
        return _turned(found, HANDED_IN, "handed_in", actor, at, submission=made.pk, note="")


@transaction.atomic
def send_back(id: UUID, why: str, *, actor: Actor, at: datetime) -> Draft:
    """Give what was handed in back to its authors, who write on; also one's own."""
    found = _handed_in(id, actor)
    _give_up_submission(found, actor, at)
    return _turned(found, OPEN, "returned", actor, at, submission=None, note=why.strip()[:2000])


@transaction.atomic
def agree(id: UUID, *, from_on: date, actor: Actor, at: datetime) -> Draft:
    """Agree to what was handed in: in force from a day, at once where that has come.

    Raises Conflict `studio.E008` for whoever wrote any of its files, and what the catalogue
    refuses: Forbidden for who is no publisher, Stale where another version came meanwhile.
    """
    found = _handed_in(id, actor)
    if actor.account in queries.authors(found, actor):
        raise Conflict([checks.wrote_it(actor.name)])
    made = queries.submission(found)
    assert made is not None
    submissions.agree(made.pk, revision=made.revision, from_on=from_on, actor=actor, at=at)
    return _turned(found, AGREED, "agreed", actor, at)


@transaction.atomic
def discard(id: UUID, *, actor: Actor, at: datetime) -> Draft:
    """Give a draft up; it stays readable."""
    found = _locked(id, actor)
    if found.state not in (OPEN, HANDED_IN):
        raise Conflict([checks.not_open(queries.state_words(found.state))])
    if found.submission:
        _give_up_submission(found, actor, at)
    return _turned(found, DISCARDED, "discarded", actor, at)


# Within --------------------------------------------------------------------------------------


def _locked(id: UUID, actor: Actor) -> Draft:
    access.must_write(actor)
    with acting_as(actor):
        found = Draft.objects.select_for_update().filter(pk=id).first()
    if found is None:
        raise NotFound([checks.no_draft()])
    return found


def _open(id: UUID, actor: Actor) -> Draft:
    found = _locked(id, actor)
    if found.state != OPEN:
        raise Conflict([checks.not_open(queries.state_words(found.state))])
    return found


def _handed_in(id: UUID, actor: Actor) -> Draft:
    found = _locked(id, actor)
    if found.state != HANDED_IN:
        raise Conflict([checks.not_open(queries.state_words(found.state))])
    return found


def _saved(
    id: UUID, files: Mapping[str, tuple[int, str]], actor: Actor, at: datetime
) -> dict[str, FileRevision]:
    found = _open(id, actor)
    made = {}
    for path, (seen, text) in files.items():
        last = queries.newest(found, path, actor)
        if last is not None and not last.gone and last.text == text:
            made[path] = last
            continue
        _must_be_seen(last, path, seen)
        made[path] = _revision(found, path, text, (last.number if last else 0) + 1, actor, at)
    new = [row for row in made.values() if row.pk is None]
    _must_be_few(len(queries.revisions(found, actor).keys() | made.keys()))
    with acting_as(actor):
        for row in new:
            row.save(force_insert=True)
        if new:
            _touch(found, at)
    return made


def _must_be_seen(last: FileRevision | None, path: str, seen: int) -> None:
    if last is not None and last.number != seen and not (last.gone and seen == 0):
        raise Stale([checks.written_meanwhile(path, last.author_name)])


def _must_be_few(count: int) -> None:
    if count > MOST_FILES:
        raise Refused([checks.too_many(MOST_FILES)])


def _revision(
    of: Draft, path: str, text: str, number: int, actor: Actor, at: datetime
) -> FileRevision:
    return FileRevision(draft=of, path=path, number=number, text=text, author=actor.account,
                        author_name=actor.name, at=at)  # fmt: skip


def _touch(found: Draft, at: datetime) -> None:
    found.changed_at = at
    found.save(update_fields=["changed_at"])


def _give_up_submission(found: Draft, actor: Actor, at: datetime) -> None:
    made = queries.submission(found)
    if made is not None:
        submissions.discard(made.pk, revision=made.revision, actor=actor, at=at)


def _turned(
    found: Draft, state: str, verb: str, actor: Actor, at: datetime, **values: object
) -> Draft:
    found.state, found.changed_at = state, at
    for name, value in values.items():
        setattr(found, name, value)
    with acting_as(actor):
        found.save(update_fields=["state", "submission", "note", "changed_at"])
        _record(found, verb, actor, at, **({"why": found.note} if verb == "returned" else {}))
    return found


def _record(found: Draft, verb: str, actor: Actor, at: datetime, **data: object) -> None:
    role = submissions.PUBLISHER if access.publishes(actor) else submissions.AUTHOR
    with acting_as(SYSTEM):
        journal.record(
            journal.entry_of(
                verb=f"studio.{verb}",
                subject=f"studio/{found.pk}",
                division=min((each.division for each in actor.mandates), default=0),
                owner=None,
                actor=actor.account,
                actor_name=actor.name,
                desk=next((each.desk for each in actor.mandates if each.role == role), ""),
                at=at,
                data={"code": found.code, **data},
            )
        )
