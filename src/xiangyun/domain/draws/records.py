"""The published record of a draw: the order, what was revealed, and the lists beside it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from xiangyun.domain.files import queries as files
from xiangyun.kernel.draw import FRAME, INSPECTORS, RECORD, RESULT

from .models import Draw, Outcome


def record_of(draw: Draw, outcome: Outcome | None) -> dict[str, Any]:
    """`draw.json`, as docs/reference/draw.md has it."""
    record: dict[str, Any] = {"order": draw.order, "digest": draw.digest}
    if outcome is not None:
        record |= {
            "reveal": outcome.reveal,
            "recusals": outcome.recusals,
            "result": {"file": RESULT, "sha256": outcome.result},
        }
    return record


def files_of(draw: Draw, outcome: Outcome | None) -> dict[str, bytes]:
    """The lists of a draw by their names; the outcome once there is one."""
    named = {FRAME: draw.frame, INSPECTORS: draw.inspectors}
    if outcome is not None:
        named[RESULT] = outcome.result
    return {name: files.content(digest) for name, digest in named.items()}


def packed(draw: Draw, outcome: Outcome | None) -> bytes:
    """All of it as one ZIP, for `xiangyun draw verify`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        record = json.dumps(record_of(draw, outcome), ensure_ascii=False, indent=1)
        archive.writestr(RECORD, record)
        for name, each in files_of(draw, outcome).items():
            archive.writestr(name, each)
    return content.getvalue()
