"""Read drafts, the files of one as they stand, and what each said before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import drafts as submissions
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Finding, NotFound, Text
from xiangyun.kernel.pack import Contents, check_contents, read_contents
from xiangyun.kernel.pack.openedcases import names_services

from . import access, checks
from .models import Draft as Draft
from .models import FileRevision as FileRevision

OPEN, HANDED_IN, AGREED, DISCARDED = "open", "handed_in", "agreed", "discarded"
Files = Mapping[str, str]


def draft(id: UUID, actor: Actor) -> Draft:
    """One draft. Raises NotFound, also where it is not for whoever asks."""
    found = None
    if access.writes(actor):
        with acting_as(actor):
            found = Draft.objects.filter(pk=id).first()
    if found is None:
        raise NotFound([checks.no_draft()])
    return found


def drafts(actor: Actor, most: int = 200) -> list[Draft]:
    """The drafts that are not given up, the latest first."""
    with acting_as(actor):
        rows = Draft.objects.exclude(state=DISCARDED).order_by("-changed_at", "code")
        return list(rows[:most])


def revisions(of: Draft, actor: Actor) -> dict[str, FileRevision]:
    """The newest revision of each file that is there, by path."""
    with acting_as(actor):
        rows = FileRevision.objects.filter(draft=of).order_by("path", "-number").distinct("path")
        return {row.path: row for row in rows if not row.gone}


def files(of: Draft, actor: Actor) -> dict[str, str]:
    """The files as they stand, by path."""
    return {path: row.text for path, row in revisions(of, actor).items()}


def newest(of: Draft, path: str, actor: Actor) -> FileRevision | None:
    """The newest revision of a file, also of one that is gone; None where there never was one."""
    with acting_as(actor):
        return FileRevision.objects.filter(draft=of, path=path).order_by("-number").first()


def history(of: Draft, path: str, actor: Actor) -> list[FileRevision]:
    """Every revision of a file, the newest first, without their texts."""
    with acting_as(actor):
        rows = FileRevision.objects.filter(draft=of, path=path).defer("text")
        return list(rows.order_by("-number"))


def revision(of: Draft, path: str, number: int, actor: Actor) -> FileRevision:
    """One revision of a file. Raises NotFound."""
    with acting_as(actor):
        found = FileRevision.objects.filter(draft=of, path=path, number=number).first()
    if found is None:
        raise NotFound([checks.no_file(path)])
    return found


def authors(of: Draft, actor: Actor) -> dict[UUID | None, str]:
    """Everybody who wrote into a draft, by account."""
    with acting_as(actor):
        rows = FileRevision.objects.filter(draft=of).order_by("at")
        return dict(rows.values_list("author", "author_name"))


def published(code: str) -> dict[str, str]:
    """The files of the pack as they are published now; none where nothing is."""
    return catalogue.pack_files(code)


def submission(of: Draft) -> submissions.PackDraft | None:
    """What the draft was handed in as, with what became of it; None for what is still written."""
    if of.submission is None:
        return None
    with acting_as(SYSTEM):  # who sees the draft sees what became of it
        return submissions.draft(of.submission)


def findings(code: str, given: Files, *, rehearse: bool = True) -> tuple[Contents, list[Finding]]:
    """What the files declare, and all that publishing would say of them: the same kernel.

    Without `rehearse` no example is walked, as is quick enough for whoever types.
    """
    contents = read_contents(given, code)
    known = catalogue.known(services=names_services(given))
    return contents, check_contents(contents, given, code, known, rehearsing=rehearse)


def state_words(state: str) -> Text:
    """How far a draft has come, in words."""
    return {
        OPEN: Text("编写中", "being written"),
        HANDED_IN: Text("已送审", "handed in"),
        AGREED: Text("已同意", "agreed to"),
        DISCARDED: Text("已放弃", "given up"),
    }[state]


def changed_since(of: Draft, since: datetime, actor: Actor) -> bool:
    """Whether anything was written into a draft after a moment."""
    with acting_as(actor):
        return FileRevision.objects.filter(draft=of, at__gt=since).exists()
