"""An entry of the catalogue: its core metadata (GB/T 21063), who uses it, how to ask for it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.datasets import releases, searching, subscribing, uses
from xiangyun.domain.datasets.searching import Listing
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, action, logged_in
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import DataSet

WORDS = {
    "dataset": Text("数据集", "Data set"),
    "register": Text("库", "Register"),
    "interface": Text("接口", "Interface"),
    "unconditional": Text("无条件", "unconditional"),
    "conditional": Text("有条件", "on a condition"),
    "none": Text("不予", "not"),
    "basic": Text("基础信息资源", "basic"),
    "thematic": Text("主题信息资源", "thematic"),
    "departmental": Text("部门信息资源", "departmental"),
    "continuous": Text("实时", "continuous"),
    "daily": Text("每日", "daily"),
    "monthly": Text("每月", "monthly"),
    "quarterly": Text("每季度", "quarterly"),
    "yearly": Text("每年", "yearly"),
    "irregular": Text("不定期", "irregular"),
}
WAYS = {
    "interface": Text("接口", "interface"),
    "exchange": Text("库表交换", "exchange of tables"),
    "file": Text("文件", "file"),
    "mail": Text("邮寄", "post"),
    "medium": Text("介质", "medium"),
}


def entry(request: ActorRequest, code: str) -> HttpResponse:
    """What is described, and lies elsewhere or in a register: all that the catalogue knows."""
    found = searching.entry(code)
    if found is None:
        raise Http404
    told = found.told
    context = {
        "title": Text.from_json(told["title"]),
        "summary": Text.from_json(told["summary"]),
        "kind": WORDS.get(found.kind),
        "source": found.source,
        "page": told.get("page", ""),
        "licence": told.get("licence", ""),
        "resources": [
            {**each, "name": each["name"] or each["format"] or each["url"]}
            for each in told.get("package", {}).get("resources", [])
            if each["url"]
        ],
        "fictitious": told.get("fictitious", False),
        "columns": [
            {"name": f["name"], "type": f["type"], "words": Text.from_json(f["words"])}
            for f in told.get("fields", [])
        ],
        **about(found),
    }
    return public_page(request, "open/entry.html", context)


def about(entry: Listing | None) -> dict[str, Any]:
    """What every page of an entry shows of it: classes, quality, uses, where to ask.

    An interface is of no department: its `partner` is whoever is at its other end.
    """
    if entry is None:
        return {}
    told, office = entry.told, department(entry.organization)
    condition, offered = told.get("condition"), uses.asked()
    asked = entry.sharing == "conditional" or entry.opening == "conditional"
    return {
        "entry": entry,
        "owner": office.name if office else told.get("office") or entry.organization,
        "owner_link": reverse("open:organization", args=[entry.organization])
        if entry.organization
        else "",
        "partner": told.get("partner", ""),
        "catalogue": WORDS.get(told.get("catalogue", "")),
        "catalogue_code": told.get("catalogue_code", ""),
        "sharing": WORDS.get(entry.sharing),
        "opening": WORDS.get(entry.opening),
        "condition": Text.from_json(condition) if condition else None,
        "laws": [Text.from_json(each) for each in told.get("laws", [])],
        "update": WORDS.get(told.get("update", "")),
        "way": WAYS.get(told.get("way", "")),
        "form": told.get("form", "") or ", ".join(entry.formats),
        "missing": [Text.from_json(each) for each in told.get("missing", [])],
        "uses": uses.uses_of(entry.code, offered.register, timezone.localdate()),
        "request_link": _guide(offered.use if asked else ""),
        "correct_link": _guide(offered.error),
    }


def _guide(service: str) -> str:
    return reverse("portal:guide", args=[service]) if service else ""


@logged_in
@action("open:dataset", "code")
def subscribe(request: ActorRequest, code: str) -> HttpResponse:
    """Be told of new releases of a data set, or of all of its series."""
    what = _what(request, _dataset(code))
    subscribing.subscribe(what, actor=request.actor, at=timezone.now())
    return HttpResponseRedirect(reverse("open:dataset", args=[code]))


@logged_in
@action("open:dataset", "code")
def unsubscribe(request: ActorRequest, code: str) -> HttpResponse:
    """Be told no more."""
    subscribing.unsubscribe(_what(request, _dataset(code)), actor=request.actor)
    return HttpResponseRedirect(reverse("open:dataset", args=[code]))


def _dataset(code: str) -> DataSet:
    standing = releases.standing(code, timezone.localdate())
    if standing is None:
        raise Http404
    return standing.dataset


def _what(request: ActorRequest, dataset: DataSet) -> str:
    if request.POST.get("what") == "series" and dataset.series:
        return f"{subscribing.SERIES}{dataset.series}"
    return dataset.code


def subscriptions(request: ActorRequest, dataset: DataSet) -> list[tuple[str, Text, bool]]:
    """What may be subscribed to from a page, each with its words and whether it is."""
    if request.actor.account is None:
        return []
    now = subscribing.subscribed(dataset, request.actor)
    found = [("dataset", Text("这个数据集", "this data set"), dataset.code in now)]
    if dataset.series:
        series = Text("整个系列 {series}", "the series {series}", series=dataset.series)
        found.append(("series", series, f"{subscribing.SERIES}{dataset.series}" in now))
    return found
