"""Concepts of the vocabularies that DCAT-AP 3 names, each declared with class, words and scheme.

Whoever checks ranges has our graph alone, so that a frequency, a language or a type of file is
declared in it, with the scheme that it belongs to (DCAT-AP 3.0.1, controlled vocabularies).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import LICENCES

from .triples import TYPE, Graph, Iri, Literal

EU: Final = "http://publications.europa.eu/resource/authority/"
_ADMS: Final = "http://purl.org/adms/"
PROVINCE: Final = "https://sws.geonames.org/2036500/"
FREQUENCIES: Final[Mapping[str, tuple[str, Text]]] = {
    "daily": ("DAILY", Text("每日", "daily")),
    "monthly": ("MONTHLY", Text("每月", "monthly")),
    "quarterly": ("QUARTERLY", Text("每季度", "quarterly")),
    "yearly": ("ANNUAL", Text("每年", "annual")),
    "irregular": ("IRREG", Text("不定期", "irregular")),
}
_SCHEMES: Final[Mapping[str, tuple[str, Text]]] = {
    "theme": (f"{EU}data-theme", Text("数据主题", "Data theme")),
    "frequency": (f"{EU}frequency", Text("更新频率", "Frequency")),
    "language": (f"{EU}language", Text("语言", "Language")),
    "format": (f"{EU}file-type", Text("文件类型", "File type")),
    "access": (f"{EU}access-right", Text("获取权限", "Access right")),
    "availability": (f"{EU}planned-availability", Text("计划提供时间", "Planned availability")),
    "licence type": (f"{_ADMS}licencetype/1.0", Text("许可类型", "Licence type")),
    "publisher type": (f"{_ADMS}publishertype/1.0", Text("发布者类型", "Publisher type")),
}
_OPEN: Final = Text("公开", "public")
_ON_REQUEST: Final = Text("依申请提供", "restricted")


def typed(graph: Graph, at: str, *classes: str) -> Iri:
    """Say of which classes something is; its address."""
    graph.say(at, TYPE, *(Iri(each) for each in classes))
    return Iri(at)


def named(graph: Graph, at: str, predicate: str, words: Text) -> None:
    """Say words in both languages."""
    graph.say(at, predicate, Literal(words.zh, "zh-Hans"), Literal(words.en, "en"))


def scheme(graph: Graph, name: str) -> Iri:
    """One of the schemes, declared."""
    at, words = _SCHEMES[name]
    named(graph, at, "dct:title", words)
    return typed(graph, at, "skos:ConceptScheme")


def concept(graph: Graph, name: str, at: str, words: Text, *classes: str) -> Iri:
    """A concept of a scheme; the first words that are said of it stay."""
    if "skos:prefLabel" not in graph.said.get(at, {}):
        named(graph, at, "skos:prefLabel", words)
    graph.say(at, "skos:inScheme", scheme(graph, name))
    return typed(graph, at, *classes, "skos:Concept")


def theme(graph: Graph, code: str, words: Text) -> Iri:
    """A theme of data."""
    return concept(graph, "theme", f"{EU}data-theme/{code}", words)


def frequency(graph: Graph, update: str) -> Iri:
    """How often data is brought up to date."""
    code, words = FREQUENCIES[update]
    return concept(graph, "frequency", f"{EU}frequency/{code}", words, "dct:Frequency")


def languages(graph: Graph) -> list[Iri]:
    """Chinese and English."""
    return [
        concept(graph, "language", f"{EU}language/{code}", words, "dct:LinguisticSystem")
        for code, words in (("ZHO", Text("中文", "Chinese")), ("ENG", Text("英文", "English")))
    ]


def access(graph: Graph, *, public: bool) -> Iri:
    """Whether something is public or given on request."""
    code, words = ("PUBLIC", _OPEN) if public else ("RESTRICTED", _ON_REQUEST)
    return concept(graph, "access", f"{EU}access-right/{code}", words, "dct:RightsStatement")


def available(graph: Graph) -> Iri:
    """That something will stay: releases never change."""
    at = f"{EU}planned-availability/STABLE"
    return concept(graph, "availability", at, Text("稳定", "stable"))


def format(graph: Graph, code: str, words: Text) -> Iri:
    """A type of file."""
    return concept(graph, "format", f"{EU}file-type/{code}", words, "dct:MediaTypeOrExtent")


def media(graph: Graph, type_: str) -> Iri:
    """A registered type of media."""
    at = f"http://www.iana.org/assignments/media-types/{type_}"
    return typed(graph, at, "dct:MediaType", "dct:MediaTypeOrExtent")


def licence(graph: Graph, id_: str) -> Iri:
    """A licence, and whether it asks for the source to be named."""
    at = LICENCES[id_]
    freed = id_ in ("CC0-1.0", "PDDL-1.0")
    kind, words = (
        ("PublicDomain", Text("公有领域", "Public domain"))
        if freed
        else ("Attribution", Text("署名", "Attribution"))
    )
    named(graph, at, "dct:title", Text.given(id_, id_))
    graph.say(at, "dct:type", concept(graph, "licence type", f"{_ADMS}licencetype/{kind}", words))
    return typed(graph, at, "dct:LicenseDocument", "dct:RightsStatement")


def authority(graph: Graph) -> Iri:
    """What kind of publisher a department of the province is."""
    at = f"{_ADMS}publishertype/RegionalAuthority"
    return concept(graph, "publisher type", at, Text("地方政府部门", "Regional authority"))


def province(graph: Graph) -> Iri:
    """The place that the data is about."""
    if "skos:prefLabel" not in graph.said.get(PROVINCE, {}):
        named(graph, PROVINCE, "skos:prefLabel", Text("吉林省", "Jilin"))
    return typed(graph, PROVINCE, "dct:Location")


def checksum(graph: Graph, at: str, digest: str) -> Iri:
    """The SHA-256 of a file. DCAT-AP writes the algorithm's address with https, SPDX without."""
    algorithm = "https://spdx.org/rdf/terms#checksumAlgorithm_sha256"
    typed(graph, algorithm, "spdx:ChecksumAlgorithm")
    graph.say(algorithm, "skos:exactMatch", Iri("spdx:checksumAlgorithm_sha256"))
    graph.say(at, "spdx:algorithm", Iri(algorithm))
    graph.say(at, "spdx:checksumValue", Literal(digest, type="xsd:hexBinary"))
    return typed(graph, at, "spdx:Checksum")
