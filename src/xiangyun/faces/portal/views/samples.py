"""Before one begins: blank forms to print, and samples of materials and of the result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue.samples import sample_of
from xiangyun.domain.certificates.specimen import specimen_page
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import Question
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.samples import ResultSample
from xiangyun.kernel.service.openings import APPLICANT

from .certificates import MEASURED_POLICY

_YES = Text("是", "yes")
_ROWS = 3
"""How many rows of a list a blank form has room for."""


@dataclass(frozen=True, slots=True)
class BlankLine:
    """A question on paper: its choices to tick, or room; `columns`: a table of so many rows."""

    label: Text
    some: bool
    """Whether only some have to answer it."""
    options: tuple[Text, ...] = ()
    columns: tuple[Text, ...] = ()
    rows: range = range(_ROWS)


@require_safe
def paper(request: ActorRequest, code: str, name: str, kind: str) -> HttpResponse:
    """A paper that applicants fill in: as a sample, or blank to print."""
    pack = _pack(code)
    named = {getattr(material, kind) for material in pack.service.materials}
    if name not in named or name not in pack.papers:
        raise Http404
    context = {
        "paper": pack.papers[name],
        "filled": kind == "sample",
        "service": pack.service.name,
        "guide_url": reverse("portal:guide", args=[code]),
    }
    return public_page(request, "portal/paper.html", context)


@require_safe
def form(request: ActorRequest, code: str) -> HttpResponse:
    """The application itself as a blank form, for whoever brings it on paper to a desk."""
    pack = _pack(code)
    if pack.service.opening(APPLICANT) is None:
        raise Http404
    context = {
        "service": pack.service.name,
        "pages": [(page.title, tuple(_lines(page.questions))) for page in pack.form.pages],
        "guide_url": reverse("portal:guide", args=[code]),
    }
    return public_page(request, "portal/blank.html", context)


@require_safe
def result(request: ActorRequest, code: str) -> HttpResponse:
    """What one gets at the end: a sample, made from a rehearsed case of made-up people."""
    pack, found = _result(code)
    context = {
        "service": pack.service.name,
        "result": pack.service.result.name,
        "letter": found.letter,
        "paper_url": reverse("portal:sample-paper", args=[code]) if found.certificate else "",
        "guide_url": reverse("portal:guide", args=[code]),
    }
    return public_page(request, "portal/sample.html", context)


@require_safe
def result_paper(request: ActorRequest, code: str) -> HttpResponse:
    """The sample of a certificate by itself, as it would be printed."""
    _, found = _result(code)
    if found.certificate is None:
        raise Http404
    answer = HttpResponse(specimen_page(found.certificate, found.on))
    answer["Content-Security-Policy"] = MEASURED_POLICY
    return answer


def _pack(code: str) -> Pack:
    return catalogue.pack(catalogue.current_version(code).pk)


def _result(code: str) -> tuple[Pack, ResultSample]:
    version = catalogue.current_version(code)
    found = sample_of(version.pk)
    if found is None:
        raise Http404
    return catalogue.pack(version.pk), found


def _lines(questions: tuple[Question, ...]) -> Iterator[BlankLine]:
    for question in questions:
        if question.computed is None and question.kind not in ("file", "filepicker"):
            yield BlankLine(
                question.label,
                bool(question.hidden_if),
                (_YES,)
                if question.kind == "checkbox"
                else tuple(o.label for o in question.options),
                tuple(each.label for each in question.questions if each.computed is None),
            )
