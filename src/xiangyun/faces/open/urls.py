"""Every address of open data."""

from __future__ import annotations

from django.urls import path

from .views import catalogue, dataset, entry, feeds, files

app_name = "open"
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("feed.atom", feeds.everything, name="feed"),
    path("organizations/<str:key>", catalogue.organization, name="organization"),
    path("<str:code>", dataset.dataset, name="dataset"),
    path("<str:code>/subscribe/", entry.subscribe, name="subscribe"),
    path("<str:code>/unsubscribe/", entry.unsubscribe, name="unsubscribe"),
    path("<str:code>/embed", dataset.embed, name="embed"),
    path("<str:code>/feed.atom", feeds.of_dataset, name="dataset-feed"),
    path("<str:code>/schema.json", files.schema, name="schema"),
    path("<str:code>/datapackage.json", files.datapackage, name="datapackage"),
    path("<str:code>/<int:number>.<str:format>", files.release, name="release"),
    path("<str:code>/latest.<str:format>", files.latest, name="latest"),
]
