"""The catalogue as RDF, in the form that is asked for."""

from __future__ import annotations

import re
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import queries as catalogue_of
from xiangyun.domain.datasets import releases
from xiangyun.faces.open import cpsv, dcat
from xiangyun.faces.open.packages import absolute
from xiangyun.faces.open.triples import Graph

MEDIA: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


@require_safe
def negotiated(request: HttpRequest) -> HttpResponse:
    """In what is accepted; browsers are led to the page, whoever says nothing gets Turtle."""
    offered = [*MEDIA.values(), "application/json", "text/html"]
    wanted = request.get_preferred_type(offered) or MEDIA["ttl"]
    if wanted == "text/html" and "text/html" in request.headers.get("Accept", ""):
        answer: HttpResponse = HttpResponseRedirect("/data/")
        answer.status_code = 303
    else:
        wanted = MEDIA["jsonld"] if wanted == "application/json" else wanted
        form = next((form for form, media in MEDIA.items() if media == wanted), "ttl")
        answer = written(dcat.catalogue(releases.standings(timezone.localdate())), form)
    answer.headers["Vary"] = "Accept"
    return answer


@require_safe
def catalogue(request: HttpRequest, format: str) -> HttpResponse:
    """In a form by its ending."""
    if format not in MEDIA:
        raise Http404
    return written(dcat.catalogue(releases.standings(timezone.localdate())), format)


def written(graph: Graph, form: str) -> HttpResponse:
    """A graph in a form, for programs of any page."""
    made = {"ttl": graph.turtle, "jsonld": graph.jsonld, "rdf": graph.xml}[form]()
    answer = HttpResponse(made, content_type=f"{MEDIA[form]}; charset=utf-8")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


AT_ONCE = 500
"""Services in one document; the others stand on further pages (RFC 8288)."""


@require_safe
def services(request: HttpRequest, format: str) -> HttpResponse:
    """The services that are offered, in CPSV-AP, in a form by its ending, page by page."""
    asked = request.GET.get("page", "1")
    if format not in MEDIA or not re.fullmatch(r"[1-9]\d{0,5}", asked):
        raise Http404
    page, all_ = int(asked), catalogue_of.count()
    if page > 1 and (page - 1) * AT_ONCE >= all_:
        raise Http404
    told = catalogue_of.described((page - 1) * AT_ONCE, AT_ONCE)
    answer = written(cpsv.catalogue(told), format)
    beside = [("prev", page - 1)] * (page > 1) + [("next", page + 1)] * (page * AT_ONCE < all_)
    if beside:
        here = absolute(request.path)
        answer.headers["Link"] = ", ".join(
            f'<{here}?page={number}>; rel="{name}"' for name, number in beside
        )
        answer.headers["Access-Control-Expose-Headers"] = "Link"
    return answer
