"""The catalogue of services as RDF: `/services.ttl`, `.jsonld`, `.rdf`."""

from __future__ import annotations

from django.urls import path

from .views import rdf

urlpatterns = [path(".<str:format>", rdf.services, name="services-rdf")]
