"""Public pages of ratings; nobody logs in for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import segno
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.ratings import actions, queries
from xiangyun.faces.look.fields import errors
from xiangyun.faces.look.offices import authority, department_in
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.rating import given, rate_fields
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.codes.department import key_of
from xiangyun.kernel.findings import NotFound, Text

_MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One office or service with what was thought of it; shares in percent."""

    name: Text
    count: int
    average: Decimal
    content: Decimal
    rectified: Decimal | None


@require_safe
def figures(request: ActorRequest) -> HttpResponse:
    """What was thought of each office and each service; fewer ratings than five are not shown."""
    names = {v.code: Text.given(v.name_zh, v.name_en) for v in catalogue.current_services()}
    offices = queries.by_office()[:_MOST]
    places = divisions.words_of(each.division for each in offices)
    context = {
        "offices": [_line(_office(each, places[each.division]), each) for each in offices],
        "services": [
            _line(names.get(each.service, Text.given(each.service, each.service)), each)
            for each in queries.by_service()[:_MOST]
        ],
        "fewest": queries.FEWEST,
    }
    return public_page(request, "rating/figures.html", context)


def _office(each: queries.Figures, place: Text) -> Text:
    department = department_in(key_of(each.matter), each.division)
    return (
        Text("{place} {of}", "{of}, {place}", place=place, of=department) if department else place
    )


def _line(name: Text, each: queries.Figures) -> Line:
    done = each.rectified
    return Line(
        name,
        each.count,
        each.average,
        (each.content * 100).quantize(Decimal("0.1")),
        None if done is None else (done * 100).quantize(Decimal("0.1")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: ActorRequest, division: int, service: str) -> HttpResponse:
    """Rate a counter by the code that hangs there."""
    name, office = _counter(division, service)
    rating = given(request.POST) if request.method == "POST" else None
    if rating is not None and rating.stars:
        try:
            actions.rate_counter(
                service,
                division,
                rating.stars,
                rating.words,
                at=timezone.now(),
                chosen=rating.tags,
                contact=rating.contact,
            )
        except NotFound:  # it was taken off meanwhile
            raise Http404 from None
        return HttpResponseRedirect(reverse("rating:thanks"))
    fields = rate_fields(rating, with_contact=True)
    context = {
        "service": name,
        "office": office,
        "fields": fields,
        "errors": errors(fields),
        "code_url": reverse("rating:code", args=[division, service]),
    }
    return public_page(request, "rating/counter.html", context, status=422 if rating else 200)


@require_safe
def thanks(request: ActorRequest) -> HttpResponse:
    """What happens with a rating."""
    return public_page(request, "rating/thanks.html", {})


@require_safe
def code(request: ActorRequest, division: int, service: str) -> HttpResponse:
    """The code to hang up at the counter: it leads to the page where it is rated."""
    _counter(division, service)
    address = f"{settings.PUBLIC_URL}{reverse('rating:counter', args=[division, service])}"
    svg = segno.make(address, error="m").svg_inline(border=2, omitsize=True, dark="#000")
    return HttpResponse(
        svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        content_type="image/svg+xml",
    )


def _counter(division: int, service: str) -> tuple[Text, Text]:
    """The service and the office that are rated, in words; 404 where there is no such counter."""
    version = None if "\0" in service else catalogue.offered(service)
    if version is None or not divisions.is_there(division):
        raise Http404
    item = catalogue.pack(version.pk).service
    return item.name, authority(item, division)
