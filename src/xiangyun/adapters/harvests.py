"""Catalogues of others as packages, a `ports.Source`: another CKAN page by page, DCAT whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from time import monotonic
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from xiangyun.domain.datasets.ports import Catalogue
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.language import COMPLETE, choose

from .fetching import broken, fault, fetch, large

MOST_BYTES: Final = 64 << 20
"""So many bytes an answer may have."""
IN_ALL: Final = 1 << 30
"""So many the pages of a catalogue may have together."""
SECONDS: Final = 1800.0
"""So long they may take together: a page may hold as little as its server likes."""
MOST: Final = 200_000
"""So many packages a catalogue may hold."""
_ROWS: Final = 1000
_DCAT: Final = "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8"
_FORMS: Final = {
    "text/turtle": "turtle",
    "application/n-triples": "turtle",
    "application/ld+json": "json-ld",
    "application/json": "json-ld",
    "application/rdf+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
}
_ENDINGS: Final = {"ttl": "turtle", "jsonld": "json-ld", "json": "json-ld", "rdf": "xml",
                   "xml": "xml"}  # fmt: skip


def source() -> HttpSource:
    """The one of this instance."""
    return HttpSource()


class HttpSource:
    """Catalogues over HTTP."""

    def catalogue(self, kind: str, address: str, tag: str) -> Catalogue:
        """All packages of a catalogue, or none where it says that nothing has changed.

        Those of CKAN are read page by page while somebody asks for them, and may be refused then.
        Raises Refused as `fetch` does, `dataset.E035` for what is no such catalogue, and
        `dataset.E036` where it holds others than it says.
        """
        if kind == "ckan":
            return Catalogue(_ckan(address), "")
        got = fetch(address, accept=_DCAT, most=MOST_BYTES, tag=tag)
        if got.same:
            return Catalogue((), tag, same=True)
        form = _FORMS.get(got.media) or _ENDINGS.get(urlsplit(address).path.rpartition(".")[2], "")
        return Catalogue(tuple(_dcat(address, got.body, form or "turtle")), got.tag)


# -- CKAN -----------------------------------------------------------------------------------------


def _ckan(address: str) -> Iterator[dict[str, Any]]:
    root = address.rstrip("/")
    for ending in ("/api/3/action", "/api/3", "/api/action", "/api"):
        root = root.removesuffix(ending)
    seen, start, size, until = set[str](), 0, 0, monotonic() + SECONDS
    while True:
        asked = urlencode({"q": "*:*", "rows": _ROWS, "start": start, "sort": "name asc"})
        at = f"{root}/api/3/action/package_search?{asked}"
        if monotonic() > until:
            raise Refused([broken(at, "timeout")])
        result, length = _result(at)
        size += length
        if size > IN_ALL:
            raise Refused([large(root, IN_ALL)])
        count, some = result.get("count"), result.get("results")
        if not isinstance(count, int) or not isinstance(some, list):
            raise Refused([_no_catalogue(at, "package_search")])
        if count > MOST:
            raise Refused([_other_number(at, count, MOST)])
        for each in some:
            name = each.get("name") if isinstance(each, dict) else None
            if not isinstance(name, str) or not name:
                raise Refused([_no_catalogue(at, "name")])
            if name in seen:
                raise Refused([_twice(at, name)])
            seen.add(name)
            yield {**each, "url": f"{root}/dataset/{quote(name)}"}
        start += len(some)
        if start >= count or not some:
            if start != count:
                raise Refused([_other_number(at, count, start)])
            return


def _result(address: str) -> tuple[dict[str, Any], int]:
    """What an action gives, and how many bytes it took to say it."""
    got = fetch(address, accept="application/json", most=MOST_BYTES)
    told = _json(address, got.body)
    result = told.get("result") if isinstance(told, dict) and told.get("success") is True else None
    if not isinstance(result, dict):
        raise Refused([_no_catalogue(address, "success")])
    return result, len(got.body)


def _json(address: str, body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise Refused([_no_catalogue(address, str(problem)[:200])]) from problem


# -- DCAT -----------------------------------------------------------------------------------------


def _dcat(address: str, body: bytes, form: str) -> Iterator[dict[str, Any]]:
    # It takes a third of a second to load, and only a harvest needs it.
    from rdflib import DCAT, DCTERMS, RDF, Graph  # noqa: PLC0415

    _harmless(address, body, form)
    graph = Graph()
    try:
        graph.parse(data=body, format=form, publicID=address)
    except Exception as problem:  # a parser of strangers' texts has errors of many kinds
        raise Refused([_no_catalogue(address, str(problem).splitlines()[0][:200])]) from problem
    found = sorted(graph.subjects(RDF.type, DCAT.Dataset), key=str)
    if not found and not next(graph.subjects(RDF.type, DCAT.Catalog), None):
        raise Refused([_no_catalogue(address, "dcat:Catalog")])
    if len(found) > MOST:
        raise Refused([_other_number(address, len(found), MOST)])
    seen = set[str]()
    for thing in found:
        package = _package(graph, thing, _value(graph, thing, DCTERMS.identifier))
        if package["name"] in seen:
            package["name"] += f"-{sha256(package['id'].encode()).hexdigest()[:8]}"
        seen.add(package["name"])
        yield package


def _harmless(address: str, body: bytes, form: str) -> None:
    """Refuse what would have the parser fetch from elsewhere, or grow without end."""
    if form == "json-ld":
        waiting = [_json(address, body)]
        while waiting:
            each = waiting.pop()
            if isinstance(each, list):
                waiting += each
            elif isinstance(each, dict):
                context = each.get("@context")
                listed = context if isinstance(context, list) else [context]
                if "@import" in each or any(isinstance(one, str) for one in listed):
                    raise Refused([_no_catalogue(address, "@context")])
                waiting += each.values()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Refused([_no_catalogue(address, "UTF-8")]) from problem
    if "\0" in text:  # such as UTF-16, in which nothing would be found here
        raise Refused([_no_catalogue(address, "UTF-8")])
    if form == "xml" and "<!ENTITY" in text:
        raise Refused([_no_catalogue(address, "<!ENTITY>")])


def _package(graph: Any, thing: Any, identifier: str) -> dict[str, Any]:
    from rdflib import DCAT, DCTERMS, FOAF, BNode  # noqa: PLC0415 - see above

    title = _value(graph, thing, DCTERMS.title)
    id_ = identifier or ("" if isinstance(thing, BNode) else str(thing)) or title
    publisher = next(graph.objects(thing, DCTERMS.publisher), None)
    resources, licence = [], _value(graph, thing, DCTERMS.license)
    for one in sorted(graph.objects(thing, DCAT.distribution), key=str):
        licence = licence or _value(graph, one, DCTERMS.license)
        media = _value(graph, one, DCTERMS.format) or _value(graph, one, DCAT.mediaType)
        resources.append(
            {
                "id": "" if isinstance(one, BNode) else str(one),
                "name": _value(graph, one, DCTERMS.title),
                "description": _value(graph, one, DCTERMS.description),
                "url": _value(graph, one, DCAT.downloadURL) or _value(graph, one, DCAT.accessURL),
                "format": re.split("[/#]", media)[-1],
            }
        )
    resources.sort(key=lambda each: (each["url"], each["name"]))
    last = re.split("[/#]", identifier or str(thing).removesuffix("#dataset"))[-1]
    return {
        "name": last if not isinstance(thing, BNode) or identifier else _short(id_),
        "id": id_,
        "title": title,
        "notes": _value(graph, thing, DCTERMS.description),
        "url": _value(graph, thing, DCAT.landingPage)
        or ("" if isinstance(thing, BNode) else str(thing)),
        "license_url": licence,
        "metadata_modified": _value(graph, thing, DCTERMS.modified),
        "tags": [{"name": each} for each in sorted(set(_all(graph, thing, DCAT.keyword)))],
        "organization": {"title": _value(graph, publisher, FOAF.name) if publisher else ""},
        "resources": resources,
    }


def _short(id_: str) -> str:
    return sha256(id_.encode()).hexdigest()[:16]


def _all(graph: Any, thing: Any, predicate: Any) -> list[str]:
    return [str(each) for each in graph.objects(thing, predicate)]


def _value(graph: Any, thing: Any, predicate: Any) -> str:
    """A value: of several languages Chinese, then English, then the first by the alphabet."""
    complete = list(COMPLETE.values())

    def rank(each: Any) -> tuple[int, str]:
        tag = getattr(each, "language", None)
        language = choose([tag], complete) if tag else None
        return len(complete) if language is None else complete.index(language), str(each)

    found = min(graph.objects(thing, predicate), key=rank, default=None)
    return "" if found is None else str(found)


def _no_catalogue(address: str, why: str) -> Finding:
    return fault(
        "dataset.E035",
        Text("{address} 的答复不是目录：{why}", "The answer of {address} is no catalogue: {why}",
             address=address[:300], why=why),
    )  # fmt: skip


def _other_number(address: str, said: int, came: int) -> Finding:
    return fault(
        "dataset.E036",
        Text("{address} 说有 {said} 个数据集，读到的是 {came} 个。",
             "{address} says that it holds {said} data sets, and {came} were read.",
             address=address[:300], said=said, came=came),
    )  # fmt: skip


def _twice(address: str, name: str) -> Finding:
    return fault(
        "dataset.E036",
        Text("{address} 两次给出“{name}”。", "{address} gives “{name}” twice.",
             address=address[:300], name=name[:100]),
    )  # fmt: skip
