"""Servers that take over from one another on one socket, and visitors who keep asking."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time

import psutil
from serving import Server

# As systemd hands a socket over: descriptor 3, and whose it is.
_TAKE = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" -m xiangyun.site.main serve --processes 1 "$@"'


class Visitors:
    """Threads that ask for pages all the time and keep what they were answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: list[int | str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(n,)) for n in range(4)]
        for thread in self._threads:
            thread.start()

    def _visit(self, number: int) -> None:
        path = ("/", "/alive", "/search", "/ready")[number]
        while not self._over.is_set():
            try:
                client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                client.request("GET", path)
                answer = client.getresponse()
                answer.read()
                self.answers.append(answer.status)
                client.close()
            except (OSError, http.client.HTTPException) as problem:
                self.answers.append(repr(problem))

    def go(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


def taking(home: Server, listener: socket.socket) -> subprocess.Popen[bytes]:
    """`xiangyun serve` in a home whose database runs, on a socket that is open already."""
    command = ["sh", "-c", _TAKE, sys.executable, "--health-port", "0"]
    with (home.home / "rolling.log").open("ab") as log:
        return subprocess.Popen(
            command,
            env=home.env,
            stderr=log,
            close_fds=False,
            preexec_fn=lambda: os.dup2(listener.fileno(), 3),
        )


def wait_for_web(process: subprocess.Popen[bytes]) -> None:
    """Until its web server runs, and so may have taken a visitor."""
    end = time.monotonic() + 120
    while not any(one.name().startswith("xiangyun web") for one in _below(process)):
        assert time.monotonic() < end, "it never came"
        assert process.poll() is None, "it ended"
        time.sleep(0.05)


def _below(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children()
