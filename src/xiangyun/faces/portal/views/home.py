"""Find the service: the first page and the search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.queries.usage import usage
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.editions import remembered
from xiangyun.domain.information import queries as information
from xiangyun.domain.registers.names import is_chinese, readings
from xiangyun.faces.look import limits
from xiangyun.faces.look.languages import reader
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.portal import standing
from xiangyun.faces.portal.filters import KINDS, NARROWED_BY, Filter, Traits, narrowed, traits_of
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.codes.topic import topic_name
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.meanings import LifeEvent
from xiangyun.kernel.service.openings import ANONYMOUS, APPLICANT

_MOST = 10
_RUNNING = 3
_LOOKED_AT = 12  # newest running cases among which those that wait for the person are sought
_EXAMPLES = 2
_AT_ONCE = 200
"""Services that are shown on one page, group by group; of more, each group has pages of its own."""
_ON_A_PAGE = 100
_OTHER = Text("其他", "Other")
_SUGGESTED = 8
_BY: Mapping[str, Text] = {
    "event": Text("一件事", "Life event"),
    "topic": Text("主题", "Theme"),
    "department": Text("部门", "Department"),
    "letter": Text("字母", "A to Z"),
}
"""How all services are browsed."""
_BEGUN_HERE = (APPLICANT, ANONYMOUS)
"""What offices and duties open is nobody's to look for."""


