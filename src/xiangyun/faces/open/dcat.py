"""The catalogue in DCAT-AP 3: each data set with its distributions, publisher, times and licence.

Every thing that is named is declared with its class, also those of the vocabularies of the
European Union (frequency, language, theme, file type), so that shapes of ranges find them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from urllib.parse import quote

from django.urls import reverse

from xiangyun.adapters.exports import FORMATS
from xiangyun.domain.datasets.releases import Release, Standing
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import LICENCES, period_of
from xiangyun.kernel.projection.model import UPDATES

from .packages import LICENCE_NAMES, SHOWN, absolute
from .triples import TYPE, Graph, Iri, Literal

_EU: Final = "http://publications.europa.eu/resource/authority/"
_FREQUENCY: Final = {
    "daily": "DAILY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "yearly": "ANNUAL",
    "irregular": "IRREG",
}
_THEMES: Final = {"economy": "ECON", "government": "GOVE", "transport": "TRAN", "health": "HEAL",
                  "environment": "ENVI", "education": "EDUC", "agriculture": "AGRI"}  # fmt: skip
_FILE_TYPES: Final = {"csv": "CSV", "xlsx": "XLSX", "jsonl": "JSON", "parquet": "PARQUET"}
_MEDIA: Final = {"jsonl": "application/json"}
"""The registered types of media; JSON lines has none of its own."""
_PROVINCE: Final = "https://sws.geonames.org/2036500/"
TITLE = Text("祥云开放数据目录（演示）", "Open data catalogue of Xiangyun (demonstration)")
ABOUT = Text(
    "政务数据目录中向社会开放的数据集。演示系统，部门和数据均为虚构。",
    "The data sets of the government data catalogue that are open. A demonstration: departments "
    "and data are fictitious.",
)


def catalogue(standings: Iterable[Standing]) -> Graph:
    """The whole catalogue."""
    graph = Graph()
    root = absolute("/catalog")
    _named(graph, root, "dct:title", TITLE)
    graph.said[root][TYPE] = [Iri("dcat:Catalog")]
    _named(graph, root, "dct:description", ABOUT)
    graph.say(root, "dct:publisher", Iri(_agent(graph, "digital_government")))
    graph.say(root, "foaf:homepage", Iri(absolute(reverse("open:catalogue"))))
    _typed(graph, absolute(reverse("open:catalogue")), "foaf:Document")
    graph.say(root, "dct:license", Iri(_licence(graph, "CC-BY-4.0")))
    graph.say(root, "dct:language", *_languages(graph))
    graph.say(root, "dcat:themeTaxonomy", Iri(f"{_EU}data-theme"))
    _scheme(graph, "data-theme", Text("数据主题", "Data theme"))
    service = _service(graph)
    graph.say(root, "dcat:service", Iri(service))
    modified = []
    for standing in standings:
        at = _dataset(graph, standing)
        graph.say(root, "dcat:dataset", Iri(at))
        if standing.latest and standing.dataset.opening == "unconditional":
            graph.say(service, "dcat:servesDataset", Iri(at))
        if standing.latest and standing.latest.published_at:
            modified.append(standing.latest.published_at)
    if modified:
        graph.say(root, "dct:modified", _moment(max(modified)))
    return graph


def one(standing: Standing) -> Graph:
    """One data set."""
    graph = Graph()
    _dataset(graph, standing)
    return graph


def _dataset(graph: Graph, standing: Standing) -> str:
    dataset, latest = standing.dataset, standing.latest
    page = absolute(reverse("open:dataset", args=[dataset.code]))
    at = f"{page}#dataset"
    _typed(graph, at, "dcat:Dataset")
    _named(graph, at, "dct:title", dataset.name)
    _named(graph, at, "dct:description", dataset.summary)
    graph.say(at, "dct:identifier", Literal(dataset.code))
    graph.say(at, "dcat:keyword", *(_keyword(word) for word in dataset.keywords))
    graph.say(at, "dct:publisher", Iri(_agent(graph, dataset.department)))
    graph.say(at, "dcat:contactPoint", Iri(_contact(graph, dataset.department)))
    graph.say(at, "dcat:landingPage", Iri(page))
    _typed(graph, page, "foaf:Document")
    graph.say(at, "dct:language", *_languages(graph))
    theme = _THEMES.get(dataset.group, "GOVE")
    graph.say(at, "dcat:theme", Iri(_concept(graph, "data-theme", theme, dataset.group_name)))
    cycle = _FREQUENCY[dataset.update]
    frequency = f"{_EU}frequency/{cycle}"
    _typed(graph, frequency, "dct:Frequency", "skos:Concept")
    _label(graph, frequency, "frequency", Text.given(dataset.update, dataset.update))
    graph.say(at, "dct:accrualPeriodicity", Iri(frequency))
    rights = "PUBLIC" if dataset.opening == "unconditional" else "RESTRICTED"
    access = f"{_EU}access-right/{rights}"
    _typed(graph, access, "dct:RightsStatement", "skos:Concept")
    _label(graph, access, "access-right", Text.given(rights.lower(), rights.lower()))
    graph.say(at, "dct:accessRights", Iri(access))
    _typed(graph, _PROVINCE, "dct:Location")
    _named(graph, _PROVINCE, "skos:prefLabel", Text("吉林省", "Jilin"))
    graph.say(at, "dct:spatial", Iri(_PROVINCE))
    if dataset.series:
        series = absolute(f"/catalog#series-{quote(dataset.series)}")
        _typed(graph, series, "dcat:DatasetSeries")
        name = Text.given(dataset.series, dataset.series)
        _named(graph, series, "dct:title", name)
        _named(graph, series, "dct:description", name)
        graph.say(at, "dcat:inSeries", Iri(series))
    if latest is not None:
        _released(graph, at, standing, latest)
    return at


def _released(graph: Graph, at: str, standing: Standing, latest: Release) -> None:
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
        _typed(graph, time, "dct:PeriodOfTime")
        last = period_of(latest.period, length).last
        graph.say(time, "dcat:endDate", Literal(last.isoformat(), type="xsd:date"))
        graph.say(at, "dct:temporal", Iri(time))
    schema = absolute(reverse("open:schema", args=[dataset.code]))
    _typed(graph, schema, "dct:Standard")
    _named(graph, schema, "dct:title", Text("数据结构", "Table Schema"))
    for format, shown in SHOWN.items():
        url = absolute(reverse("open:release", args=[dataset.code, latest.number, format]))
        made = f"{at}-{format}"
        _typed(graph, made, "dcat:Distribution")
        title = Text("{name}（{format}）", "{name} ({format})", name=dataset.name, format=shown)
        _named(graph, made, "dct:title", title)
        page = absolute(reverse("open:dataset", args=[dataset.code]))
        graph.say(made, "dcat:accessURL", Iri(page))
        graph.say(made, "dcat:downloadURL", Iri(url))
        _typed(graph, page, "foaf:Document", "rdfs:Resource")
        _typed(graph, url, "rdfs:Resource")
        graph.say(made, "dct:license", Iri(_licence(graph, dataset.licence)))
        type_ = f"{_EU}file-type/{_FILE_TYPES[format]}"
        _typed(graph, type_, "dct:MediaTypeOrExtent", "skos:Concept")
        _label(graph, type_, "file-type", Text.given(shown, shown))
        graph.say(made, "dct:format", Iri(type_))
        media = _MEDIA.get(format, FORMATS[format].partition(";")[0])
        media_iri = f"http://www.iana.org/assignments/media-types/{media}"
        _typed(graph, media_iri, "dct:MediaType")
        graph.say(made, "dcat:mediaType", Iri(media_iri))
        graph.say(made, "dct:conformsTo", Iri(schema))
        if format == "parquet":
            graph.say(
                made, "dcat:byteSize", Literal(str(latest.size), type="xsd:nonNegativeInteger")
            )
            sum_ = f"{made}-checksum"
            _typed(graph, sum_, "spdx:Checksum")
            algorithm = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
            _typed(graph, algorithm, "spdx:ChecksumAlgorithm")
            graph.say(sum_, "spdx:algorithm", Iri(algorithm))
            graph.say(sum_, "spdx:checksumValue", Literal(latest.digest, type="xsd:hexBinary"))
            graph.say(made, "spdx:checksum", Iri(sum_))
        graph.say(at, "dcat:distribution", Iri(made))


def _service(graph: Graph) -> str:
    at = absolute("/catalog#service")
    _typed(graph, at, "dcat:DataService")
    _named(
        graph, at, "dct:title", Text("数据接口（CKAN Action API 3）", "CKAN Action API, version 3")
    )
    graph.say(at, "dct:publisher", Iri(_agent(graph, "digital_government")))
    graph.say(at, "dcat:contactPoint", Iri(_contact(graph, "digital_government")))
    graph.say(at, "dcat:endpointURL", Iri(absolute("/api/3/action/")))
    _typed(graph, absolute("/api/3/action/"), "rdfs:Resource")
    return at


def _agent(graph: Graph, key: str) -> str:
    found = department(key)
    name = found.key if found else key
    at = absolute(reverse("open:organization", args=[name]))
    _typed(graph, at, "foaf:Agent")
    _named(graph, at, "foaf:name", found.name if found else Text.given(name, name))
    return at


def _contact(graph: Graph, key: str) -> str:
    found = department(key)
    name = found.key if found else key
    at = absolute(reverse("open:organization", args=[name])) + "#contact"
    _typed(graph, at, "vcard:Kind", "vcard:Organization")
    _named(graph, at, "vcard:fn", found.name if found else Text.given(name, name))
    return at


def _licence(graph: Graph, id_: str) -> str:
    at = LICENCES[id_]
    _typed(graph, at, "dct:LicenseDocument")
    _named(graph, at, "dct:title", Text.given(LICENCE_NAMES[id_], LICENCE_NAMES[id_]))
    return at


def _languages(graph: Graph) -> list[Iri]:
    found = []
    for code, name in (("ZHO", Text("中文", "Chinese")), ("ENG", Text("英文", "English"))):
        at = f"{_EU}language/{code}"
        _typed(graph, at, "dct:LinguisticSystem", "skos:Concept")
        _label(graph, at, "language", name)
        found.append(Iri(at))
    return found


def _concept(graph: Graph, scheme: str, code: str, words: Text) -> str:
    at = f"{_EU}{scheme}/{code}"
    _typed(graph, at, "skos:Concept")
    if "skos:prefLabel" not in graph.said[at]:
        _label(graph, at, scheme, words)
    return at


def _label(graph: Graph, at: str, scheme: str, words: Text) -> None:
    if "skos:prefLabel" not in graph.said[at]:
        _named(graph, at, "skos:prefLabel", words)
    graph.say(at, "skos:inScheme", Iri(f"{_EU}{scheme}"))
    _scheme(graph, scheme, Text.given(scheme, scheme))


def _scheme(graph: Graph, scheme: str, words: Text) -> None:
    at = f"{_EU}{scheme}"
    _typed(graph, at, "skos:ConceptScheme")
    if "dct:title" not in graph.said[at]:
        _named(graph, at, "dct:title", words)


def _typed(graph: Graph, at: str, *classes: str) -> None:
    graph.say(at, TYPE, *(Iri(each) for each in classes))


def _named(graph: Graph, at: str, predicate: str, words: Text) -> None:
    graph.say(at, predicate, Literal(words.zh, "zh-Hans"), Literal(words.en, "en"))


def _keyword(word: str) -> Literal:
    return Literal(word, "zh-Hans" if any(c > "⺀" for c in word) else "en")


def _moment(at: datetime) -> Literal:
    return Literal(at.isoformat(timespec="seconds"), type="xsd:dateTime")
