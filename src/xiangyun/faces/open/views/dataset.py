"""A data set: the chart first, the table under it, the downloads beside it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from xiangyun.adapters import openquery
from xiangyun.domain.datasets import releases, searching
from xiangyun.domain.datasets.releases import Standing
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.policy import POLICY
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.open import actions, drawing, packages
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.projection.filters import Asked, filtered

from . import entry
from .files import found

_PAGE = 50
_NOT_FILTERS = ("start", "sort", "q", "chart", "by")


@require_safe
def dataset(request: ActorRequest, code: str) -> HttpResponse:
    """One data set with the rows that are asked for; the address is a lasting one."""
    standing = releases.standing(code, timezone.localdate())
    if standing is None:
        return entry.entry(request, code)
    context = _context(request, standing)
    context |= entry.about(searching.entry(code))
    context["subscriptions"] = entry.subscriptions(request, standing.dataset)
    status = 422 if context.get("fault") else 200
    return public_page(request, "open/dataset.html", context, status=status)


@require_safe
@xframe_options_exempt
def embed(request: ActorRequest, code: str) -> HttpResponse:
    """The chart and its table alone, to stand in pages of others."""
    standing = found(code)
    answer = public_page(request, "open/embed.html", _context(request, standing))
    answer.headers["Content-Security-Policy"] = POLICY.replace(
        "frame-ancestors 'self'", "frame-ancestors *"
    )
    return answer


def _context(request: ActorRequest, standing: Standing) -> dict[str, Any]:
    data, latest = standing.dataset, standing.latest
    office = department(data.department)
    context: dict[str, Any] = {
        "standing": standing,
        "dataset": data,
        "latest": latest,
        "office": office.name if office else data.department,
        "page": packages.absolute(reverse("open:dataset", args=[data.code])),
        "licence": packages.LICENCES[data.licence],
        "period": standing.period_of(latest) if latest else None,
        "downloads": [
            (shown, reverse("open:release", args=[data.code, latest.number, format]))
            for format, shown in packages.SHOWN.items()
        ]
        if latest and data.opening == "unconditional"
        else [],
        "about": _about(standing),
        "columns": list(map(_told, latest.schema["fields"])) if latest else [],
    }
    if latest is None or data.opening != "unconditional":
        return context
    try:
        context |= _rows(request, standing)
    except Refused as refused:
        context["fault"] = refused.findings[0]
        context["chart"] = ""
    return context


def _rows(request: ActorRequest, standing: Standing) -> dict[str, Any]:
    latest, code = standing.latest, standing.dataset.code
    assert latest is not None
    columns = actions.columns_of(standing)
    filters = {
        key: values if len(values) > 1 else values[0]
        for key in request.GET
        if key not in _NOT_FILTERS and (values := [v[:200] for v in request.GET.getlist(key) if v])
    }
    start = int(request.GET["start"]) if request.GET.get("start", "").isdigit() else 0
    start = min(start, 100_000_000)
    asked = filtered(
        code,
        columns,
        filters,
        words=request.GET.get("q", "")[:200],
        sort=request.GET.get("sort", "")[:200],
    )
    tables = {code: latest.digest}
    page = Asked(f"{asked.sql} LIMIT {_PAGE} OFFSET {start}", asked.tables, asked.parameters)
    answer = openquery.ask(page, tables, most=_PAGE)
    counting = Asked(f"SELECT count(*) FROM ({asked.sql}) AS c", asked.tables, asked.parameters)
    total = openquery.ask(counting, tables, most=1).rows[0][0]
    fields = {each["name"]: each for each in latest.schema["fields"]}
    return {
        "head": [
            (_told(fields[name]), _sorted(request, name), _is_number(fields[name]))
            for name, _ in answer.columns
        ],
        "rows": [
            [
                (drawing.shown(value, fields[name]), _is_number(fields[name]))
                for value, (name, _) in zip(row, answer.columns, strict=True)
            ]
            for row in answer.rows
        ],
        "total": total,
        "first": start + 1 if total else 0,
        "last": start + len(answer.rows),
        "before": _moved(request, max(start - _PAGE, 0)) if start else "",
        "after": _moved(request, start + _PAGE) if start + _PAGE < total else "",
        "words": request.GET.get("q", ""),
        "filters": [(k, v) for k, each in filters.items() for v in _each(each)],
        "chosen": _chosen(request, filters, fields),
        "asked": _asked(request),
        "facets": _facets(request, standing, asked, tables),
        "permalink": request.get_full_path(),
        "chart": drawing.chart(standing, asked, tables),
    }


def _facets(
    request: ActorRequest, standing: Standing, asked: Asked, tables: dict[str, str]
) -> list[tuple[dict[str, Any], list[tuple[str, int, str]]]]:
    """Values of columns of codes and words with their counts, the most frequent first."""
    assert standing.latest is not None
    texts = [f for f in standing.latest.schema["fields"] if f["type"] in ("string", "date")][:3]
    told = []
    for field in texts:
        name = '"' + field["name"].replace('"', '""') + '"'
        sql = (
            f"SELECT {name}, count(*) AS n FROM ({asked.sql}) AS f WHERE {name} IS NOT NULL"
            f" GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 9"
        )
        answer = openquery.ask(Asked(sql, asked.tables, asked.parameters), tables, most=9)
        if len(answer.rows) > 1 and answer.rows[0][1] > 1:
            values = [
                (drawing.shown(v, field), n, _with(request, field["name"], str(v)))
                for v, n in answer.rows
            ]
            told.append((_told(field), values))
    return told


def _chosen(
    request: ActorRequest, filters: dict[str, Any], fields: dict[str, dict[str, Any]]
) -> list[tuple[Text, str]]:
    """What the rows are narrowed to, in words, each with the address without it."""
    told = []
    if words := request.GET.get("q", ""):
        told.append((Text("“{words}”", "“{words}”", words=words[:200]), _without(request, "q")))
    for key, value in filters.items():
        name, _, operator = (key, "", "") if key in fields else key.rpartition("__")
        field = fields[name]
        shown = [drawing.shown(each, field) for each in _each(value)]
        title = _told(field)["words"].get("title") or Text.given(name, name)
        said = _SIGNS.get(operator, Text("{title}：{shown}", "{title}: {shown}"))
        told.append((said.filled({"title": title, "shown": shown}), _without(request, key)))
    return told


_SIGNS = {
    "ne": Text("{title}不是 {shown}", "{title} is not {shown}"),
    "gt": Text("{title}大于 {shown}", "{title} over {shown}"),
    "gte": Text("{title}不小于 {shown}", "{title} at least {shown}"),
    "lt": Text("{title}小于 {shown}", "{title} under {shown}"),
    "lte": Text("{title}不大于 {shown}", "{title} at most {shown}"),
    "contains": Text("{title}含有 {shown}", "{title} contains {shown}"),
    "starts": Text("{title}以 {shown} 开头", "{title} begins with {shown}"),
}


def _each(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _told(field: dict[str, Any]) -> dict[str, Any]:
    """A field of a Table Schema with its words in the reader's language."""
    words = {
        key: Text.given(str(field[key]), str(field.get(f"{key}_en", "")))
        for key in ("title", "unit", "description")
        if field.get(key)
    }
    return {**field, "words": words}