@dataclass(frozen=True, slots=True)
class Tab:
    """For whom the services are that are shown: one of the tabs."""

    key: str
    name: Text
    current: bool


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as a line of a list: name, days, one sentence, and where its guide is.

    Words are made when they are shown: of ten thousand services a page shows some.
    """

    code: str
    listing: catalogue.Listing

    @property
    def name(self) -> Text:
        return self.listing.name

    @property
    def about(self) -> Text:
        return self.listing.about

    @property
    def days(self) -> Text:
        """The promised time by the figures in force today."""
        return limits.listed(self.listing.promised(timezone.localdate()), self.listing.counts)

    @property
    def url(self) -> str:
        return reverse("portal:guide", args=[self.code])


@dataclass(frozen=True, slots=True)
class EventServices:
    """What people call an event of their life, with the services that belong to it."""

    name: Text
    services: tuple[ServiceLine, ...]


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """One search field, then what is done most, by life event; running cases on top."""
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        kind = "company" if request.actor.kind == "company" else "person"
    used = usage(timezone.now())
    most_used = sorted(used, key=lambda code: -used[code].sent)
    found = catalogue.first_services(
        most_used, _MOST, of_persons=kind == "person", opened_by=_BEGUN_HERE
    )
    services = [entry(version) for version in found]
    mine = [c for c in cases.my_cases(request.actor) if not c.ended_at]
    running = standing.lines(mine[:_LOOKED_AT])
    context = {
        "running": running[:_RUNNING],
        "running_more": len(mine) if len(mine) > _RUNNING else 0,
        "tabs": [Tab(key, name, key == kind) for key, name in KINDS.items()],
        "events": _by_event(services),
        "examples": [_example(service) for service in services[:_EXAMPLES]],
    }
    return public_page(request, "portal/home.html", context)


@require_safe
def search(request: ActorRequest) -> HttpResponse:
    """Services that answer everyday words, the best first; all of them when there are none."""
    words = request.GET.get("q", "").strip()[:100]
    answers = [entry(each) for each in catalogue.search(words, opened_by=_BEGUN_HERE)]
    by = request.GET.get("by", "")
    by = by if by in _BY else next(iter(_BY))
    groups: Sequence[EventServices] = ()
    if answers:
        shown, filters = narrowed(answers, _traits, request.GET.dict())
    else:
        asked = tuple((name, request.GET.get(name, "")) for name in NARROWED_BY)
        shown, (filters, groups) = [], _browsed(by, asked, reader().tag)
    chosen = {f.name: one.value for f in filters for one in f.choices if one.chosen}
    folded = sum(len(each.services) for each in groups) > _AT_ONCE
    if folded and (wanted := request.GET.get("group", "")):
        groups = [each for each in groups if each.name.zh == wanted]
        folded = not groups
    context = {
        "q": words,
        "by": by,
        "found": shown,
        "hidden": len(answers) - len(shown),
        "articles": information.found(words, timezone.localdate()) if words else [],
        "filters": filters,
        "chosen": urlencode(chosen),
        "tabs": [Tab(key, name, key == by) for key, name in _BY.items()],
        "groups": [] if folded else _turned(groups, request.GET.get("page", "")),
        "folded": [_group_link(each, by, chosen) for each in groups] if folded else [],
        "turns": [] if folded else _turns(groups, by, chosen, request.GET.get("page", "")),
    }
    return public_page(request, "portal/search.html", context)


@require_safe
def suggest(request: ActorRequest) -> HttpResponse:
    """Names of services by what is typed, as `{"services": ["公司设立登记", …]}`; the button beside
    the field finds the same."""
    words = request.GET.get("q", "").strip()[:100]
    found = catalogue.search(words, most=_SUGGESTED, opened_by=_BEGUN_HERE) if words else []
    language = getattr(request, "language", None)
    is_zh = language is None or language.tag.startswith("zh")
    names = [each.name_zh if is_zh else each.name_en for each in found]
    answer = JsonResponse({"services": names})
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def entry(version: catalogue.ServiceVersion) -> ServiceLine:
    """A service as a line of a list."""
    return ServiceLine(version.code, catalogue.listing_of(version))


def _services() -> list[ServiceLine]:
    """All that somebody begins here."""
    begun = set(_BEGUN_HERE)
    return [ServiceLine(code, each) for code, each in catalogue.listed() if each.openings & begun]


def _example(service: ServiceLine) -> tuple[Text, str]:
    """What somebody may type, as a link that finds it."""
    query = urlencode({"q": service.listing.everyday.zh})
    return service.listing.everyday, f"{reverse('portal:search')}?{query}"


@remembered("catalogue", 64)
def _browsed(
    by: str, asked: tuple[tuple[str, str], ...], _language: str
) -> tuple[tuple[Filter, ...], tuple[EventServices, ...]]:
    """All services in groups, and what narrows them: in each language in the order of its letters.

    Of ten thousand services it is a page's longest work, and it changes with publications alone.
    """
    shown, filters = narrowed(_services(), _traits, dict(asked))
    return filters, tuple(_grouped(shown, by))


def _grouped(services: Iterable[ServiceLine], by: str) -> list[EventServices]:
    """All services in groups: by event, by department, or by the first letter of their sound."""
    if by == "event":
        return _other_last(_by_event(services))
    groups: dict[str, tuple[Text, list[ServiceLine]]] = {}
    for service in services:
        for name in _NAMED[by](service):
            groups.setdefault(name.zh, (name, []))[1].append(service)
    ordered = sorted(groups.items()) if by == "letter" else list(groups.items())
    return _other_last(EventServices(name, tuple(found)) for _, (name, found) in ordered)


def _page_of(page: str) -> int:
    return int(page) if page.isdecimal() and len(page) < 6 and int(page) > 0 else 1


def _turned(groups: Sequence[EventServices], page: str) -> list[EventServices]:
    """One group by pages, several as they are."""
    if len(groups) != 1:
        return list(groups)
    begin = (_page_of(page) - 1) * _ON_A_PAGE
    return [replace(groups[0], services=groups[0].services[begin : begin + _ON_A_PAGE])]


def _turns(
    groups: Sequence[EventServices], by: str, chosen: Mapping[str, str], page: str
) -> list[tuple[int, str, bool]]:
    """The pages of one long group: their numbers and addresses, and which is shown."""
    if len(groups) != 1 or len(groups[0].services) <= _ON_A_PAGE:
        return []
    count = -(-len(groups[0].services) // _ON_A_PAGE)
    link = {**chosen, "by": by, "group": groups[0].name.zh}
    return [
        (number, f"?{urlencode({**link, 'page': number})}", number == _page_of(page))
        for number in range(1, count + 1)
    ]


def _group_link(group: EventServices, by: str, chosen: Mapping[str, str]) -> tuple[Text, str, int]:
    """A group that is shown on a page of its own: its name, address and number of services."""
    query = urlencode({**chosen, "by": by, "group": group.name.zh})
    return group.name, f"?{query}", len(group.services)


def _traits(service: ServiceLine) -> Traits:
    return traits_of(service.listing)


def _department(service: ServiceLine) -> list[Text]:
    return [name_of(service.listing.department) or _OTHER]


def _topics(service: ServiceLine) -> list[Text]:
    return [topic_name(each) for each in service.listing.topics] or [_OTHER]


def _letter(service: ServiceLine) -> list[Text]:
    written = service.name.zh
    latin = readings(written)[0] if is_chinese(written[:1]) else written
    first = latin.strip()[:1].upper() or "#"
    return [Text.given(first, first)]


_NAMED: Mapping[str, Callable[[ServiceLine], list[Text]]] = {
    "topic": _topics,
    "department": _department,
    "letter": _letter,
}


def _by_event(services: Iterable[ServiceLine]) -> list[EventServices]:
    """The services by their events, which the packs name: the first that names one is heard."""
    groups: dict[str, list[ServiceLine]] = {}
    names: dict[str, Text] = {}
    for service in services:
        event = service.listing.event or LifeEvent("")
        groups.setdefault(event.code, []).append(service)
        if event.name is not None:
            names.setdefault(event.code, event.name)
    return [EventServices(names.get(key, _OTHER), tuple(found)) for key, found in groups.items()]


def _other_last(groups: Iterable[EventServices]) -> list[EventServices]:
    """The groups in their order, what belongs to none of them at the end."""
    return sorted(groups, key=lambda group: group.name == _OTHER)
