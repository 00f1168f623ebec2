"""Every address of the figures that everybody sees."""

from __future__ import annotations

from django.urls import path

from .views import public, schemes

app_name = "figures"
urlpatterns = [
    path("", public.board, name="board"),
    path("schemes/<str:id_>/", schemes.ranks, name="scheme"),
    path("schemes/<str:id_>/<int:place>/", schemes.place, name="scheme-place"),
    path("<str:id_>/", public.figure, name="figure"),
]
