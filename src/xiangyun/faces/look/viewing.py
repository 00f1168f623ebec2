"""Showing what somebody handed in: only what no browser takes for a page, and cut off from ours.

A file is shown by what its first bytes are, never by its name or by what its sender called it. The
answer has an origin of its own (`sandbox`), so that even a file which fools a browser reaches
neither our pages nor our cookies; a PDF is drawn by the browser's own viewer, which a sandbox would
forbid, and gets a policy that lets nothing load.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from xiangyun.kernel.formspec.filekinds import KINDS

_SHOWN = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICIES = {
    "image": f"{_NOTHING}; img-src 'self'; style-src 'unsafe-inline'; sandbox",
    "application": f"{_NOTHING}; object-src 'self'; plugin-types application/pdf",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A media type that browsers draw and never run."""

    media_type: str

    @property
    def policy(self) -> str:
        """What the file may load: nothing."""
        return _POLICIES[self.media_type.partition("/")[0]]


def shown(content: bytes) -> Shown | None:
    """How a file may be shown; None where it is only handed out."""
    for ending, media_type in _SHOWN.items():
        if KINDS[ending](content):
            return Shown(media_type)
    return None


def inline(kind: Shown, name: str, content: bytes) -> HttpResponse:
    """The file in the browser, of this kind and no other."""
    answer = HttpResponse(bytes(content), content_type=kind.media_type)
    disposition = content_disposition_header(False, name)
    answer.headers["Content-Disposition"] = disposition or "inline"
    answer.headers["Content-Security-Policy"] = kind.policy
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
