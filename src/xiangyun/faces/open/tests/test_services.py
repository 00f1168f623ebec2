"""The catalogue of services in CPSV-AP: whole, in three forms, without a broken shape."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.test import Client

from xiangyun.domain.cases.tests.situations import as_owner
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue.queries import ServiceVersion
from xiangyun.faces.open.views import rdf
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.openings import ANONYMOUS, APPLICANT

pytestmark = pytest.mark.django_db
SHARED = Path(os.environ.get("XIANGYUN_SHARED") or Path(__file__).resolve().parents[6] / "shared")
SHAPES = SHARED / "suites/cpsv-ap-3.2.0/releases/3.2.0/shacl/cpsv-ap-SHACL.ttl"
CPSV = "http://purl.org/vocab/cpsv#"


def test_every_service_that_somebody_begins_is_in_it_in_each_form(demonstration: None) -> None:
    rdflib = pytest.importorskip("rdflib")
    begun = [
        pack.service.basic_code
        for pack in catalogue.current_packs()
        if any(pack.service.opening(how) is not None for how in (APPLICANT, ANONYMOUS))
    ]
    graphs = []
    for form, read in (("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml")):
        graph = rdflib.Graph()
        graph.parse(data=Client().get(f"/services.{form}").content.decode(), format=read)
        graphs.append(graph)
    kind = (None, rdflib.RDF.type, rdflib.URIRef(f"{CPSV}PublicService"))
    for graph in graphs:
        assert len(graph) == len(graphs[0])
        services = list(graph.subjects(kind[1], kind[2]))
        told = [str(graph.value(one, rdflib.DCTERMS.identifier)) for one in services]
        assert sorted(told) == sorted(begun)
    assert Client().get("/services.csv").status_code == 404


def test_of_many_services_some_stand_on_a_page_that_leads_to_the_next(
    demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Client().get("/services.ttl")
    assert "Link" not in whole.headers
    monkeypatch.setattr(rdf, "AT_ONCE", 20)
    told, address = list[str](), "/services.ttl"
    while address:
        answer = Client().get(address)
        told += re.findall(r'dct:identifier "([^"#]+)"', answer.content.decode())
        onward = re.search(r'<[^>]*(/services[^>]*)>; rel="next"', answer.headers["Link"])
        address = onward[1] if onward else ""
    assert answer.headers["Link"].endswith('rel="prev"')
    every = re.findall(r'dct:identifier "([^"#]+)"', whole.content.decode())
    assert set(told) == set(every)
    for wrong in ("0", "x", "-1", "100000"):
        assert Client().get(f"/services.ttl?page={wrong}").status_code == 404


def test_it_is_told_from_what_is_kept_with_each_version_and_of_older_ones_read(
    demonstration: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(text: str) -> ServiceItem:
        raise AssertionError("a service.yaml was read")

    with monkeypatch.context() as patched:
        patched.setattr(catalogue, "read_item", unread)
        told = Client().get("/services.ttl").content.decode()
    assert told.count("a cpsv:PublicService") > 10
    with as_owner():
        for row in ServiceVersion.objects.filter(current=True).defer("files"):
            kept = {key: said for key, said in row.found_by.items() if key != "described"}
            ServiceVersion.objects.filter(pk=row.pk).update(found_by=kept)
    assert Client().get("/services.ttl").content.decode() == told


def test_it_breaks_no_shape_of_cpsv_ap(demonstration: None) -> None:
    if not SHAPES.exists():
        pytest.skip("the shapes of CPSV-AP stand beside the checkout")
    pyshacl = pytest.importorskip("pyshacl")
    conforms, _, said = pyshacl.validate(
        Client().get("/services.ttl").content.decode(),
        shacl_graph=str(SHAPES),
        data_graph_format="turtle",
        shacl_graph_format="turtle",
    )
    assert conforms, said
