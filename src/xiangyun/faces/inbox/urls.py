"""Every address of the inbox."""

from __future__ import annotations

from django.urls import path

from .views import calendars, channels, messages

app_name = "inbox"
urlpatterns = [
    path("", messages.inbox, name="inbox"),
    path("read", messages.read_all, name="read-all"),
    path("<int:message_id>", messages.message, name="message"),
    path("<int:message_id>/appointment.ics", calendars.entry, name="entry"),
    path("letters/<int:letter_id>.pdf", messages.letter, name="letter"),
    path("calendar", calendars.calendar, name="calendar"),
    path("calendar/open", calendars.open_feed, name="open-feed"),
    path("calendar/end", calendars.end_feed, name="end-feed"),
    path("calendar/<str:token>.ics", calendars.feed, name="feed"),
    path("ways", channels.ways, name="ways"),
    path("ways/<str:channel>/confirm", channels.confirm, name="confirm"),
    path("ways/<str:channel>/forget", channels.forget, name="forget"),
    path("preferences", channels.prefer, name="prefer"),
]
