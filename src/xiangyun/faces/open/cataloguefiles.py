"""The catalogue as RDF: `/catalog` by what is accepted, `/catalog.ttl`, `.jsonld`, `.rdf`."""

from __future__ import annotations

from django.urls import path

from .views import rdf

urlpatterns = [
    path("", rdf.negotiated, name="open-rdf"),
    path(".<str:format>", rdf.catalogue, name="open-rdf-as"),
]
