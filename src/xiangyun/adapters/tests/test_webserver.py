"""The web server against clients that are slow, huge, many, or malformed."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from xiangyun.adapters.webserver import Limits, Server

LIMITS = Limits(
    threads=2,
    head=0.6,
    whole=1.5,
    idle=1.5,
    answer=0.5,
    connections=700,
    head_size=4096,
    body_size=10_000,
)
HEAD = b"POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf"


class Site:
    """A server in this process, whose pages answer at once or wait until they may."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.may_go_on = threading.Event()
        self.server = Server(self.answer, self.listener, LIMITS)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if environ["PATH_INFO"] == "/stuck":
            self.may_go_on.wait(30)
        size = len(environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"{size}".encode()]

    def ask(self, path: str = "/", body: bytes | None = None) -> tuple[int, str, str | None]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as client:
            client.request("POST" if body else "GET", path, body)
            answer = client.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Retry-After")

    def connection(self, sent: bytes = b"") -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port))
        opened.sendall(sent)
        return opened


def said(client: socket.socket) -> str:
    """All that comes until the server closes."""
    return b"".join(iter(lambda: client.recv(4000), b"")).decode()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.may_go_on.set()
    made.server.close()


def test_five_hundred_idle_and_slow_connections_hold_no_thread(site: Site) -> None:
    slow = [
        site.connection(sent)
        for _ in range(170)
        for sent in (b"", b"GET / HTTP/1.1\r\nX-Slow: ", HEAD)
    ]
    assert len(slow) >= 500
    assert site.ask()[0] == 200
    end = time.monotonic() + 30
    while site.server.free_threads < LIMITS.threads:  # the one that answered us is just coming back
        assert time.monotonic() < end
        time.sleep(0.01)
    for each in slow:
        each.close()


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nX-Slow: ", HEAD, b""])
def test_a_request_that_never_ends_is_shown_out_although_bytes_still_come(
    site: Site, sent: bytes
) -> None:
    client = site.connection(sent)
    client.settimeout(0.2)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if sent:
                client.sendall(b"a")  # it is not silence that is punished
            if client.recv(100) == b"":
                return
        except TimeoutError:
            continue
        except OSError:
            return
    raise AssertionError("the connection is still open")


def test_what_is_too_large_is_refused_in_both_languages_before_it_has_come(site: Site) -> None:
    announced = site.connection(HEAD.replace(b"1000", b"99000"))
    answer = said(announced)
    assert answer.startswith("HTTP/1.1 413 "), answer
    assert "太大" in answer
    assert "Nothing saved is lost" in answer
    large = site.connection(b"GET / HTTP/1.1\r\nX: " + b"a" * 5000 + b"\r\n\r\n")
    assert said(large).startswith("HTTP/1.0 431 ")


def test_what_is_no_http_is_told_so_in_both_languages(site: Site) -> None:
    answer = said(site.connection(b"GET\r\n\r\n"))
    assert answer.startswith("HTTP/1.0 400 "), answer
    assert "请求" in answer


def test_when_every_thread_is_stuck_others_are_told_to_come_back(site: Site) -> None:
    stuck = [threading.Thread(target=site.ask, args=["/stuck"]) for _ in range(LIMITS.threads)]
    for each in stuck:
        each.start()
    end = time.monotonic() + 30
    while not site.server.task_dispatcher.is_overwhelmed(time.time()):
        assert time.monotonic() < end
        time.sleep(0.02)
    status, words, later = site.ask()
    assert (status, later) == (503, "5")
    assert "请稍后再试" in words
    site.may_go_on.set()
    for each in stuck:
        each.join(20)
    assert site.ask()[0] == 200


def test_a_whole_request_reaches_the_application_with_its_body(site: Site) -> None:
    assert site.ask("/", b"x" * 9000) == (200, "9000", None)


def test_a_server_that_is_leaving_answers_what_has_come_and_closes() -> None:
    site = Site()
    with closing(site.connection(b"GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n")) as waiting:
        while not site.server.task_dispatcher.began:
            time.sleep(0.01)
        with closing(site.connection()) as fresh:
            while len(site.server.active_channels) < 2:
                time.sleep(0.01)
            site.server.leave()
            fresh.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert "200 OK" in (answer := said(fresh))
            assert "Connection: close" in answer
        assert site.thread.is_alive(), "somebody still waits"
        site.may_go_on.set()
        assert "200 OK" in said(waiting)
    site.thread.join(10)
    assert not site.thread.is_alive()


def test_a_server_that_is_leaving_waits_for_no_idle_connection() -> None:
    site = Site()
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)) as idle:
        idle.request("GET", "/")
        idle.getresponse().read()
        site.server.leave()
        site.thread.join(10)
        assert not site.thread.is_alive()


def test_who_comes_while_a_server_leaves_is_answered_by_the_next() -> None:
    site = Site()
    site.server.leave()
    site.thread.join(10)
    with closing(site.connection(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")) as client:
        following = Server(site.answer, site.listener, LIMITS)
        thread = threading.Thread(target=following.run, daemon=True)
        thread.start()
        assert client.recv(15).startswith(b"HTTP/1.1 200")
        following.leave()
        thread.join(10)
