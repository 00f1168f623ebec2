"""Every address of exchange."""

from __future__ import annotations

from django.urls import path

from .views import inbound, mine, onceonly, operating

app_name = "exchange"
urlpatterns = [
    path("", operating.exchange_map, name="map"),
    path("stuck", operating.stuck, name="stuck"),
    path("interfaces", operating.interfaces, name="interfaces"),
    path("mine", mine.mine, name="mine"),
    path("once-only", onceonly.once_only, name="once-only"),
    path("messages/<uuid:message>", operating.message, name="message"),
    path("messages/<uuid:message>/resend", operating.resend, name="resend"),
    path("messages/<uuid:message>/drop", operating.drop, name="drop"),
    path("received/<int:incoming>/again", operating.again, name="again"),
    path("files/<int:enclosure>/again", operating.fetch_again, name="fetch-again"),
    path("in/bundle", inbound.bundle, name="bundle"),
    path("in/files/piece", inbound.piece, name="piece"),
    path("in/certificates/standing", inbound.standing, name="standing"),
    path("in/<str:connector>/<str:name>", inbound.receive, name="in"),
]
