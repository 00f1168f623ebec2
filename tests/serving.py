"""A live platform for tests: `xiangyun serve` with a database of its own in a throw-away folder."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_XIANGYUN = (sys.executable, "-m", "xiangyun.site.main")


class Server:
    """`xiangyun serve` in a process group of its own, stopped in order or killed whole."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.home = home
        self.env = {**os.environ, "XIANGYUN_HOME": str(home)}
        self.env.pop("DATABASE_URL", None)
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        command = [*_XIANGYUN, *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self) -> None:
        command = [*_XIANGYUN, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.env, start_new_session=True)

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask server and database to end, as Ctrl-C does; by force who does not."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()
        end = time.monotonic() + 30
        while (pid := self._postmaster()) and time.monotonic() < end:
            os.kill(pid, signal.SIGINT)  # "fast shutdown": whoever is still connected is let go
            time.sleep(0.2)

    def kill_database(self) -> None:
        pid = self._postmaster()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def _postmaster(self) -> int | None:
        """The process of the embedded database, if it lives."""
        try:
            pid = int((self.home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid

    def wait_until_ready(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/ready")
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        raise AssertionError("the server did not come back")


@contextmanager
def server_of_its_own(purpose: str) -> Iterator[Server]:
    """A server that is not started yet; at the end all of it is stopped and removed."""
    # Not pytest's own folder: it is closed to others, and PostgreSQL may run as another user.
    home = Path(tempfile.mkdtemp(prefix=f"xiangyun-{purpose}-"))
    home.chmod(0o755)
    server = Server(home)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)
