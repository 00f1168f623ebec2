"""`xiangyun serve`: the site and the worker of its jobs, looked after until told to stop."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click
from django.conf import settings
from django.core.management import call_command

from xiangyun.adapters.postgres import revive_embedded

# A child that dies sooner than this after its start is not started again at once.
_SETTLE_SECONDS = 2.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site and work the queue of jobs until Ctrl-C."""
    run(host, port, threads)


def run(host: str = "127.0.0.1", port: int = 8000, threads: int = 8) -> None:
    """Run web server and worker as children; start again what dies, the database included."""
    refuse_taken_port(host, port)
    call_command("collectstatic", verbosity=0, interactive=False)
    children = Children(
        [
            [
                *(sys.executable, "-m", "gunicorn", "xiangyun.site.wsgi:application"),
                *("--bind", f"{host}:{port}", "--workers", "1", "--threads", str(threads)),
                *("--worker-tmp-dir", "/dev/shm" if sys.platform == "linux" else "."),
                *("--graceful-timeout", "10", "--log-level", "warning"),
            ],
            [sys.executable, "-c", "from xiangyun.site.worker import main; main()"],
        ]
    )
    signal.signal(signal.SIGTERM, _stop)
    try:
        children.look_after(Path(settings.HOME) / "postgres")
    except KeyboardInterrupt:
        pass
    finally:
        children.stop()


def refuse_taken_port(host: str, port: int) -> None:
    """Say clearly that somebody else listens there, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise click.ClickException(
                f"{host}:{port} 已被占用，请用 --port 另选端口"
                f" / {host}:{port} is taken, choose another with --port ({problem.strerror})"
            ) from problem


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class Children:
    """Processes that are started again when they die, and stopped together."""

    def __init__(self, commands: list[list[str]]) -> None:
        self._commands = commands
        self._running: list[subprocess.Popen[bytes]] = []
        self._started: list[float] = []

    def look_after(self, database: Path) -> None:
        """Start all and keep them running; returns only by an exception.

        `database` is the folder of the embedded server, where this instance has one.
        """
        for command in self._commands:
            self._running.append(subprocess.Popen(command))
            self._started.append(time.monotonic())
        while True:
            time.sleep(0.5)
            revive_embedded(database)
            for place, child in enumerate(self._running):
                if child.poll() is None:
                    continue
                if time.monotonic() - self._started[place] < _SETTLE_SECONDS:
                    time.sleep(_SETTLE_SECONDS)
                self._running[place] = subprocess.Popen(self._commands[place])
                self._started[place] = time.monotonic()

    def stop(self) -> None:
        """Ask all to end, wait, and end by force who does not."""
        for child in self._running:
            child.terminate()
        for child in self._running:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