def _is_number(field: dict[str, Any]) -> bool:
    return field["type"] in ("integer", "number")


def _given(request: ActorRequest) -> dict[str, Any]:
    return {key: request.GET.getlist(key) for key in request.GET if key != "start"}


def _asked(request: ActorRequest) -> str:
    """What the rows are asked for by, to stand behind another address; empty for all of them."""
    return f"?{urlencode(_given(request), doseq=True)}" if _given(request) else ""


def _without(request: ActorRequest, name: str) -> str:
    left = {key: values for key, values in _given(request).items() if key != name}
    return f"?{urlencode(left, doseq=True)}"


def _sorted(request: ActorRequest, name: str) -> str:
    now = request.GET.get("sort", "")
    then = f"{name} desc" if now == name else name
    return f"?{urlencode({**_given(request), 'sort': then}, doseq=True)}"


def _moved(request: ActorRequest, start: int) -> str:
    return f"?{urlencode({**_given(request), 'start': start}, doseq=True)}"


def _with(request: ActorRequest, name: str, value: str) -> str:
    return f"?{urlencode({**_given(request), name: value}, doseq=True)}"


def _about(standing: Standing) -> SafeString:
    """schema.org/Dataset for search engines, as JSON that ends no script."""
    data, latest = standing.dataset, standing.latest
    office = department(data.department)
    told: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": data.name.zh,
        "alternateName": data.name.en,
        "description": data.summary.zh,
        "url": packages.absolute(reverse("open:dataset", args=[data.code])),
        "license": packages.LICENCES[data.licence],
        "isAccessibleForFree": True,
        "keywords": list(data.keywords),
        "creator": {"@type": "Organization", "name": office.name.zh if office else ""},
        "variableMeasured": [column.words.zh for column in data.columns],
    }
    if latest is not None and latest.published_at is not None:
        told["dateModified"] = latest.published_at.date().isoformat()
        told["distribution"] = [
            {
                "@type": "DataDownload",
                "encodingFormat": packages.FORMATS[format].partition(";")[0],
                "contentUrl": packages.absolute(
                    reverse("open:release", args=[data.code, latest.number, format])
                ),
            }
            for format in packages.SHOWN
        ]
    text = json.dumps(told, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


NOT_OPEN = Text("这个数据集需要申请。", "This data set is given on request.")
__all__ = ["Finding"]
