"""Whatever the catalogue names is of the class that DCAT-AP 3 gives as the range, in one graph."""

from __future__ import annotations

from typing import Final

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
RANGES: Final = {
    "dcat:accessURL": "rdfs:Resource",
    "dcat:contactPoint": "vcard:Kind",
    "dcat:dataset": "dcat:Dataset",
    "dcat:distribution": "dcat:Distribution",
    "dcat:downloadURL": "rdfs:Resource",
    "dcat:endpointURL": "rdfs:Resource",
    "dcat:inSeries": "dcat:DatasetSeries",
    "dcat:landingPage": "foaf:Document",
    "dcat:mediaType": "dct:MediaType",
    "dcat:servesDataset": "dcat:Dataset",
    "dcat:service": "dcat:DataService",
    "dcat:theme": "skos:Concept",
    "dcat:themeTaxonomy": "skos:ConceptScheme",
    "dct:accessRights": "dct:RightsStatement",
    "dct:accrualPeriodicity": "dct:Frequency",
    "dct:conformsTo": "dct:Standard",
    "dct:format": "dct:MediaTypeOrExtent",
    "dct:language": "dct:LinguisticSystem",
    "dct:license": "dct:LicenseDocument",
    "dct:publisher": "foaf:Agent",
    "dct:spatial": "dct:Location",
    "dct:temporal": "dct:PeriodOfTime",
    "foaf:homepage": "foaf:Document",
    "skos:inScheme": "skos:ConceptScheme",
    "spdx:algorithm": "spdx:ChecksumAlgorithm",
    "spdx:checksum": "spdx:Checksum",
}
"""What DCAT-AP 3.0.1 says of each property that we use; one that is not here fails the test."""
TABLES: Final = {
    "dct:accessRights": "access-right",
    "dct:accrualPeriodicity": "frequency",
    "dct:format": "file-type",
    "dct:language": "language",
    "dcat:theme": "data-theme",
}
"""Properties whose values come from a table of the Publications Office."""


def test_each_thing_that_is_named_is_of_the_class_that_its_property_asks_for() -> None:
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=Client().get("/catalog.ttl").content, format="turtle")

    def whole(name: str) -> object:
        return graph.namespace_manager.expand_curie(name)

    wanted = {whole(name): whole(range_) for name, range_ in RANGES.items()}
    used = set()
    for subject, predicate, thing in graph:
        if predicate == rdflib.RDF.type or not isinstance(thing, rdflib.URIRef):
            continue
        used.add(predicate)
        assert predicate in wanted, f"no range is known of {predicate}"
        assert (thing, rdflib.RDF.type, wanted[predicate]) in graph, (subject, predicate, thing)
    assert used == set(wanted), "each of them stands in the catalogue"
    concept, scheme = whole("skos:Concept"), whole("skos:inScheme")
    for name, table in TABLES.items():
        at = f"http://publications.europa.eu/resource/authority/{table}"
        values = set(graph.objects(predicate=whole(name)))
        assert values
        for value in values:
            assert str(value).startswith(f"{at}/")
            assert (value, rdflib.RDF.type, concept) in graph
            assert (value, scheme, rdflib.URIRef(at)) in graph


def test_shapes_of_ranges_find_no_violation() -> None:
    """As the shapes of ranges of the profile do: one class of each property, by pyshacl."""
    pyshacl = pytest.importorskip("pyshacl")
    turtle = Client().get("/catalog.ttl").content.decode()
    prefixes = "".join(
        line for line in turtle.splitlines(keepends=True) if line.startswith("@prefix")
    )
    shapes = [
        f"[] a sh:NodeShape ; sh:targetObjectsOf {name} ; sh:class {range_} ."
        for name, range_ in RANGES.items()
    ]
    conforms, _, said = pyshacl.validate(
        turtle,
        shacl_graph=f"{prefixes}@prefix sh: <http://www.w3.org/ns/shacl#> .\n" + "\n".join(shapes),
        data_graph_format="turtle",
        shacl_graph_format="turtle",
    )
    assert conforms, said
