"""What is new, as Atom (RFC 4287), and the site map."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.datasets import releases
from xiangyun.domain.datasets.releases import Release, Standing
from xiangyun.faces.look.languages import reader
from xiangyun.faces.open import dcat, packages
from xiangyun.kernel.findings import Text

from .files import found

_MOST = 100


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """The newest releases of all data sets, or of a series (`?series=`)."""
    series = request.GET.get("series", "")
    standings = [
        s for s in releases.standings(timezone.localdate()) if series in ("", s.dataset.series)
    ]
    return _feed("/data/feed.atom", dcat.TITLE, standings)


@require_safe
def of_dataset(request: HttpRequest, code: str) -> HttpResponse:
    """The releases of one data set."""
    standing = found(code)
    return _feed(f"/data/{code}/feed.atom", standing.dataset.name, [standing])


def _feed(at: str, title: Text, standings: Iterable[Standing]) -> HttpResponse:
    said = [
        (release, standing)
        for standing in standings
        for release in standing.releases
        if release.published_at is not None
    ]
    said.sort(key=lambda each: _when(each[0]), reverse=True)
    updated = _when(said[0][0]) if said else "2026-01-01T00:00:00+08:00"
    address = escape(packages.absolute(at))
    entries = "".join(_entry(release, standing) for release, standing in said[:_MOST])
    made = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{reader().tag}">'
        f"<id>{address}</id><title>{escape(title.pick(reader()))}</title>"
        f'<link rel="self" type="application/atom+xml" href="{address}"/>'
        f"<updated>{updated}</updated>{entries}</feed>"
    )
    return HttpResponse(made, content_type="application/atom+xml; charset=utf-8")


def _when(release: Release) -> str:
    at = release.withdrawn_at or release.published_at
    assert at is not None
    return at.isoformat(timespec="seconds")


def _entry(release: Release, standing: Standing) -> str:
    dataset, language = standing.dataset, reader()
    page = escape(packages.absolute(reverse("open:dataset", args=[dataset.code])))
    name = dataset.name.pick(language)
    title = Text(
        "{name}：第 {number} 版", "{name}: release {number}", name=name, number=release.number
    )
    if release.state == Release.State.WITHDRAWN:
        title = Text("{name}：第 {number} 版已撤下", "{name}: release {number} was withdrawn",
                     name=name, number=release.number)  # fmt: skip
    office = packages.organization_of(dataset.department)["title"]
    return (
        f"<entry><id>{page}#release-{release.number}-{release.state}</id>"
        f"<title>{escape(title.pick(language))}</title>"
        f'<link rel="alternate" type="text/html" href="{page}"/>'
        f"<updated>{_when(release)}</updated><author><name>{escape(office)}</name></author>"
        f"<summary>{escape(dataset.summary.pick(language))}</summary>"
        f"<rights>{escape(dataset.licence)}</rights>"
        f'<category term="{escape(dataset.group)}"/></entry>'
    )


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages of open data sets for search engines."""
    pages = [f"<url><loc>{escape(packages.absolute('/data/'))}</loc></url>"]
    for standing in releases.standings(timezone.localdate()):
        page = escape(packages.absolute(reverse("open:dataset", args=[standing.dataset.code])))
        at = standing.modified
        changed = f"<lastmod>{at.isoformat()}</lastmod>" if at else ""
        pages.append(f"<url><loc>{page}</loc>{changed}</url>")
    made = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{''.join(pages[:50_000])}</urlset>"
    )
    return HttpResponse(made, content_type="application/xml; charset=utf-8")
