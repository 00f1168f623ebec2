"""Tables to download, whole or by ranges, and what describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from xiangyun.adapters.exports import FORMATS, exported
from xiangyun.adapters.openfiles import local
from xiangyun.domain.datasets import releases
from xiangyun.domain.datasets.building import notes_of
from xiangyun.domain.datasets.releases import Release, Standing
from xiangyun.faces.open.packages import SHOWN, absolute

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 1 << 16


def found(code: str) -> Standing:
    """An open data set, or not found."""
    standing = releases.standing(code, timezone.localdate())
    if standing is None:
        raise Http404
    return standing


@require_safe
def latest(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """To the newest release."""
    standing = found(code)
    if standing.latest is None or format not in FORMATS:
        raise Http404
    return HttpResponseRedirect(
        reverse("open:release", args=[code, standing.latest.number, format])
    )


@require_safe
def release(request: HttpRequest, code: str, number: int, format: str) -> HttpResponseBase:
    """A release in a form: it never changes, so that it may be kept for ever."""
    standing = found(code)
    one = next((r for r in standing.releases if r.number == number), None)
    if one is None or format not in FORMATS or standing.dataset.opening != "unconditional":
        raise Http404
    if one.state == Release.State.WITHDRAWN:
        why = "".join(f"{words}\n" for words in dict.fromkeys((one.why.zh, one.why.en)))
        return HttpResponse(why, status=410, content_type="text/plain; charset=utf-8")
    notes = notes_of(standing.dataset, one.schema, one.number)
    file = exported(local(one.digest), format, notes)
    answer = _ranged(request, file, FORMATS[format], f'"{one.digest[:24]}-{format}"')
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}-{number}.{format}"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=86400"
    schema_at = absolute(reverse("open:schema", args=[code]))
    answer.headers["Link"] = (
        f'<{schema_at}>; rel="describedby"; type="application/json", '
        f'<{one.schema["licence"]["path"]}>; rel="license"'
    )
    if one.published_at is not None:
        answer.headers["Last-Modified"] = http_date(one.published_at.timestamp())
    return answer


def _ranged(request: HttpRequest, file: Path, media: str, tag: str) -> HttpResponseBase:
    """The file, or the part of it that is asked for (RFC 9110, 14)."""
    size = file.stat().st_size
    answer: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
        answer.headers["ETag"] = tag
        return answer
    first, last, status = 0, size - 1, 200
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked and asked[0] != "bytes=-" and request.headers.get("If-Range", tag) == tag:
        low, high = asked.groups()
        if low:
            first, last = int(low), min(int(high), size - 1) if high else size - 1
        else:
            first = max(size - int(high), 0)
        status = 206
        if first > last or first >= size or (not low and int(high) == 0):
            answer = HttpResponse(status=416)
            answer.headers["Content-Range"] = f"bytes */{size}"
            return answer
    answer = StreamingHttpResponse(_pieces(file, first, last), status=status, content_type=media)
    answer.headers["Content-Length"] = str(last - first + 1)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["ETag"] = tag
    # A part of what is compressed anew each time would be no part of it.
    answer.headers["Content-Encoding"] = "identity"
    if status == 206:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return answer


def _pieces(file: Path, first: int, last: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        stream.seek(first)
        left = last - first + 1
        while left > 0 and (piece := stream.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece


@require_safe
def schema(request: HttpRequest, code: str) -> HttpResponse:
    """The columns, as a Table Schema of Frictionless."""
    one = found(code).latest
    if one is None:
        raise Http404
    told = {"fields": one.schema["fields"], "missingValues": one.schema["missingValues"]}
    return _json(told)


@require_safe
def datapackage(request: HttpRequest, code: str) -> HttpResponse:
    """The newest release as a Data Package of Frictionless: its files, licence and columns."""
    standing = found(code)
    one, dataset = standing.latest, standing.dataset
    if one is None:
        raise Http404
    return _json(
        {
            "profile": "tabular-data-package",
            "name": code,
            "title": dataset.name.zh,
            "description": dataset.summary.zh,
            "version": str(one.number),
            "licenses": [one.schema["licence"]],
            "keywords": list(dataset.keywords),
            "resources": [
                {
                    "profile": "tabular-data-resource",
                    "name": f"{code}-{format}",
                    "path": absolute(reverse("open:release", args=[code, one.number, format])),
                    "format": format,
                    "mediatype": FORMATS[format].partition(";")[0],
                    "encoding": "utf-8",
                    "schema": {"fields": one.schema["fields"], "missingValues": [""]},
                }
                for format in SHOWN
                if format == "csv"
            ],
        }
    )


def _json(told: dict[str, Any]) -> HttpResponse:
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
