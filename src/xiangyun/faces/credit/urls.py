"""Every address of the pages of credit."""

from __future__ import annotations

from django.urls import path

from . import grants, views

app_name = "credit"
urlpatterns = [
    path("", views.find, name="find"),
    path("companies/<str:company>/", views.public_file, name="public-file"),
    path("grants/", grants.grants, name="grants"),
    path("grants/give/", grants.give, name="give-grant"),
    path("grants/<uuid:ident>/", grants.grant, name="grant"),
    path("grants/<uuid:ident>/amend/", grants.amend, name="amend-grant"),
    path("grants/<uuid:ident>/revoke/", grants.revoke, name="revoke-grant"),
    path("grants/<uuid:ident>/look/", grants.look, name="look-by-grant"),
    path("grants/<uuid:ident>/ask/", grants.ask, name="ask-by-grant"),
]
