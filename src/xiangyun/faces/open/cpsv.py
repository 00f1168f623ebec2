"""The services that are offered in CPSV-AP 3.2: who decides, by which law, with what, for how much.

Only services that somebody begins are told; what offices and duties open is nobody's to find.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from django.urls import reverse

from xiangyun.domain.catalogue.queries import Described
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.model import ITEM_TYPES

from .packages import absolute
from .triples import TYPE, Graph, Iri, Literal

_EU: Final = "http://publications.europa.eu/resource/authority/"
_PROVINCE: Final = "https://sws.geonames.org/2036500/"
_AUDIENCE: Final = {
    "person": Text("个人", "people"),
    "company": Text("企业", "companies"),
}
_CHANNELS: Final = {
    "online": Text("网上", "online"),
    "window": Text("政务服务中心窗口", "at the service centre"),
    "village_desk": Text("村（社区）代办点", "at the desk of the village"),
}


def catalogue(items: Iterable[Described]) -> Graph:
    """Of some services every one that somebody may begin."""
    graph = Graph()
    for item in items:
        if item.begun:
            _service(graph, item)
    return graph


def _service(graph: Graph, item: Described) -> None:
    at = absolute(reverse("portal:guide", args=[item.code]))
    _typed(graph, at, "cpsv:PublicService")
    graph.say(at, "dct:identifier", Literal(item.basic_code))
    _words(graph, at, "dct:title", item.name)
    _words(graph, at, "dct:description", item.summary)
    for word in (item.everyday_name, *(Text.given(each, "") for each in item.also_called)):
        _words(graph, at, "dcat:keyword", word)
    for code in ("ZHO", "ENG"):
        graph.say(
            at, "dct:language", _typed(graph, f"{_EU}language/{code}", "dct:LinguisticSystem")
        )
    graph.say(at, "dct:spatial", _typed(graph, _PROVINCE, "dct:Location"))
    graph.say(at, "foaf:page", _typed(graph, at, "foaf:Document"))
    graph.say(
        at, "dct:type", _concept(graph, f"item-type/{item.item_type}", ITEM_TYPES[item.item_type])
    )
    graph.say(at, "cv:hasCompetentAuthority", _authority(graph, item))
    if item.promised:
        graph.say(at, "cv:processingTime", Literal(item.promised, type="xsd:duration"))
    for kind in item.applicants:
        if kind in _AUDIENCE:
            graph.say(at, "dct:audience", _concept(graph, f"audience/{kind}", _AUDIENCE[kind]))
    if item.event is not None:
        graph.say(at, "cv:isGroupedBy", _event(graph, *item.event))
    for desk in item.desks:
        if desk in _CHANNELS:
            graph.say(at, "cv:hasChannel", _channel(graph, at, desk))
    _contact(graph, at)
    _cost(graph, at, item)
    _output(graph, at, item)
    _inputs(graph, at, item)
    _laws(graph, at, item)


def _authority(graph: Graph, item: Described) -> Iri:
    made = absolute(f"/services/authorities/{quote(item.department or item.code)}")
    _typed(graph, made, "cv:PublicOrganisation")
    _words(graph, made, "skos:prefLabel", name_of(item.department) or item.authority)
    graph.say(made, "dct:spatial", _typed(graph, _PROVINCE, "dct:Location"))
    return Iri(made)


def _event(graph: Graph, code: str, name: Text) -> Iri:
    made = absolute(f"/services/events/{quote(code)}")
    _typed(graph, made, "cv:Event")
    graph.say(made, "dct:identifier", Literal(code))
    _words(graph, made, "dct:title", name)
    return Iri(made)


def _channel(graph: Graph, at: str, desk: str) -> Iri:
    made = f"{at}#{desk}"
    _typed(graph, made, "cv:Channel")
    graph.say(made, "dct:identifier", Literal(made))
    graph.say(made, "dct:type", _concept(graph, f"channel/{desk}", _CHANNELS[desk]))
    return Iri(made)


def _contact(graph: Graph, at: str) -> None:
    made = absolute("/services/contact")
    _typed(graph, made, "cv:ContactPoint")
    graph.said[made]["cv:telephone"] = [Literal("12345")]
    graph.say(at, "cv:contactPoint", Iri(made))


def _cost(graph: Graph, at: str, item: Described) -> None:
    made = f"{at}#cost"
    _typed(graph, made, "cv:Cost")
    graph.say(made, "dct:identifier", Literal(made))
    graph.say(made, "cv:hasValue", Literal(item.fee, type="xsd:double"))
    graph.say(made, "cv:currency", _typed(graph, f"{_EU}currency/CNY", "skos:Concept"))
    _words(graph, made, "dct:description", item.fee_explained)
    graph.say(at, "cv:hasCost", Iri(made))


def _output(graph: Graph, at: str, item: Described) -> None:
    made = f"{at}#output"
    _typed(graph, made, "cv:Output")
    graph.say(made, "dct:identifier", Literal(made))
    _words(graph, made, "dct:title", item.result)
    graph.say(at, "cpsv:produces", Iri(made))


def _inputs(graph: Graph, at: str, item: Described) -> None:
    for key, name in item.inputs:
        made = f"{at}#material-{quote(key)}"
        _typed(graph, made, "cv:Evidence")
        graph.say(made, "dct:identifier", Literal(made))
        _words(graph, made, "dct:title", name)
        graph.say(at, "cpsv:hasInput", Iri(made))


def _laws(graph: Graph, at: str, item: Described) -> None:
    for number, words in enumerate(item.laws, start=1):
        made = f"{at}#law-{number}"
        _typed(graph, made, "eli:LegalResource")
        _words(graph, made, "dct:title", words)
        graph.say(at, "cv:hasLegalResource", Iri(made))


def _concept(graph: Graph, path: str, name: Text) -> Iri:
    made = absolute(f"/services/concepts/{path}")
    _words(graph, made, "skos:prefLabel", name)
    return _typed(graph, made, "skos:Concept")


def _typed(graph: Graph, at: str, kind: str) -> Iri:
    graph.say(at, TYPE, Iri(kind))
    return Iri(at)


def _words(graph: Graph, at: str, predicate: str, text: Text) -> None:
    for language, said in (("zh-Hans", text.zh), ("en", text.en)):
        if said:
            graph.say(at, predicate, Literal(said, language=language))
