"""The catalogue of certificate types (GB/T 36902) as a page and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel import cells

_COLUMNS = (
    "certificate_type", "certificate_type_code", "certificate_name", "certificate_name_en",
    "verified", "holder_code_type", "issued_by", "issue_dept", "accepted_by",
)  # fmt: skip


@require_safe
def types(request: ActorRequest) -> HttpResponse:
    """Every type with the items that issue it and those that accept it."""
    return public_page(request, "papers/types.html", {"types": catalogue.types_of_certificates()})


@require_safe
def table(request: ActorRequest) -> HttpResponse:
    """The same as CSV: a data set that is open to everybody."""
    rows: list[Sequence[str]] = [_COLUMNS]
    for each in catalogue.types_of_certificates():
        rows.append(
            [
                *(each.id, each.code, each.name.zh, each.name.en),
                *("1" if each.verified else "0", each.holder_kind),
                " ".join(one.code for one in each.issued_by),
                "；".join(dict.fromkeys(one.authority.zh for one in each.issued_by)),
                " ".join(one.code for one in each.accepted_by),
            ]
        )
    answer = HttpResponse(cells.table(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="certificate-types.csv"'
    return answer
