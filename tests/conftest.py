"""What tests in a browser share: a server with the demonstration, and Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from serving import Server, server_of_its_own, take_over_demonstration


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of the module's own, with the demonstration as it is told."""
    purpose = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    with server_of_its_own(purpose) as server:
        take_over_demonstration(server)
        server.start()
        server.wait_until_ready(120)
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; what it sees is kept as pictures."""
    from visitor import ARGUMENTS, CHROMIUM, PICTURES  # noqa: PLC0415 (reads the models)

    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        yield launched
        launched.close()
