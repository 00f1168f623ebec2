"""The queue's own connection, for those who work it."""

from __future__ import annotations

from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def worker_connector() -> BaseConnector:
    """A connection pool to the same database, apart from Django's connections.

    Whoever puts jobs into the queue uses Django's connection, inside the transaction; whoever
    takes them out must not.
    """
    assert isinstance(app.connector, DjangoConnector)
    return app.connector.get_worker_connector()
