"""The actions of CKAN's interface, version 3, that read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone

from xiangyun.adapters import openquery
from xiangyun.domain.datasets import releases, searching
from xiangyun.domain.datasets.releases import Standing
from xiangyun.domain.datasets.searching import Listing
from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.projection.filters import MOST_ROWS, Asked, filtered

from . import packages

Given = Mapping[str, Any]
Answer = Callable[[Given], Any]
VERSION: Final = "2.11.0"
"""The CKAN whose interface this is."""
KINDS: Final = ("dataset",)
_TYPES: Final = {"string": "text", "integer": "int", "number": "numeric", "boolean": "bool",
                 "date": "date"}  # fmt: skip
_WORD = re.compile(r'([+-]?)(\w+):(?:"([^"]*)"|\(([^)]*)\)|(\S+))|(\bAND\b)|(\S+)')
SORTS: Final = {
    "metadata_modified": "modified",
    "title": "title",
    "title_string": "title",
    "name": "name",
    "score": "modified",
}


def _all() -> list[Listing]:
    return searching.listed(KINDS)


def _number(given: Given, name: str, otherwise: int, most: int = 10**9) -> int:
    value = given.get(name)
    if value in (None, ""):
        return otherwise
    try:
        found = int(str(value))
    except ValueError:
        raise Refused([wrong(name)]) from None
    if found < 0:
        raise Refused([wrong(name)])
    return min(found, most)


def _listed(given: Given, name: str) -> list[str]:
    """A list: as JSON, as one word, or separated by commas."""
    value = given.get(name)
    if value in (None, ""):
        return []
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise Refused([wrong(name)]) from None
    if isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    raise Refused([wrong(name)])


def _is_true(given: Given, name: str) -> bool:
    return str(given.get(name, "")).lower() in ("true", "1", "yes")


def _wanted(given: Given, name: str = "id") -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise Refused([missing(name)])
    return value


# -- packages -------------------------------------------------------------------------------------


def package_list(given: Given) -> list[str]:
    """The names of all packages."""
    names = searching.codes(KINDS)
    start = _number(given, "offset", 0)
    return names[start : start + _number(given, "limit", 10**9)]


def current_package_list_with_resources(given: Given) -> list[dict[str, Any]]:
    """Packages whole, a page at a time."""
    start, most = _number(given, "offset", 0), _number(given, "limit", 1000, 1000)
    return _packages(_all()[start : start + most])


def package_show(given: Given) -> dict[str, Any]:
    """One package, by its name or id."""
    found = _package(_wanted(given))
    if found is None:
        raise NotFound([absent()])
    return found


def _package(wanted: str) -> dict[str, Any] | None:
    """By its name in one statement; an id is no more than a name in another spelling."""
    entry = searching.entry(wanted)
    if entry is None:
        ids = {packages.identifier(f"dataset/{code}"): code for code in searching.codes(KINDS)}
        entry = searching.entry(ids[wanted]) if wanted in ids else None
    if entry is None or entry.kind not in KINDS or entry.opening == "none":
        return None
    return next(iter(_packages([entry])), None)


def _packages(entries: list[Listing]) -> list[dict[str, Any]]:
    """Packages in order: two statements for those of our own, none for others."""
    own = {
        s.dataset.code: s
        for s in releases.standings(timezone.localdate(), packages.codes_of(entries))
    }
    return [
        packages.package_of(own[entry.code], entry)
        if entry.code in own
        else packages.harvested(entry)
        if entry.source
        else packages.catalogued(entry)
        for entry in entries
    ]


def package_search(given: Given) -> dict[str, Any]:
    """Packages by words and facets, as Solr is asked."""
    facets = tuple(_listed(given, "facet.field"))
    words, narrowed = _query(str(given.get("q") or ""))
    for text in (given.get("fq"), *_listed(given, "fq_list")):
        more, also = _query(str(text or ""))
        words = f"{words} {more}".strip()
        narrowed |= also
    sort = str(given.get("sort") or "").split(",")[0].split()
    asked = searching.Asked(
        words,
        narrowed,
        KINDS,
        SORTS.get(sort[0], "modified") if sort else "modified",
        _number(given, "start", 0),
        _number(given, "rows", 10, 1000),
    )
    # In Solr's words: -1 is all of them.
    everything = str(given.get("facet.limit")).strip() == "-1"
    most = -1 if everything else _number(given, "facet.limit", 50)
    found = searching.search(asked, facets, most)
    return {
        "count": found.count,
        "sort": str(given.get("sort") or "score desc, metadata_modified desc"),
        "results": _packages(list(found.entries)),
        "facets": {name: dict(values) for name, values in found.facets.items()},
        "search_facets": {
            name: {"title": name, "items": packages.facet_items(name, values)}
            for name, values in found.facets.items()
        },
    }


def _query(text: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """`words organization:traffic tags:"空气 质量"` taken apart; `*:*` is everything."""
    words, narrowed = list[str](), dict[str, tuple[str, ...]]()
    for match in _WORD.finditer(text):
        sign, key, quoted, several, plain, joined, word = match.groups()
        if key == "*" or match[0] in ("*:*", "+*:*") or joined:
            continue
        if key:
            if sign == "-":
                raise Refused([wrong("fq")])
            values = (
                tuple(v.strip('"') for v in several.replace(" OR ", " ").split())
                if several is not None
                else (quoted if quoted is not None else plain,)
            )
            if key in ("name", "id", "title", "notes", "text"):
                words += values
            elif key in ("state", "type", "dataset_type", "capacity", "private"):
                continue
            else:
                narrowed[key] = (*narrowed.get(key, ()), *values)
        elif word and word != "*:*":
            words.append(word)
    return " ".join(words), narrowed


def package_autocomplete(given: Given) -> list[dict[str, str]]:
    """Packages whose names begin so."""
    asked = searching.Asked(_wanted(given, "q"), {}, KINDS, rows=_number(given, "limit", 10, 100))
    return [
        {
            "name": entry.code,
            "title": entry.title,
            "match_field": "title",
            "match_displayed": entry.title,
        }
        for entry in searching.search(asked).entries
    ]


def resource_show(given: Given) -> dict[str, Any]:
    """One resource."""
    wanted = _wanted(given)
    package = _package(wanted.rpartition("-")[0])
    for resource in package["resources"] if package else ():
        if resource["id"] == wanted:
            return dict(resource)
    raise NotFound([absent()])


def _resources() -> dict[str, dict[str, Any]]:
    return {each["id"]: each for package in _packages(_all()) for each in package["resources"]}


def resource_search(given: Given) -> dict[str, Any]:
    """Resources by `field:words`."""
    asked = (
        [str(given.get("query") or "")]
        if isinstance(given.get("query"), str)
        else given.get("query") or []
    )
    pairs = [each.partition(":")[::2] for each in asked if each]
    found = [
        resource
        for resource in _resources().values()
        if all(value.lower() in str(resource.get(key, "")).lower() for key, value in pairs)
    ]
    return {"count": len(found), "results": found[: _number(given, "limit", 100, 1000)]}


# -- organizations, groups, tags ------------------------------------------------------------------


def _counts(name: str) -> Mapping[str, int]:
    return searching.search(searching.Asked(kinds=KINDS, rows=0), (name,), -1).facets[name]


def _organizations() -> dict[str, dict[str, Any]]:
    return {
        name: packages.organization_of(name, count)
        for name, count in sorted(_counts("organization").items())
    }


def _groups() -> dict[str, dict[str, Any]]:
    titles = {entry.group: entry.told.get("group", {}).get("zh", entry.group) for entry in _all()}
    return {
        name: packages.group_of(name, titles.get(name) or name, count)
        for name, count in sorted(_counts("groups").items())
    }


def _list(found: dict[str, dict[str, Any]], given: Given) -> list[Any]:
    start = _number(given, "offset", 0)
    some = list(found.items())[start : start + _number(given, "limit", 1000, 1000)]
    if _is_true(given, "all_fields"):
        return [told for _, told in some]
    return [name for name, _ in some]


def organization_list(given: Given) -> list[Any]:
    """Departments that have packages."""
    return _list(_organizations(), given)


def group_list(given: Given) -> list[Any]:
    """Groups."""
    return _list(_groups(), given)


def _one(found: dict[str, dict[str, Any]], given: Given, facet: str) -> dict[str, Any]:
    wanted = _wanted(given)
    told = next((t for n, t in found.items() if wanted in (n, t["id"])), None)
    if told is None:
        raise NotFound([absent()])
    more: dict[str, Any] = {"extras": [], "users": [], "tags": [], "groups": []}
    if str(given.get("include_datasets", "false")).lower() in ("true", "1"):
        asked = searching.Asked(narrowed={facet: (told["name"],)}, kinds=KINDS, rows=1000)
        more["packages"] = _packages(list(searching.search(asked).entries))
    return {**told, **more, "display_name": told["title"], "num_followers": 0}


def organization_show(given: Given) -> dict[str, Any]:
    """One department."""
    return _one(_organizations(), given, "organization")


def group_show(given: Given) -> dict[str, Any]:
    """One group."""
    return _one(_groups(), given, "groups")


def tag_list(given: Given) -> list[Any]:
    """Keywords."""
    names = sorted(_counts("tags"))
    asked = str(given.get("query") or "").lower()
    found = [name for name in names if asked in name.lower()]
    return [packages.tag_of(name) for name in found] if _is_true(given, "all_fields") else found


def tag_show(given: Given) -> dict[str, Any]:
    """One keyword."""
    wanted = _wanted(given)
    for name in _counts("tags"):
        if wanted in (name, packages.identifier(f"tag/{name}")):
            told = packages.tag_of(name)
            if _is_true(given, "include_datasets"):
                asked = searching.Asked(narrowed={"tags": (name,)}, kinds=KINDS, rows=1000)
                told["packages"] = _packages(list(searching.search(asked).entries))
            return told
    raise NotFound([absent()])


def license_list(given: Given) -> list[dict[str, Any]]:
    """The licences there are."""
    return [
        {"id": id_, "title": title, "url": packages.LICENCES[id_], "status": "active",
         "is_okd_compliant": True, "od_conformance": "approved"}
        for id_, title in packages.LICENCE_NAMES.items()
    ]  # fmt: skip


# -- rows -----------------------------------------------------------------------------------------


def tables() -> dict[str, Standing]:
    """The open tables by what a query may call them: a resource's id, or the data set's code."""
    found = {}
    for standing in releases.standings(timezone.localdate()):
        if standing.latest is not None and standing.dataset.opening == "unconditional":
            code = standing.dataset.code
            found[code] = standing
            for format in packages.SHOWN:
                found[packages.resource_id(code, format)] = standing
    return found


def columns_of(standing: Standing) -> dict[str, str]:
    """Names and types of the columns of the newest release."""
    assert standing.latest is not None
    return {
        each["name"]: "text" if each["type"] == "string" else each["type"]
        for each in standing.latest.schema["fields"]
    }


def datastore_search(given: Given) -> dict[str, Any]:
    """Rows of a table by filters, words, order."""
    id_ = _wanted(given, "resource_id")
    standing = tables().get(id_)
    if standing is None or standing.latest is None:
        raise NotFound([absent()])
    columns = columns_of(standing)
    filters = _filters(given)
    limit = _number(given, "limit", 100, MOST_ROWS)
    offset = _number(given, "offset", 0)
    asked = filtered(
        id_,
        columns,
        filters,
        words=_words(given.get("q")),
        sort=str(given.get("sort") or ""),
        fields=_listed(given, "fields"),
        distinct=_is_true(given, "distinct"),
    )
    digests = {id_: standing.latest.digest}
    page = Asked(f"{asked.sql} LIMIT {limit} OFFSET {offset}", asked.tables, asked.parameters)
    answer = openquery.ask(page, digests, most=limit)
    total = standing.latest.rows
    if filters or given.get("q") or _is_true(given, "distinct"):
        counting = Asked(f"SELECT count(*) FROM ({asked.sql}) AS c", asked.tables, asked.parameters)
        total = openquery.ask(counting, digests, most=1).rows[0][0]
    types = {each["name"]: each["type"] for each in standing.latest.schema["fields"]}
    names = [name for name, _ in answer.columns]
    numbered = "_id" not in columns and not _is_true(given, "distinct") and not given.get("fields")
    records = [dict(zip(names, row, strict=True)) for row in answer.rows]
    if numbered:
        records = [{"_id": offset + n, **row} for n, row in enumerate(records, 1)]
    shown = ([{"id": "_id", "type": "int"}] if numbered else []) + [
        {"id": name, "type": _TYPES.get(types.get(name, "string"), "text")} for name in names
    ]
    return {
        "resource_id": id_,
        "fields": shown,
        "records": _formed(records, str(given.get("records_format") or "objects")),
        "records_format": str(given.get("records_format") or "objects"),
        "total": total,
        "total_was_estimated": False,
        "include_total": True,
        "limit": limit,
        "offset": offset,
        "filters": filters,
        "_links": _links(id_, offset, limit),
    }


def _words(value: Any) -> str:
    if isinstance(value, dict):
        raise Refused([wrong("q")])
    return str(value or "")


def _filters(given: Given) -> dict[str, Any]:
    value = given.get("filters") or {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise Refused([wrong("filters")]) from None
    if not isinstance(value, dict):
        raise Refused([wrong("filters")])
    return value


def _formed(records: list[dict[str, Any]], form: str) -> Any:
    if form == "lists":
        return [list(record.values()) for record in records]
    if form == "objects":
        return records
    raise Refused([wrong("records_format")])


def _links(id_: str, offset: int, limit: int) -> dict[str, str]:
    at = f"/api/3/action/datastore_search?resource_id={id_}&limit={limit}"
    return {"start": at, "next": f"{at}&offset={offset + limit}"}


def datastore_search_sql(given: Given) -> dict[str, Any]:
    """Rows by one SELECT."""
    # A server that is never asked SQL does not hold its parser.
    from xiangyun.kernel.projection.asking import allowed  # noqa: PLC0415

    text = _wanted(given, "sql")
    known = tables()
    asked = allowed(text, list(known))
    digests = {}
    for name in asked.tables:
        latest = known[name].latest
        assert latest is not None
        digests[name] = latest.digest
    answer = openquery.ask(asked, digests, most=MOST_ROWS)
    names = [name for name, _ in answer.columns]
    found = {
        "sql": text,
        "fields": [{"id": name, "type": type_.lower()} for name, type_ in answer.columns],
        "records": [dict(zip(names, row, strict=True)) for row in answer.rows],
    }
    return {**found, "records_truncated": True} if answer.more else found


def datastore_info(given: Given) -> dict[str, Any]:
    """The columns of a table."""
    standing = tables().get(_wanted(given))
    if standing is None or standing.latest is None:
        raise NotFound([absent()])
    return {
        "meta": {"id": given["id"], "count": standing.latest.rows, "table_type": "BASE TABLE"},
        "fields": [
            {"id": each["name"], "type": _TYPES.get(each["type"], "text"),
             "info": {"label": each["title"], "notes": each.get("description", "")}}
            for each in standing.latest.schema["fields"]
        ],
    }  # fmt: skip


# -- the site -------------------------------------------------------------------------------------


def status_show(given: Given) -> dict[str, Any]:
    """What the site is."""
    return {
        "ckan_version": VERSION,
        "site_url": packages.absolute(""),
        "site_title": "祥云开放数据",
        "site_description": "",
        "locale_default": "zh_Hans_CN",
        "error_emails_to": None,
        "extensions": ["datastore"],
    }


def site_read(given: Given) -> bool:
    """Whether it may be read."""
    return True


def help_show(given: Given) -> str:
    """What an action is about."""
    name = _wanted(given, "name")
    if name not in ACTIONS:
        raise NotFound([absent()])
    return f"{name}: https://docs.ckan.org/en/2.11/api/"


def nothing(given: Given) -> list[Any]:
    """An empty list: of what there is none here."""
    return []


ACTIONS: Final[Mapping[str, Answer]] = {
    function.__name__: function
    for function in (
        *(package_list, current_package_list_with_resources, package_show, package_search),
        *(package_autocomplete, resource_show, resource_search, organization_list),
        *(organization_show, group_list, group_show, tag_list, tag_show, license_list),
        *(datastore_search, datastore_search_sql, datastore_info, status_show, site_read),
        help_show,
    )
} | {"user_list": nothing, "vocabulary_list": nothing, "organization_list_for_user": nothing}


def absent() -> Finding:
    """What is not there."""
    return Finding("open.E007", "error", Text("没有找到。", "Not found."))


def missing(name: str) -> Finding:
    """A parameter that has to be there."""
    return Finding("open.E008", "error", Text("缺少“{name}”。", "“{name}” is missing.", name=name))


def wrong(name: str) -> Finding:
    """A parameter that cannot be so."""
    return Finding(
        "open.E009",
        "error",
        Text("“{name}”的值不对。", "The value of “{name}” is wrong.", name=name),
    )
