"""Lists of articles by sort, and one article."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.information import queries
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.findings import Text

_ON_A_PAGE = 30


@require_safe
def everything(request: ActorRequest) -> HttpResponse:
    """All that is shown today: of one sort, or the newest of each."""
    sort = request.GET.get("sort", "")
    sort = sort if sort in queries.SORTS else next(iter(queries.SORTS))
    page = request.GET.get("page", "1")
    number = int(page) if page.isdecimal() and 0 < len(page) < 5 else 1
    found = queries.shown(timezone.localdate(), sort)
    begin = (max(number, 1) - 1) * _ON_A_PAGE
    context = {
        "tabs": [(key, words, key == sort) for key, words in queries.SORTS.items()],
        "sort": queries.SORTS[sort],
        "articles": found[begin : begin + _ON_A_PAGE],
        "next_url": f"?sort={sort}&page={number + 1}" if len(found) > begin + _ON_A_PAGE else "",
    }
    return public_page(request, "information/all.html", context)


@require_safe
def one(request: ActorRequest, code: str) -> HttpResponse:
    """One article, with the services that it is about."""
    found = queries.article(code, timezone.localdate())
    if found is None:
        raise Http404
    offered = (catalogue.offered(each) for each in found.services)
    context = {
        "article": found,
        "sort": queries.SORTS[found.sort],
        "sort_url": f"{reverse('information:all')}?sort={found.sort}",
        "department": name_of(found.department),
        "services": [
            (Text.given(each.name_zh, each.name_en), reverse("portal:guide", args=[each.code]))
            for each in offered
            if each is not None
        ],
    }
    return public_page(request, "information/one.html", context)
