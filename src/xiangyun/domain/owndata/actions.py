"""Put together all that is kept about the party acted for."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib import import_module
from io import BytesIO
from pathlib import PurePosixPath

from django.utils import timezone

from xiangyun import manifest
from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as looks
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Text

MOST_BYTES = 200 * 1024 * 1024
"""What one copy holds at most; it is made in memory."""
_LOOKS = 10_000
Owned = Callable[[Actor], Iterable[tuple[str, object]]]


def copy(*, actor: Actor, at: datetime) -> bytes:
    """All that any app keeps about the party acted for, as a ZIP of JSON and files.

    Apps say by `owned` of their manifests what they have. Row-level security holds as for any
    other reading; that it was taken stands in the journal. Raises `Forbidden` `owndata.E001` for
    nobody and for a reporter who stays unknown, and `Conflict` `owndata.E002` for more than
    `MOST_BYTES`.
    """
    if actor.account is None or actor.subject is None or actor.is_reporter:
        raise Forbidden([_NOBODY])
    made, files, size = BytesIO(), 0, 0
    with (
        acting_as(actor),
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in [*_parts(actor)]:
            data = content if isinstance(content, bytes) else spelled(content)
            size += len(data)
            if size > MOST_BYTES:
                raise Conflict([_TOO_MUCH])
            archive.writestr(_named(name), data)
            files += 1
        journal.record(
            journal.entry_of(
                verb="owndata.copied",
                subject=f"account/{actor.account}",
                division=0,
                owner=actor.subject,
                actor=actor.account,
                actor_name=actor.name,
                desk="",
                at=at,
                data={"files": files},
            )
        )
    return made.getvalue()


def spelled(value: object) -> bytes:
    """JSON that people can read."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode() + b"\n"


def _parts(actor: Actor) -> Iterable[tuple[str, object]]:
    for app in manifest.apps():
        if app.manifest.owned:
            module, _, name = app.manifest.owned.partition(":")
            owned: Owned = getattr(import_module(module), name)
            yield from owned(actor)
    assert actor.subject is not None  # asked before
    seen = looks.looks_at(actor.subject, limit=_LOOKS)
    yield (
        "looks.json",
        [
            {"at": each.at, "who": each.actor_name, "desk": each.desk, "verb": each.verb}
            for each in seen
        ],
    )


def _named(name: str) -> str:
    """A name within the archive: no step up, no absolute path, whatever a file was called."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in "/.."]
    return "/".join(parts)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return str(value)


_NOBODY = Finding(
    "owndata.E001",
    "error",
    Text("请登录后再下载本人资料。", "Log in to take a copy of your data."),
    hint=Text(
        "不留姓名的举报没有账户，凭回执码查看。",
        "A report without a name has no account: its receipt code shows it.",
    ),
)
_TOO_MUCH = Finding(
    "owndata.E002",
    "error",
    Text("资料超过 200 MB，不能一次下载。", "There is more than 200 MB; it is no single download."),
    hint=Text(
        "请分件下载材料，或到窗口领取副本。",
        "Download the files case by case, or ask for the copy at a counter.",
    ),
)
