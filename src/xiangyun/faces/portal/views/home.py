"""Find the service: the first page and the search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.look import limits
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.portal import standing
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.meanings import LifeEvent
from xiangyun.kernel.service.model import PERSON
from xiangyun.kernel.service.openings import ANONYMOUS, APPLICANT

_MOST = 10
_RUNNING = 3
_LOOKED_AT = 12  # newest running cases among which those that wait for the person are sought
_EXAMPLES = 2
_KINDS = {"person": Text("个人", "For people"), "company": Text("企业", "For companies")}
_OTHER = Text("其他", "Other")


@dataclass(frozen=True, slots=True)
class Tab:
    """For whom the services are that are shown: one of the tabs."""

    key: str
    name: Text
    current: bool


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as a line of a list: name, days, one sentence, and where its guide is."""

    name: Text
    about: Text
    days: Text
    url: str
    event: LifeEvent | None
    applicants: tuple[str, ...]
    everyday: Text

    def is_for(self, kind: str) -> bool:
        """Whether it stands under a tab: persons under one, all others under the second."""
        return any((one == PERSON) == (kind == PERSON) for one in self.applicants)


@dataclass(frozen=True, slots=True)
class EventServices:
    """What people call an event of their life, with the services that belong to it."""

    name: Text
    services: tuple[ServiceLine, ...]


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """One search field, then what is done most, by life event; running cases on top."""
    kind = request.GET.get("kind", "")
    if kind not in _KINDS:
        kind = "company" if request.actor.kind == "company" else "person"
    services = [entry for entry in _services() if entry.is_for(kind)]
    mine = [c for c in cases.my_cases(request.actor) if not c.ended_at]
    running = standing.lines(mine[:_LOOKED_AT])
    context = {
        "running": running[:_RUNNING],
        "running_more": len(mine) if len(mine) > _RUNNING else 0,
        "tabs": [Tab(key, name, key == kind) for key, name in _KINDS.items()],
        "events": _by_event(services[:_MOST]),
        "examples": [service.everyday for service in services[:_EXAMPLES]],
    }
    return public_page(request, "portal/home.html", context)


@require_safe
def search(request: ActorRequest) -> HttpResponse:
    """Services that hold the words; all of them when there are none."""
    words = request.GET.get("q", "").strip()[:100]
    found = _entries(catalogue.search(words)) if words else []
    context = {"q": words, "found": found, "everything": [] if found else _services()}
    return public_page(request, "portal/search.html", context)


def entry(version: catalogue.ServiceVersion) -> ServiceLine:
    """A service as a line of a list."""
    pack = catalogue.pack(version.pk)
    item = pack.service
    return ServiceLine(
        name=item.name,
        about=item.summary,
        days=limits.promised(pack, timezone.localdate()),
        url=reverse("portal:guide", args=[version.code]),
        event=item.life_event,
        applicants=item.applicants,
        everyday=item.everyday_name,
    )


def _services() -> list[ServiceLine]:
    return _entries(catalogue.current_services())


def _entries(versions: Iterable[catalogue.ServiceVersion]) -> list[ServiceLine]:
    """Those that somebody begins here: what offices and duties open is nobody's to look for."""
    return [entry(version) for version in versions if _is_begun_here(version)]


def _is_begun_here(version: catalogue.ServiceVersion) -> bool:
    item = catalogue.pack(version.pk).service
    return any(item.opening(how) is not None for how in (APPLICANT, ANONYMOUS))


def _by_event(services: Iterable[ServiceLine]) -> list[EventServices]:
    """The services by their events, which the packs name: the first that names one is heard."""
    groups: dict[str, list[ServiceLine]] = {}
    names: dict[str, Text] = {}
    for service in services:
        event = service.event or LifeEvent("")
        groups.setdefault(event.code, []).append(service)
        if event.name is not None:
            names.setdefault(event.code, event.name)
    return [EventServices(names.get(key, _OTHER), tuple(found)) for key, found in groups.items()]
