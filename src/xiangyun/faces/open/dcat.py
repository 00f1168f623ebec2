"""The catalogue in DCAT-AP 3: each data set with its distributions, publisher, times and licence.

Whatever is pointed at is declared with its class, so that shapes of ranges find it; the concepts of
other vocabularies by `vocabularies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from django.urls import reverse

from xiangyun.adapters.exports import FORMATS
from xiangyun.domain.datasets.releases import Release, Standing
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import DataSet, period_of
from xiangyun.kernel.projection.model import UPDATES

from . import vocabularies as of
from .packages import SHOWN, absolute
from .triples import Graph, Iri, Literal
from .vocabularies import named, typed

PAGE: Final = 100
"""Data sets of a page, where pages are asked for or there are more than `WHOLE`."""
WHOLE: Final = 1_000
_THEMES: Final = {"economy": "ECON", "government": "GOVE", "transport": "TRAN", "health": "HEAL",
                  "environment": "ENVI", "education": "EDUC", "agriculture": "AGRI"}  # fmt: skip
_FILE_TYPES: Final = {"csv": "CSV", "xlsx": "XLSX", "jsonl": "JSON", "parquet": "PARQUET"}
_MEDIA: Final = {"jsonl": "application/json"}
"""The registered types of media; JSON lines has none of its own."""
TITLE = Text("祥云开放数据目录（演示）", "Open data catalogue of Xiangyun (demonstration)")
ABOUT = Text(
    "政务数据目录中向社会开放的数据集。演示系统，部门和数据均为虚构。",
    "The data sets of the government data catalogue that are open. A demonstration: departments "
    "and data are fictitious.",
)
_MADE = Text(
    "由业务库按公布的口径汇总，经两人复核后发布；每一版的行和结构不再改变。",
    "Compiled from operational registers by the published definition and released after review by "
    "two people; the rows and columns of a release never change.",
)


def catalogue(standings: Sequence[Standing], page: int | None = None, form: str = "ttl") -> Graph:
    """The whole catalogue; or a page of it, from 1, with the addresses of the others (Hydra)."""
    if page is None and len(standings) > WHOLE:
        page = 1
    graph = Graph()
    root = absolute("/catalog")
    home = absolute(reverse("open:catalogue"))
    typed(graph, root, "dcat:Catalog")
    named(graph, root, "dct:title", TITLE)
    named(graph, root, "dct:description", ABOUT)
    graph.say(root, "dct:publisher", _agent(graph, "digital_government"))
    graph.say(root, "foaf:homepage", typed(graph, home, "foaf:Document"))
    graph.say(root, "dct:license", of.licence(graph, "CC-BY-4.0"))
    graph.say(root, "dct:language", *of.languages(graph))
    graph.say(root, "dct:spatial", of.province(graph))
    graph.say(root, "dcat:themeTaxonomy", of.scheme(graph, "theme"))
    service = _service(graph)
    graph.say(root, "dcat:service", service)
    moments = [r.published_at for s in standings for r in s.releases if r.published_at]
    if moments:
        graph.say(root, "dct:issued", _moment(min(moments)))
        graph.say(root, "dct:modified", _moment(max(moments)))
    shown = standings if page is None else standings[(page - 1) * PAGE : page * PAGE]
    for standing in shown:
        made = Iri(_dataset(graph, standing, service))
        graph.say(root, "dcat:dataset", made)
        graph.say(service.value, "dcat:servesDataset", made)
    if page is not None:
        _paged(graph, root, len(standings), page, form)
    return graph


def pages(count: int) -> int:
    """How many pages so many data sets have; one where there is none."""
    return max(1, -(-count // PAGE))


def one(standing: Standing) -> Graph:
    """One data set."""
    graph = Graph()
    _dataset(graph, standing, _service(graph))
    return graph


def _paged(graph: Graph, root: str, count: int, page: int, form: str) -> None:
    """A page of the collection, as the Hydra Core Vocabulary has it (section 5.1)."""
    here, last = f"{root}.{form}", pages(count)
    view = f"{here}?page={page}"
    typed(graph, root, "hydra:Collection")
    graph.say(root, "hydra:totalItems", Literal(str(count), type="xsd:integer"))
    graph.say(root, "hydra:view", typed(graph, view, "hydra:PartialCollectionView"))
    graph.say(view, "hydra:first", Iri(f"{here}?page=1"))
    graph.say(view, "hydra:last", Iri(f"{here}?page={last}"))
    if page > 1:
        graph.say(view, "hydra:previous", Iri(f"{here}?page={page - 1}"))
    if page < last:
        graph.say(view, "hydra:next", Iri(f"{here}?page={page + 1}"))


def _dataset(graph: Graph, standing: Standing, service: Iri) -> str:
    dataset, latest = standing.dataset, standing.latest
    page = absolute(reverse("open:dataset", args=[dataset.code]))
    at = f"{page}#dataset"
    typed(graph, at, "dcat:Dataset")
    named(graph, at, "dct:title", dataset.name)
    named(graph, at, "dct:description", dataset.summary)
    graph.say(at, "dct:identifier", Literal(dataset.code))
    graph.say(at, "dcat:keyword", *(_keyword(word) for word in dataset.keywords))
    graph.say(at, "dct:publisher", _agent(graph, dataset.department))
    graph.say(at, "dcat:contactPoint", _contact(graph, dataset.department))
    graph.say(at, "dcat:landingPage", typed(graph, page, "foaf:Document", "rdfs:Resource"))
    graph.say(at, "dct:language", *of.languages(graph))
    code = _THEMES.get(dataset.group, "GOVE")
    graph.say(at, "dcat:theme", of.theme(graph, code, dataset.group_name))
    graph.say(at, "dct:accrualPeriodicity", of.frequency(graph, dataset.update))
    public = dataset.opening == "unconditional"
    graph.say(at, "dct:accessRights", of.access(graph, public=public))
    graph.say(at, "dct:spatial", of.province(graph))
    made = typed(graph, absolute("/catalog#provenance"), "dct:ProvenanceStatement")
    if "dct:description" not in graph.said[made.value]:
        named(graph, made.value, "dct:description", _MADE)
    graph.say(at, "dct:provenance", made)
    if dataset.series:
        graph.say(at, "dcat:inSeries", _series(graph, dataset))
    if latest is not None:
        _released(graph, at, standing, latest, service)
    return at


def _series(graph: Graph, dataset: DataSet) -> Iri:
    at = absolute(f"/catalog#series-{quote(dataset.series)}")
    if at not in graph.said:
        name = Text.given(dataset.series, dataset.series)
        named(graph, at, "dct:title", name)
        named(graph, at, "dct:description", name)
        graph.say(at, "dct:publisher", _agent(graph, dataset.department))
        graph.say(at, "dcat:contactPoint", _contact(graph, dataset.department))
        graph.say(at, "dct:accrualPeriodicity", of.frequency(graph, dataset.update))
        graph.say(at, "dct:spatial", of.province(graph))
    return typed(graph, at, "dcat:DatasetSeries")


def _released(graph: Graph, at: str, standing: Standing, latest: Release, service: Iri) -> None:
    dataset = standing.dataset
    graph.say(at, "dcat:version", Literal(str(latest.number)))
    first = standing.releases[-1].published_at
    if first is not None:
        graph.say(at, "dct:issued", _moment(first))
    if latest.published_at is not None:
        graph.say(at, "dct:modified", _moment(latest.published_at))
    length = UPDATES[dataset.update]
    if latest.period is not None and length is not None:
        time = f"{at}-time"
        last = period_of(latest.period, length).last
        graph.say(time, "dcat:endDate", Literal(last.isoformat(), type="xsd:date"))
        graph.say(at, "dct:temporal", typed(graph, time, "dct:PeriodOfTime"))
    schema = absolute(reverse("open:schema", args=[dataset.code]))
    named(graph, schema, "dct:title", Text("数据结构", "Table Schema"))
    standard = typed(graph, schema, "dct:Standard")
    graph.say(at, "dct:conformsTo", standard)
    for format, shown in SHOWN.items():
        made = f"{at}-{format}"
        typed(graph, made, "dcat:Distribution")
        title = Text("{name}（{format}）", "{name} ({format})", name=dataset.name, format=shown)
        named(graph, made, "dct:title", title)
        named(graph, made, "dct:description", dataset.summary)
        page = absolute(reverse("open:dataset", args=[dataset.code]))
        graph.say(made, "dcat:accessURL", Iri(page))
        url = absolute(reverse("open:release", args=[dataset.code, latest.number, format]))
        graph.say(made, "dcat:downloadURL", typed(graph, url, "rdfs:Resource"))
        licence = of.licence(graph, dataset.licence)
        graph.say(made, "dct:license", licence)
        graph.say(made, "dct:rights", licence)
        words = Text.given(shown, shown)
        graph.say(made, "dct:format", of.format(graph, _FILE_TYPES[format], words))
        media = _MEDIA.get(format, FORMATS[format].partition(";")[0])
        graph.say(made, "dcat:mediaType", of.media(graph, media))
        graph.say(made, "dct:conformsTo", standard)
        graph.say(made, "dcatap:availability", of.available(graph))
        graph.say(made, "dct:language", *of.languages(graph))
        if latest.published_at is not None:
            graph.say(made, "dct:issued", _moment(latest.published_at))
        if dataset.opening == "unconditional":
            graph.say(made, "dcat:accessService", service)
        if format == "parquet":
            size = Literal(str(latest.size), type="xsd:nonNegativeInteger")
            graph.say(made, "dcat:byteSize", size)
            graph.say(made, "spdx:checksum", of.checksum(graph, f"{made}-checksum", latest.digest))
        graph.say(at, "dcat:distribution", Iri(made))


def _service(graph: Graph) -> Iri:
    at = absolute("/catalog#service")
    if at in graph.said:
        return Iri(at)
    words = Text("数据接口（CKAN Action API 3）", "CKAN Action API, version 3")
    named(graph, at, "dct:title", words)
    named(graph, at, "dct:description", words)
    end, told = absolute("/api/3/action/"), "https://docs.ckan.org/en/2.11/api/"
    graph.say(at, "dcat:endpointURL", typed(graph, end, "rdfs:Resource"))
    graph.say(at, "dcat:endpointDescription", typed(graph, told, "rdfs:Resource", "foaf:Document"))
    graph.say(at, "dct:publisher", _agent(graph, "digital_government"))
    graph.say(at, "dcat:contactPoint", _contact(graph, "digital_government"))
    graph.say(at, "dct:license", of.licence(graph, "CC-BY-4.0"))
    graph.say(at, "dct:accessRights", of.access(graph, public=True))
    return typed(graph, at, "dcat:DataService")


def _agent(graph: Graph, key: str) -> Iri:
    found = department(key)
    name = found.key if found else key
    at = absolute(reverse("open:organization", args=[name]))
    named(graph, at, "foaf:name", found.name if found else Text.given(name, name))
    graph.say(at, "dct:type", of.authority(graph))
    return typed(graph, at, "foaf:Agent")


def _contact(graph: Graph, key: str) -> Iri:
    found = department(key)
    name = found.key if found else key
    page = absolute(reverse("open:organization", args=[name]))
    at = f"{page}#contact"
    named(graph, at, "vcard:fn", found.name if found else Text.given(name, name))
    graph.say(at, "vcard:hasURL", Iri(page))
    return typed(graph, at, "vcard:Kind", "vcard:Organization")


def _keyword(word: str) -> Literal:
    return Literal(word, "zh-Hans" if any(c > "⺀" for c in word) else "en")


def _moment(at: datetime) -> Literal:
    return Literal(at.isoformat(timespec="seconds"), type="xsd:dateTime")
