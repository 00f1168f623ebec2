"""`xiangyun serve`: the site and the worker of its jobs, looked after until told to stop."""

from __future__ import annotations

import errno
import gc
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from gunicorn.app.base import BaseApplication

from xiangyun.adapters.jobs import work
from xiangyun.domain.catalogue import queries as catalogue

from .children import Children


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site and work the queue of jobs until Ctrl-C."""
    run(host, port, threads)


def run(host: str = "127.0.0.1", port: int = 8000, threads: int = 8) -> None:
    """Run web server and worker as children; start again what dies, the database included.

    The socket is opened here and inherited: while the web server is started again, visitors wait
    in line instead of being turned away.
    """
    listener = listen(host, port)
    call_command("collectstatic", verbosity=0, interactive=False)
    application = import_string(settings.WSGI_APPLICATION)
    make_ready()

    def answer() -> None:
        Web(application, listener, threads, children.end_with_parent).run()

    children = Children({"web": answer, "worker": work})
    try:
        children.look_after(Path(settings.HOME) / "postgres")
    except KeyboardInterrupt:
        pass
    finally:
        children.stop()


def make_ready(seconds: float = 2.0) -> None:
    """Load what requests need once, before the processes divide: they share it.

    Every page, and as many compiled services as there is time for; those left wait for their first
    visitor. All of it stays, so the garbage collector need not look through it again and again.
    """
    _ = get_resolver().url_patterns
    end = time.monotonic() + seconds
    with suppress(DatabaseError):  # an instance that is not prepared yet says so on its pages
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
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    end = time.monotonic() + 3
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=2048)
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE and time.monotonic() < end:
                time.sleep(0.1)
                continue
            raise click.ClickException(
                f"{host}:{port} 已被占用，请用 --port 另选端口"
                f" / {host}:{port} is taken, choose another with --port ({problem.strerror})"
            ) from problem


class Web(BaseApplication):  # type: ignore[misc]
    """gunicorn: one process that answers requests in threads, and one that looks after it."""

    def __init__(
        self,
        application: Callable[..., Any],
        listener: socket.socket,
        threads: int,
        in_child: Callable[[], None],
    ) -> None:
        self._application = application
        self._options: dict[str, Any] = {
            "bind": f"fd://{listener.fileno()}",
            "workers": 1,
            "threads": threads,
            "preload_app": True,
            "worker_tmp_dir": "/dev/shm" if sys.platform == "linux" else None,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_fork": lambda arbiter, worker: in_child(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn; a setting that its version does not have yet is left out."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Called by gunicorn."""
        return self._application
