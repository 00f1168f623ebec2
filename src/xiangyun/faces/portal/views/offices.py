"""Where one can go with a service: its offices on a map, each with its hours."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from xiangyun.domain.bookings import queries as bookings
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.officemap import Spot, office_map
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.model import Office

_COUNTY = 1_000_000


@require_safe
def offices(request: ActorRequest, code: str) -> HttpResponse:
    """The offices that a service names, with the counties around them."""
    item = catalogue.pack(catalogue.current_version(code).pk).service
    if not item.places.offices:
        raise Http404
    listed: list[tuple[int, Office, Text]] = []
    marked: list[Spot] = []
    parents: set[int] = set()
    own: set[int] = set()
    for number, office in enumerate(item.places.offices, 1):
        at = divisions.division(office.division)
        county = divisions.division(at.code // _COUNTY * _COUNTY)
        if county.parent_id is not None:
            parents.add(county.parent_id)
        own.add(county.code)
        spot = at if at.longitude is not None else county
        if spot.longitude is not None and spot.latitude is not None:
            marked.append(Spot(str(number), spot.longitude, spot.latitude))
        listed.append((number, office, divisions.path_words(county.code)))
    around = [
        Spot(each.words.pick(reader()) if each.code in own else "", each.longitude, each.latitude)
        for parent in sorted(parents)
        for each in divisions.children(parent)
        if each.longitude is not None and each.latitude is not None
    ]
    context = {
        "service": item.name,
        "map": mark_safe(office_map(marked, around, item.name.pick(reader()))),
        "offices": listed,
        "general": item.places.general,
        "hours": item.hours,
        "guide_url": reverse("portal:guide", args=[code]),
        "appointments": bookings.appointments(item, code, region_of(request)),
    }
    return public_page(request, "portal/offices.html", context)
