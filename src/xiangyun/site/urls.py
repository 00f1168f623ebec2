"""Every address of the site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from xiangyun.faces.api.interface import api


def alive(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("alive", alive, name="alive"),
    path("api/", api.urls),
    path("", include("xiangyun.faces.portal.urls")),
    path("office/", include("xiangyun.faces.workbench.urls")),
]

handler403 = "xiangyun.faces.portal.views.errors.forbidden"
handler404 = "xiangyun.faces.portal.views.errors.not_found"
handler500 = "xiangyun.faces.portal.views.errors.broken"
