"""Every address of the site."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from xiangyun import manifest


def alive(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Answer that requests can be served: the database answers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("alive", alive, name="alive"),
    path("ready", ready, name="ready"),
    *(path(pages.before, include(pages.module)) for pages in manifest.addresses()),
]

handler400 = "xiangyun.faces.portal.views.errors.unreadable"
handler403 = "xiangyun.faces.portal.views.errors.forbidden"
handler404 = "xiangyun.faces.portal.views.errors.not_found"
handler500 = "xiangyun.site.middleware.failed"
