"""One file of a draft: edited with what is said of it beside the line, saved, sent and fetched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.adapters.packzip import unzipped, zipped
from xiangyun.domain.studio import actions, checks, paths
from xiangyun.domain.studio import queries as studio
from xiangyun.domain.studio.queries import Draft
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.studio import said
from xiangyun.faces.studio.frame import draft_for, draft_page, number_in
from xiangyun.kernel.findings import NotFound, Refused, Stale


@require_safe
@officials_only
def edit(request: ActorRequest, id: UUID, name: str) -> HttpResponse:
    """A file to be edited, or read where the draft is written no more."""
    return _page(request, draft_for(request, id), name)


@officials_only
@action("studio:edit", "id", "name")
def save(request: ActorRequest, id: UUID, name: str) -> HttpResponse:
    """Save what was typed, unless somebody saved in between."""
    found = draft_for(request, id)
    typed = request.POST.get("text", "").replace("\r\n", "\n")
    seen = number_in(request, "seen")
    try:
        actions.save(id, name, typed, seen=seen, actor=request.actor, at=timezone.now())
    except Refused as refused:
        return _page(request, found, name, refused, typed)
    return HttpResponseRedirect(reverse("studio:edit", args=[id, name]) + "?saved=1")


@officials_only
@action("studio:edit", "id", "name")
def check(request: ActorRequest, id: UUID, name: str) -> HttpResponse:
    """What is said of the file as it is typed; nothing is saved."""
    found = draft_for(request, id)
    typed = request.POST.get("text", "").replace("\r\n", "\n")
    files = {**studio.files(found, request.actor), name: typed}
    context = _said(found, files, name, rehearse=False)
    return render(request, "studio/margin.html", {"id": id, "name": name, **context})


@officials_only
@action("studio:draft", "id")
def remove(request: ActorRequest, id: UUID, name: str) -> HttpResponse:
    """Take a file out of the draft."""
    found = draft_for(request, id)
    try:
        actions.remove(id, name, seen=number_in(request, "seen"), actor=request.actor,
                       at=timezone.now())  # fmt: skip
    except Refused as refused:
        return _page(request, found, name, refused)
    return HttpResponseRedirect(reverse("studio:draft", args=[id]))


@officials_only
@action("studio:draft", "id")
def add(request: ActorRequest, id: UUID) -> HttpResponse:
    """Open an empty file under a new name; it is there once it is saved."""
    found = draft_for(request, id)
    name = request.POST.get("path", "").strip()
    try:
        paths.good_path(name)
    except Refused as refused:
        return draft_page(request, "studio/refused.html", found, {}, refused)
    return HttpResponseRedirect(reverse("studio:edit", args=[id, name]))


@officials_only
@action("studio:draft", "id")
def upload(request: ActorRequest, id: UUID) -> HttpResponse:
    """Take single files, or a ZIP of the pack; what another saved meanwhile stays."""
    found = draft_for(request, id)
    now = studio.revisions(found, request.actor)
    try:
        given: dict[str, str] = {}
        for sent in request.FILES.getlist("file"):
            data, called = sent.read(), PurePosixPath(sent.name or "").name
            if called.lower().endswith(".zip"):
                given |= unzipped(data, called)
            else:
                given[_place(called, now)] = _text(called, data)
        if not given:
            raise Refused([checks.nothing_sent()])
        seen = {path: (now[path].number if path in now else 0, text)
                for path, text in given.items()}  # fmt: skip
        actions.save_all(id, seen, actor=request.actor, at=timezone.now())
    except Refused as refused:
        return draft_page(request, "studio/refused.html", found, {}, refused)
    if len(given) == 1:
        return HttpResponseRedirect(reverse("studio:edit", args=[id, next(iter(given))]))
    return HttpResponseRedirect(reverse("studio:draft", args=[id]))


@require_safe
@officials_only
def download(request: ActorRequest, id: UUID, name: str) -> HttpResponse:
    """A file byte for byte, such as a drawing for Camunda Modeler."""
    files = studio.files(draft_for(request, id), request.actor)
    if name not in files:
        raise Http404
    return _sent(files[name].encode(), PurePosixPath(name).name, "application/octet-stream")


@require_safe
@officials_only
def pack(request: ActorRequest, id: UUID) -> HttpResponse:
    """All files as one ZIP."""
    found = draft_for(request, id)
    name = found.code.replace("/", "-") + ".zip"
    return _sent(zipped(studio.files(found, request.actor)), name, "application/zip")


@require_safe
@officials_only
def revision(request: ActorRequest, id: UUID, name: str, number: int) -> HttpResponse:
    """What a file said once."""
    found = draft_for(request, id)
    try:
        row = studio.revision(found, name, number, request.actor)
    except NotFound:
        raise Http404 from None
    return draft_page(request, "studio/revision.html", found, {"name": name, "row": row})


def _page(
    request: ActorRequest,
    found: Draft,
    name: str,
    refused: Refused | None = None,
    typed: str | None = None,
) -> HttpResponse:
    rows = studio.revisions(found, request.actor)
    last = studio.newest(found, name, request.actor)
    try:
        paths.good_path(name)
    except Refused:
        raise Http404 from None
    if last is None and found.state != studio.OPEN:
        raise Http404
    text = typed if typed is not None else "" if last is None else last.text
    files = {path: row.text for path, row in rows.items()}
    if text or name in files:
        files[name] = text
    context = {
        "name": name,
        "text": text,
        "rows": max(8, text.count("\n") + 2),
        "seen": last.number if last else 0,
        "last": last,
        "theirs": last.text if isinstance(refused, Stale) and last else None,
        "is_new": last is None or last.gone,
        "history": studio.history(found, name, request.actor),
        "saved": request.GET.get("saved") == "1",
        **_said(found, files, name),
    }
    return draft_page(request, "studio/file.html", found, context, refused)


def _said(
    found: Draft, files: dict[str, str], name: str, *, rehearse: bool = True
) -> dict[str, object]:
    """The margin of a file: what is said of its lines, and of other files."""
    findings = studio.findings(found.code, files, rehearse=rehearse)[1]
    here = said.in_file(findings, name)
    return {
        "lines": said.lines(files.get(name, ""), here),
        "found": here,
        "count": said.count(here),
        "wrong": said.is_wrong(here),
        "in_others": said.elsewhere(findings, name),
    }


def _place(called: str, now: Iterable[str]) -> str:
    """Where a single file belongs that was sent by its bare name: the path that ends so."""
    fitting = [path for path in now if PurePosixPath(path).name == called]
    return fitting[0] if len(fitting) == 1 else called


def _text(called: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError:
        raise Refused([paths.wrong_text(called)]) from None


def _sent(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
