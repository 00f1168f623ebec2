"""The journal for monitors and witnesses: its checkpoint and its tiles (c2sp.org/tlog-tiles)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.journal import checkpoints
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.ledger.tlog import read_tile

_TEXT = "text/plain; charset=utf-8"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The last checkpoint with the signatures of the log and of its witnesses."""
    found = checkpoints.published(signer())
    if found is None:
        raise Http404
    answer = HttpResponse(str(found.note), content_type=_TEXT)
    answer.headers["Cache-Control"] = "public, max-age=5"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The key of the log, for whoever wants to watch it; to be compared by another way."""
    return HttpResponse(f"{checkpoints.log_key(signer())}\n", content_type=_TEXT)


@require_safe
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile of hashes; immutable, so kept as long as anybody likes."""
    wanted = read_tile(f"tile/{rest}")
    content = checkpoints.tile(wanted) if wanted else None
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
