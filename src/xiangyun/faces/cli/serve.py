"""`xiangyun serve`: the site and the worker of its jobs, looked after until told to stop."""

from __future__ import annotations

import errno
import gc
import logging
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.urls import get_resolver
from django.utils.module_loading import import_string

from xiangyun.adapters import address, collecting, counters, health, webserver
from xiangyun.adapters.jobs import work
from xiangyun.adapters.loopback import is_loopback
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.catalogue import finding
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text

from .children import Children
from .telling import Failed

_log = logging.getLogger(__name__)
_FIRST_GIVEN = 3
"""The descriptor of the first socket that is handed over: SD_LISTEN_FDS_START."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Requests that each process answers at once.",
)
@click.option(
    "--health-port",
    type=click.IntRange(0, 65535),
    help="Where /alive and /ready answer whatever the site does; the next port, 0 for none.",
)
def serve(host: str, port: int, processes: int, threads: int, health_port: int | None) -> None:
    """Serve the site and work the queue of jobs until Ctrl-C."""
    if not settings.DEMONSTRATION_SAID and not is_loopback(host):
        settings.DEMONSTRATION = False  # others reach it: nobody logs in without a password
    refuse_fictitious()
    run(host, port, processes=processes, threads=threads, health_port=health_port)


def refuse_fictitious() -> None:
    """In earnest nobody is fictitious: refuse to start with accounts that anybody may use."""
    if settings.DEMONSTRATION:
        return
    if found := accounts.fictitious_logins():
        some = ", ".join(found[:5])
        raise Failed(
            Text(
                "这个实例有演示账号（{some}），不能正式运行。请用 xiangyun init 另建实例；"
                "确要演示，请设 XIANGYUN_DEMONSTRATION=1。",
                "This instance has demonstration accounts ({some}) and is not started in earnest. "
                "Make another with xiangyun init; to demonstrate all the same, set "
                "XIANGYUN_DEMONSTRATION=1.",
                some=some,
            )
        )


def run(
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    processes: int = 2,
    threads: int = 8,
    health_port: int | None = None,
) -> None:
    """Run web server and worker as children; start again what dies, the database included.

    The socket is opened here and inherited: while the web server is started again, visitors wait
    in line instead of being turned away.
    """
    listener = given_by_manager() or listen(host, port)
    ignored = settings.STATIC_IGNORED
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=ignored)
    application = import_string(settings.WSGI_APPLICATION)
    name_address(host, port)
    make_ready()

    limits = webserver.Limits(threads=threads, body_size=settings.LARGEST_BODY)

    def answering(process: int) -> Callable[[], None]:
        def answer() -> None:
            limit_statements()
            unhindered = collecting.between_pages(application)
            counting = counters.counted(unhindered, process)
            webserver.run(counting, listener, limits, settings.TRUSTED_PROXY)

        return answer

    works: dict[str, Callable[[], None]]
    works = {f"web {number + 1}": answering(number) for number in range(processes)}
    works["worker"] = work
    if beside := _listen_for_health(host, port, health_port):
        works["health"] = lambda: health.run(beside)
    children = Children(works)
    try:
        children.look_after(Path(settings.HOME) / "postgres")
    except KeyboardInterrupt:
        pass
    finally:
        children.stop()


def name_address(host: str, port: int) -> None:
    """Where nobody said the address to publish: the one at which this server listens.

    Others reach a server by a name that it cannot know: that is to be said.
    """
    if os.environ.get(address.SAID):
        return
    if is_loopback(host):
        settings.PUBLIC_URL = address.remembered(Path(settings.HOME), host, port)
        return
    _log.warning(
        Text(
            "信件、二维码和接口里写的网址是 {url}；请设 XIANGYUN_PUBLIC_URL。",
            "Letters, QR codes and interfaces name {url}: set XIANGYUN_PUBLIC_URL.",
            url=settings.PUBLIC_URL,
        )
    )


def limit_statements() -> None:
    """Let no page hold a connection longer than a person waits; jobs and commands may."""
    options = connections["default"].settings_dict["OPTIONS"]
    for name, limit in settings.PAGE_TIMEOUTS.items():
        options["options"] += f" -c {name}={limit}"


def _listen_for_health(host: str, port: int, wanted: int | None) -> socket.socket | None:
    """The socket of the health port; None where there is to be none, or the next port is taken."""
    if wanted == 0:
        return None
    if wanted is not None:
        return listen(host, wanted)
    try:
        return socket.create_server((host, port + 1), family=_family(host))
    except (OSError, OverflowError):
        _log.warning(
            Text(
                "端口 {taken} 已被占用，健康检查只在 {port} 端口的 /alive 和 /ready；"
                "可用 --health-port 另选。",
                "Port {taken} is taken: health is asked at /alive and /ready of {port}; "
                "see --health-port.",
                taken=port + 1,
                port=port,
            )
        )
        return None


def make_ready(seconds: float = 2.0) -> None:
    """Load what requests need once, before the processes divide: they share it.

    Every page, and as many compiled services as there is time for; those left wait for their first
    visitor. All of it stays, so the garbage collector need not look through it again and again.
    """
    _ = get_resolver().url_patterns
    end = time.monotonic() + seconds
    with suppress(DatabaseError):  # an instance that is not prepared yet says so on its pages
        finding.make_ready()
        for version in catalogue.current_services():
            if time.monotonic() >= end:
                break
            catalogue.pack(version.pk)
    connections.close_all()  # none is inherited
    gc.collect()
    gc.freeze()


def refuse_taken_port(host: str, port: int) -> None:
    """Say clearly that somebody else listens there, before anything is started."""
    listen(host, port).close()


def listen(host: str, port: int) -> socket.socket:
    """A socket at this address. A server that is just ending there is waited for, 3 seconds."""
    end = time.monotonic() + 3
    while True:
        try:
            return socket.create_server((host, port), family=_family(host), backlog=2048)
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE and time.monotonic() < end:
                time.sleep(0.1)
                continue
            raise Failed(
                Text(
                    "{host}:{port} 已被占用，请用 --port 另选端口（{strerror}）。",
                    "{host}:{port} is taken, choose another with --port ({strerror}).",
                    host=host,
                    port=port,
                    strerror=problem.strerror,
                )
            ) from problem


def given_by_manager() -> socket.socket | None:
    """The listening socket that systemd holds for us (sd_listen_fds), where it does.

    It stays open while one server goes and the next comes: nobody is turned away in between.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    count = int(os.environ.pop("LISTEN_FDS", "0"))
    del os.environ["LISTEN_PID"]  # not meant for what we start
    return socket.socket(fileno=_FIRST_GIVEN) if count else None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
