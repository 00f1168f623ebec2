"""The form of a draft as whoever applies will see it; nothing is sent."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.studio import queries as studio
from xiangyun.faces.look.asking import Asking
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.studio.frame import draft_for, draft_page
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import checked_form
from xiangyun.kernel.pack.reader import FORM


@require_safe
@officials_only
def form(request: ActorRequest, id: UUID, name: str = FORM) -> HttpResponse:
    """Every page of a form, one below the other."""
    found = draft_for(request, id)
    files = studio.files(found, request.actor)
    if name not in files:
        raise Http404
    read, findings = checked_form(files[name], name)
    refused = None if read else Refused([each for each in findings if each.severity == "error"])
    pages = [
        (page, [(each, bool(question.hidden_if), question.computed is not None)
                for each, question in zip(Asking(page.questions, {}).fields, page.questions,
                                          strict=True)])
        for page in (read.pages if read else ())
    ]  # fmt: skip
    others = [path for path in files if path.startswith("forms/") or path == FORM]
    context = {"name": name, "pages": pages, "others": [each for each in others if each != name]}
    return draft_page(request, "studio/form.html", found, context, refused)
