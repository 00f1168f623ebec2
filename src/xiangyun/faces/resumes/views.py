"""The pages of the resume lab: what is wrong, what may be changed, and the file to take away.

The text travels with each request and is kept nowhere: no draft, no session, no log.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.adapters import documents, resumes
from xiangyun.adapters.wordlists import word_rules
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.wording import (
    Change,
    Diagnosis,
    Remark,
    apply,
    asked_by,
    changes,
    diagnose,
    lines_of,
    numbered,
    to_json_resume,
)
from xiangyun.kernel.wording.proposing import Proposal, asked_lines, with_proposals

if TYPE_CHECKING:
    from xiangyun.adapters.languagemodel import Model

RULES = "jobs/resume-lab:resume"
_LONGEST_POST = 4_000
_ACCEPTED = ".pdf,.docx,.md,.txt,.json"
_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}
_LAYOUTS = {
    "classic": Text("经典", "Classic"),
    "modern": Text("现代", "Modern"),
    "compact": Text("紧凑", "Compact"),
}
_NOTHING = Finding(
    "wording.E015",
    "error",
    Text("请选择文件，或者粘贴简历文字。", "Choose a file, or paste the text of the resume."),
)
_STALE = Finding(
    "wording.E016",
    "error",
    Text(
        "文字在列出修改之后又变了，请重新选择。",
        "The text has changed since the changes were listed: choose again.",
    ),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody sent: the resume, and the post that it is for, if any."""

    text: str
    post: str


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the text beside what is said of it."""

    number: int
    text: str
    remarks: tuple[Remark, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def lab(request: ActorRequest) -> HttpResponse:
    """Ask for a resume; then what is wrong in it, and the changes to accept one by one."""
    if request.method != "POST":
        # Whoever comes from a post brings what it asks for.
        return _asking(request, Written("", request.GET.get("post", "")[:_LONGEST_POST]))
    try:
        written = _written(request)
    except Refused as refused:
        typed = Written(request.POST.get("text", ""), request.POST.get("post", ""))
        return _asking(request, typed, refused.findings[0])
    if not written.text.strip():
        return _asking(request, written, _NOTHING)
    return _result(request, written, ask_model="model" in request.POST)


@action("resumes:lab")
def file(request: ActorRequest) -> HttpResponse:
    """The text as a file to take away."""
    kind = request.POST.get("kind", "pdf")
    kind = kind if kind in _TYPES else "pdf"
    layout = request.POST.get("layout", "")
    written = Written(request.POST.get("text", ""), request.POST.get("post", ""))
    read = _diagnosed(written).resume
    try:
        if kind == "pdf":
            made = resumes.pdf(read, layout if layout in _LAYOUTS else resumes.LAYOUTS[0])
        elif kind == "docx":
            made = resumes.docx(read)
        elif kind == "json":
            made = json.dumps(to_json_resume(read), ensure_ascii=False, indent=1).encode()
        else:
            made = written.text.encode()
    except Refused as refused:
        return _asking(request, written, refused.findings[0])
    answer = HttpResponse(made, content_type=_TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="resume.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _written(request: ActorRequest) -> Written:
    """The file, where one was chosen, or the text; with the accepted changes in it."""
    post = request.POST.get("post", "")
    sent = request.FILES.get("file")
    if sent is not None:
        if (sent.size or 0) > documents.MOST_BYTES:
            raise Refused([documents.TOO_LARGE])
        return Written(documents.as_text(sent.read()), post)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    accepted = set(request.POST.getlist("change"))
    if accepted:
        proposed = _changes(Written(text, post), accepted)
        chosen = [each for each in proposed if _mark(each) in accepted]
        if len(chosen) != len(accepted):
            raise Refused([_STALE])
        text = apply(text, chosen)
    return Written(text, post)


def _diagnosed(written: Written) -> Diagnosis:
    rules, today = word_rules(RULES), timezone.localdate()
    asked = asked_by(lines_of(written.post), rules) if written.post.strip() else None
    return diagnose(lines_of(written.text), rules, numbered(today.year, today.month), asked)


def _changes(written: Written, marks: Collection[str] = ()) -> list[Change]:
    """What the rules propose, and what a model proposed before: its text comes back in `marks`.

    The model is not asked again; what came back is held to the same check.
    """
    found, rules = _diagnosed(written), word_rules(RULES)
    own = changes(found, rules)
    others = set(marks) - {_mark(each) for each in own}
    again = [
        Proposal(line.place, mark.removeprefix(before), "")
        for line in asked_lines(found)
        for mark in others
        if mark.startswith(before := f"{line.place}|{line.text}|")
    ]
    return with_proposals(own, again, found, rules)


def _mark(change: Change) -> str:
    """What a box stands for: the change itself, so that no other text takes it."""
    return f"{change.place}|{change.before}|{change.after}"


def _asking(request: ActorRequest, written: Written, wrong: Finding | None = None) -> HttpResponse:
    fields = [
        Field(
            "file", "file", Text("简历文件", "The resume as a file"), required=False,
            hint=Text("PDF、Word、Markdown、JSON Resume 或纯文本，至多 5 MB。",
                      "PDF, Word, Markdown, JSON Resume or plain text; at most 5 MB."),
            accept=_ACCEPTED, error=wrong,
        ),
        Field("text", "textarea", Text("或者粘贴文字", "Or paste the text"), required=False,
              typed=written.text),
        Field("post", "textarea", Text("应聘岗位的要求", "What the post asks for"), required=False,
              hint=Text("粘贴招聘启事，可以不填。", "Paste the advertisement; may be left empty."),
              typed=written.post),
    ]  # fmt: skip
    status = 422 if wrong else 200
    context = {"fields": fields, "errors": errors(fields)}
    return public_page(request, "resumes/asking.html", context, status=status)


def _result(request: ActorRequest, written: Written, *, ask_model: bool = False) -> HttpResponse:
    found, rules, model = _diagnosed(written), word_rules(RULES), _model()
    proposed, wrong = changes(found, rules), None
    if ask_model and model is not None:
        try:
            proposed = with_proposals(proposed, model.propose(asked_lines(found)), found, rules)
        except Refused as refused:
            wrong = refused.findings[0]
    by_line: dict[int, list[Remark]] = {}
    whole: list[Remark] = []
    for remark in found.remarks:
        line = int(remark.place.partition(":")[0])
        (by_line.setdefault(line, []) if remark.text else whole).append(remark)
    lines = [
        Told(number, text, tuple(by_line.get(number, ())))
        for number, text in enumerate(written.text.split("\n"), 1)
        if text.strip() or number in by_line
    ]
    context = {
        "found": found,
        "whole": whole,
        "lines": lines,
        "changes": [(_mark(each), each) for each in proposed],
        "model": model.host if model is not None else "",
        "asked_model": ask_model and wrong is None,
        "wrong": wrong,
        "written": written,
        "layouts": _LAYOUTS.items(),
    }
    return public_page(request, "resumes/result.html", context)


def _model() -> Model | None:
    """The language model of the settings. An HTTP client is loaded only where there is one."""
    if not settings.MODEL:
        return None
    from xiangyun.adapters.languagemodel import language_model  # noqa: PLC0415 - an HTTP client, which few need

    return language_model()
