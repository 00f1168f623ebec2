"""The laboratory, listening; and a published service that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import laboratory as other
from .laboratory import Laboratory


@pytest.fixture
def published(demonstration: None) -> None:
    """The service of the tests, offered."""
    other.publish()


@pytest.fixture
def laboratory(published: None) -> Iterator[Laboratory]:
    """A laboratory that listens and is known."""
    with other.open_laboratory() as found:
        yield found
