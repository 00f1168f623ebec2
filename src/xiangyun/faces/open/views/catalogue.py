"""The catalogue: search, facets, and what an organization gives out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.datasets import releases, searching
from xiangyun.domain.datasets.searching import Listing
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.open.packages import codes_of
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Text

from .entry import WORDS

_PAGE = 20
_FACETS = ("kind", "organization", "groups", "opening", "sharing", "tags", "series")
_NAMES = {
    "kind": Text("种类", "Kind"),
    "organization": Text("部门", "Department"),
    "groups": Text("主题", "Group"),
    "opening": Text("开放", "Open"),
    "sharing": Text("共享", "Sharing"),
    "tags": Text("关键词", "Keyword"),
    "series": Text("系列", "Series"),
}


@require_safe
def catalogue(request: ActorRequest) -> HttpResponse:
    """What there is, narrowed down by what was chosen; the address says it all."""
    return _page(request, {})


@require_safe
def organization(request: ActorRequest, key: str) -> HttpResponse:
    """What one department has."""
    return _page(request, {"organization": (key,)})


def _page(request: ActorRequest, fixed: dict[str, tuple[str, ...]]) -> HttpResponse:
    words = request.GET.get("q", "")[:200]
    chosen = {name: tuple(request.GET.getlist(name)) for name in _FACETS if request.GET.get(name)}
    start = int(request.GET["start"]) if request.GET.get("start", "").isdigit() else 0
    order = request.GET.get("sort", "modified")
    asked = searching.Asked(
        words, {**chosen, **fixed}, order=order, start=min(start, 1_000_000), rows=_PAGE
    )
    found = searching.search(asked, _FACETS, 12)
    standings = {
        s.dataset.code: s for s in releases.standings(timezone.localdate(), codes_of(found.entries))
    }
    groups = {entry.group: Text.from_json(entry.told["group"]) for entry in found.entries
              if entry.told.get("group")}  # fmt: skip
    context = {
        "words": words,
        "found": found,
        "entries": [_entry(entry, standings) for entry in found.entries],
        "facets": [
            (_NAMES[name], _values(request, name, values, chosen.get(name, ()), groups))
            for name, values in found.facets.items()
            if values
        ],
        "chosen": [(key, value) for key, values in chosen.items() for value in values],
        "sorts": [
            (order == key, said, _address(request, sort=key))
            for key, said in (
                ("modified", Text("最近更新", "Newest")),
                ("title", Text("名称", "Name")),
                ("quality", Text("质量", "Quality")),
            )
        ],
        "before": _address(request, start=str(max(start - _PAGE, 0))) if start else "",
        "after": _address(request, start=str(start + _PAGE)) if start + _PAGE < found.count else "",
        "office": department(fixed["organization"][0]) if fixed else None,
    }
    return public_page(request, "open/catalogue.html", context)


def _entry(entry: Listing, standings: dict[str, releases.Standing]) -> dict[str, Any]:
    standing = standings.get(entry.code)
    office = department(entry.organization)
    return {
        "entry": entry,
        "title": Text.from_json(entry.told["title"]),
        "summary": Text.from_json(entry.told["summary"]),
        "link": reverse("open:dataset", args=[entry.code]),
        "fictitious": entry.told.get("fictitious", False),
        "kind": WORDS.get(entry.kind),
        "office": office.name if office else entry.told.get("office") or entry.organization,
        "source": entry.source,
        "standing": standing,
        "missing": [Text.from_json(each) for each in entry.told.get("missing", [])],
        "opening": WORDS.get(entry.opening),
        "sharing": WORDS.get(entry.sharing),
        "laws": [Text.from_json(each) for each in entry.told.get("laws", [])],
    }


def _values(
    request: ActorRequest,
    name: str,
    values: Any,
    chosen: tuple[str, ...],
    groups: dict[str, Text],
) -> list[tuple[Any, int, bool, str]]:
    told = []
    for value, count in values.items():
        office = department(value) if name == "organization" else None
        words = office.name if office else (groups.get(value) if name == "groups" else None)
        here = value in chosen
        rest = tuple(v for v in chosen if v != value) if here else (*chosen, value)
        told.append(
            (words or WORDS.get(value) or value, count, here, _address(request, **{name: rest}))
        )
    return told


def _address(request: ActorRequest, **changed: str | tuple[str, ...]) -> str:
    """This address with something else in it; from the first page on unless that is changed."""
    given: dict[str, Any] = {key: request.GET.getlist(key) for key in request.GET if key != "start"}
    given |= changed
    return f"?{urlencode({k: v for k, v in given.items() if v}, doseq=True)}"
