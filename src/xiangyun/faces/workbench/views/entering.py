"""A table into a register by an official: tried first, then taken, with what is wrong by line."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.adapters.tables import columns_of
from xiangyun.domain.registers import access, entering, queries
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.tables import TAKEN, sent_table
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text

_LARGEST = 8 * 1024 * 1024
_SHOWN = 200
"""Faults that a page shows; they are put right before there are more."""


@require_http_methods(["GET", "POST"])
@officials_only
def enter(request: ActorRequest, code: str) -> HttpResponse:
    """Try a CSV or XLSX file, or take it: all of its rows or none."""
    try:
        one = queries.used(code)
    except NotFound:
        raise Http404 from None
    if not access.may_write_somewhere(one, request.actor):
        raise Http404
    told: entering.Entered | None = None
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            told = _entered(request, code)
        except Refused as refused:
            wrong = refused
    typed = request.POST
    fields = one.declaration.fields if one.declaration else ()
    context = {
        "register": one,
        "fields": fields,
        "told": told,
        "faults": told.refused[:_SHOWN] if told else [],
        "more": max(0, len(told.refused) - _SHOWN) if told else 0,
        "wrong": wrong.findings if wrong else [],
        "from": typed.get("from") or timezone.localdate().isoformat(),
        "source": typed.get("source", ""),
        "why": typed.get("why", ""),
        "most": entering.MOST,
        "endings": ",".join(TAKEN),
    }
    status = STATUS[wrong.kind] if wrong else 422 if told and told.refused else 200
    return office_page(request, "workbench/register_file.html", context, status=status)


def _entered(request: ActorRequest, code: str) -> entering.Entered:
    try:
        valid_from = date.fromisoformat(request.POST.get("from", ""))
    except ValueError:
        raise Refused([_NO_DAY]) from None
    sent, columns = request.FILES.get("file"), columns_of(queries.used(code).declaration)
    name = (sent.name if sent else "") or ""
    with sent_table(sent, columns, _LARGEST, _NO_FILE) as table:
        return entering.enter(
            code,
            table,
            valid_from=valid_from,
            source=request.POST.get("source", "").strip()[:200] or name[:200],
            why=request.POST.get("why", "").strip()[:500],
            actor=request.actor,
            at=timezone.now(),
            trial=request.POST.get("do") != "take",
        )


_NO_FILE = Finding(
    "workbench.E021",
    "error",
    Text(
        "请选择一个不超过 8 MB 的 CSV、TSV 或 XLSX 文件。",
        "Choose a CSV, TSV or XLSX file of at most 8 MB.",
    ),
    hint=Text(
        "CSV 请存为 UTF-8 或 GB 18030；第一行是字段名。",
        "CSV is UTF-8 or GB 18030; the first line names the fields.",
    ),
)
_NO_DAY = Finding(
    "workbench.E022",
    "error",
    Text("请写明从哪天起有效。", "Say from which day on the rows are true."),
    hint=Text("例如 2026-04-09。", "Such as 2026-04-09."),
)
