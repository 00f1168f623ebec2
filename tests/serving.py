"""A live platform for tests: `xiangyun serve` with a database of its own in a throw-away folder."""

from __future__ import annotations

import fcntl
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
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

XIANGYUN = (sys.executable, "-m", "xiangyun.site.main")


class Server:
    """`xiangyun serve` in a process group of its own, stopped in order or killed in parts."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.home = home
        self.env = {**os.environ, "XIANGYUN_HOME": str(home), "XIANGYUN_RATES": "0"}
        self.env.pop("DATABASE_URL", None)
        self.process: subprocess.Popen[bytes] | None = None
        self.struck = time.monotonic()
        """When a part of it was killed last, or it was made."""

    def run(self, *arguments: str) -> str:
        command = [*XIANGYUN, *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stderr}\n{done.stdout}"
        return done.stdout.strip()

    def start(self) -> None:
        command = [*XIANGYUN, "serve", "--port", str(self.port)]
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.env, start_new_session=True, stderr=log
            )

    def log(self) -> str:
        """What the server has written to its error output so far."""
        return (self.home / "serve.log").read_text("utf-8")

    # Killing, always by SIGKILL. Each says how many processes it found to kill: a victim that is
    # dead already, or just being started again, is none.

    def kill(self) -> int:
        """Supervisor, web server and worker at once."""
        if self._ended():
            return 0
        os.killpg(self._pid(), signal.SIGKILL)
        self._bury()
        return 1

    def kill_supervisor(self) -> int:
        """`xiangyun serve` itself; web server and worker are left without it."""
        if self._ended():
            return 0
        os.kill(self._pid(), signal.SIGKILL)
        self._bury()
        return 1

    def kill_worker(self) -> int:
        """The process that works the queue of jobs."""
        return _kill(self.parts("xiangyun worker"))

    def kill_web(self) -> int:
        """The web server: every process that answers."""
        return _kill(self.parts("xiangyun web"))

    def kill_answering(self) -> int:
        """One of the processes that answer; the other goes on."""
        return _kill(self.parts("xiangyun web")[:1])

    def kill_database(self) -> int:
        """PostgreSQL's first process; the others end when they notice."""
        pid = self._postmaster()
        return _kill([psutil.Process(pid)]) if pid is not None else 0

    def kill_backend(self) -> int:
        """One connection's process of PostgreSQL, upon which it ends all the others itself.

        One that is at work, where there is one: it dies in the middle of a statement.
        """
        pid = self._postmaster()
        with suppress(psutil.NoSuchProcess):
            below = psutil.Process(pid).children() if pid else []
            titles = {one: " ".join(one.cmdline()) for one in below}
            backends = [one for one in below if " xiangyun " in titles[one]]
            return _kill(sorted(backends, key=lambda one: " idle" in titles[one])[:1])
        return 0

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _bury(self) -> None:
        assert self.process is not None
        self.process.wait()

    def parts(self, name: str = "") -> list[psutil.Process]:
        """The processes below `xiangyun serve`, all or those of a name."""
        try:
            below = psutil.Process(self._pid()).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        found = []
        for process in below:
            with suppress(psutil.NoSuchProcess):
                if process.name().startswith(name or "xiangyun"):
                    found.append(process)
        return found

    def _pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def _postmaster(self) -> int | None:
        """The process of the embedded database, if it lives."""
        try:
            pid = int((self.home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
            found = psutil.Process(pid)  # by now the number may be a stranger's
            lives = found.status() != psutil.STATUS_ZOMBIE and "postgres" in found.name()
            return pid if lives else None
        except (OSError, ValueError, psutil.NoSuchProcess):
            return None

    # Starting and stopping

    def start_if_ended(self) -> bool:
        """Start `xiangyun serve` again where it has ended; whether it had."""
        if not self._ended():
            return False
        self.start()
        return True

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

    def answers(self, path: str = "/ready", timeout: float = 5) -> int:
        """The status that a visitor gets; 0 for none."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0

    def wait_until_ready(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.answers() == 200:
                return
            time.sleep(0.02)
        raise AssertionError(f"the server did not come back\n{self.log()[-5000:]}")


def _kill(processes: list[psutil.Process]) -> int:
    killed = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
            killed += 1
    return killed


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


def demonstrated() -> Path:
    """The home of a demonstration, told once in a run of the tests for all of its processes.

    Its duties have been run, as the worker does every hour: otherwise what a test finds would hang
    on the minute in which it runs.
    """
    home = _told_in(os.environ.get("TESTS_BEGUN_BY", str(os.getpid())))
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "TOLD").exists():
            shutil.rmtree(home, ignore_errors=True)  # of a try that failed
            home.mkdir(mode=0o755)
            teller = Server(home)
            teller.run("demo", "--no-serve")
            teller.run("duties")
            teller.stop()
            (home / "TOLD").touch()
    return home


def take_over_demonstration(server: Server) -> None:
    """Give a server that is not started yet the demonstration, as if it had told it itself."""
    # With the owner of each file: PostgreSQL may run as another user.
    subprocess.run(["cp", "-a", f"{demonstrated()}/.", str(server.home)], check=True)


def forget_demonstration() -> None:
    """Remove what `demonstrated` made for the run that this process began."""
    home = _told_in(str(os.getpid()))
    shutil.rmtree(home, ignore_errors=True)
    home.with_suffix(".lock").unlink(missing_ok=True)


def _told_in(run: str) -> Path:
    return Path(tempfile.gettempdir()) / f"xiangyun-demonstrated-{run}"
