"""`xiangyun serve` looks after web server, worker and database, and leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from urllib.request import urlopen

import psutil
import pytest
from rolling import Visitors, taking, wait_for_web
from serving import Server, server_of_its_own

pytestmark = pytest.mark.slow(minutes=1)


@pytest.fixture(scope="module")
def one_server() -> Iterator[Server]:
    with server_of_its_own("serve") as made:
        made.start()
        made.wait_until_ready()
        yield made


@pytest.fixture
def server(one_server: Server) -> Server:
    """The server, with all of its children at work."""
    one_server.wait_until_ready()
    wait_for(lambda: len(one_server.parts("xiangyun web")) == 2)
    wait_for(lambda: len(one_server.parts("xiangyun worker")) == 1)
    return one_server


def wait_for(what: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def gone(processes: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )


def test_visitors_wait_while_the_web_server_is_started_again(server: Server) -> None:
    before = server.parts("xiangyun web")
    server.kill_web()
    assert [server.answers("/alive") for _ in range(50)] == [200] * 50, "somebody was turned away"
    wait_for(lambda: len(server.parts("xiangyun web")) == 2)
    assert not set(before) & set(server.parts())


def test_what_is_published_names_the_port_at_which_the_site_is_served(server: Server) -> None:
    described = json.load(urlopen(f"{server.base}/api/openapi.json"))
    assert described["servers"] == [{"url": server.base}]
    assert (server.home / "address").read_text("utf-8").strip() == server.base


def test_a_killed_worker_is_started_again(server: Server) -> None:
    [before] = server.parts("xiangyun worker")
    server.kill_worker()
    wait_for(lambda: server.parts("xiangyun worker") not in ([], [before]))


def test_while_the_database_recovers_a_visitor_is_told_to_come_back_and_then_served(
    server: Server,
) -> None:
    server.kill_database()
    statuses, pages = set(), []
    while statuses != {200, 503} and len(pages) < 2000:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("GET", "/")
        answer = connection.getresponse()
        statuses.add(answer.status)
        pages.append((answer.getheader("Retry-After"), answer.read().decode()))
        time.sleep(0.01)
    assert statuses == {200, 503}, "neither a crash of ours nor a connection refused"
    [(later, page), *_] = [found for found in pages if found[0]]
    assert later == "1"
    assert "系统正在恢复" in page


def test_when_only_the_supervisor_is_killed_its_children_end_and_serve_starts_at_once(
    server: Server,
) -> None:
    wait_for(lambda: len(server.parts()) == 4)  # one of them may just be started again
    children = server.parts()
    server.kill_supervisor()
    server.start()
    server.wait_until_ready()
    assert gone(children)
    assert len(server.parts("xiangyun worker")) == 1


def test_killed_all_at_once_with_its_database_it_starts_at_once(server: Server) -> None:
    server.kill_database()
    server.kill()
    server.start()
    server.wait_until_ready()


def test_a_second_server_on_the_same_port_is_refused_in_both_languages(server: Server) -> None:
    with pytest.raises(AssertionError, match="已被占用") as refused:
        server.run("serve", "--port", str(server.port))
    assert "is taken, choose another with --port" in str(refused.value)
    assert server.answers() == 200


def test_a_rolling_restart_loses_no_request(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        first = taking(server, listener)
        wait_for_web(first)
        visitors = Visitors(listener.getsockname()[1])
        try:
            wait_for(lambda: len(visitors.answers) > 4, 60)
            second = taking(server, listener)
            wait_for_web(second)
            first.terminate()
            assert first.wait(timeout=60) == 0
            before = len(visitors.answers)
            wait_for(lambda: len(visitors.answers) > before + 20, 60)
        finally:
            visitors.go()
        second.terminate()
        assert second.wait(timeout=60) == 0
        assert set(visitors.answers) == {200}


def test_asked_to_stop_it_leaves_no_process_behind() -> None:
    with server_of_its_own("stop") as server:
        server.start()
        server.wait_until_ready()
        children = server.parts()
        assert server.process is not None
        server.process.terminate()
        assert server.process.wait(timeout=30) == 0
        assert gone(children)
        assert not (server.home / "postgres" / "postmaster.pid").exists()
