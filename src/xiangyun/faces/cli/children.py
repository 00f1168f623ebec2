"""Processes that are started again when they die, stopped together, and never outlive their parent.

They are forks of one process in which everything is loaded already: starting one again takes
milliseconds, and they share memory.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError
from types import FrameType
from typing import NoReturn

from xiangyun.adapters.embedded import revive_embedded
from xiangyun.kernel.findings import Refused, Text

_log = logging.getLogger(__name__)
_ASKED_TO_STOP = {signal.SIGINT, signal.SIGTERM}
_PATIENCE = 15.0  # seconds that a child may take to end when asked


@dataclass
class Pause:
    """How long to wait before a start: longer each time that what was started soon died again."""

    started: float = 0.0
    early_deaths: int = 0

    def after_death(self, now: float) -> float:
        """Seconds to wait from a death until the next start: from 0 up to 5."""
        self.early_deaths = self.early_deaths + 1 if now - self.started < 2.0 else 0
        return min(0.1 * (2.0**self.early_deaths - 1.0), 5.0)


class Children:
    """The processes behind one `xiangyun serve`, by name, and the embedded database."""

    def __init__(self, works: Mapping[str, Callable[[], None]]) -> None:
        self._works = dict(works)
        self._running: dict[int, str] = {}
        self._pauses = {name: Pause() for name in [*works, "database"]}
        # Only this process holds the writing end: when it is gone, however it went, whoever reads
        # from the other end is told.
        self._parent_lives, self._held_by_parent = os.pipe()

    def look_after(self, database: Path) -> NoReturn:
        """Start all and keep them running until told to stop, by KeyboardInterrupt.

        `database` is the folder of the embedded server, where this instance has one.
        """
        signal.signal(signal.SIGTERM, _stop)
        due = dict.fromkeys(self._pauses, 0.0)
        while True:
            now = time.monotonic()
            for name in [name for name, moment in due.items() if moment <= now]:
                if name != "database":
                    self._start(name)
                    del due[name]
                elif self._revive(database):
                    due[name] = time.monotonic() + self._pauses[name].after_death(now)
                    self._pauses[name].started = time.monotonic()
            time.sleep(0.1)
            for name in self._ended():
                due[name] = time.monotonic() + self._pauses[name].after_death(time.monotonic())

    def stop(self) -> None:
        """Ask all to end, wait, and end by force who does not."""
        self._tell(signal.SIGTERM)
        end = time.monotonic() + _PATIENCE
        while self._running and time.monotonic() < end:
            time.sleep(0.02)
            list(self._ended(asked=True))
        self._tell(signal.SIGKILL)

    def _tell(self, number: signal.Signals) -> None:
        for pid in self._running:
            os.kill(pid, number)

    def _revive(self, database: Path) -> bool:
        """Whether the database was dead."""
        try:
            return revive_embedded(database)
        except (OSError, RuntimeError, SubprocessError, Refused):
            _log.exception(
                Text(
                    "数据库启动失败，稍后再试。", "The database could not be started; trying again."
                )
            )
            return True

    def _ended(self, asked: bool = False) -> Iterator[str]:
        """The names of those that have ended since."""
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            # In a container the first process also inherits strangers; they are only buried.
            name = self._running.pop(pid, None)
            if name is not None and not asked:
                code = os.waitstatus_to_exitcode(status)
                _log.warning(
                    Text(
                        "进程 {name} 已结束（{code}），重新启动。",
                        "Process {name} ended ({code}), starting it again.",
                        name=name,
                        code=code,
                    )
                )
            if name is not None:
                yield name

    def _start(self, name: str) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._pauses[name].started = time.monotonic()
        # Nobody must be told to stop between the fork and the moment it knows what it is.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ASKED_TO_STOP)
        pid = os.fork()
        if pid == 0:
            self._be(name)
        self._running[pid] = name
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED_TO_STOP)

    def _be(self, name: str) -> NoReturn:
        """What the child does, all its life."""
        status = 1
        try:
            os.close(self._held_by_parent)
            _call_itself(f"xiangyun {name}")
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED_TO_STOP)
            self.end_with_parent()
            self._works[name]()
            status = 0
        except SystemExit as ending:
            status = ending.code if isinstance(ending.code, int) else 1
        except KeyboardInterrupt:
            pass
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)  # what the parent registered for its own end is not for the child

    def end_with_parent(self) -> None:
        """In a child, or a child of a child: end when `xiangyun serve` does, however it ended.

        At once, as if killed: nothing is lost by that, and the next `serve` finds its port free.
        """

        def watch() -> None:
            os.read(self._parent_lives, 1)
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def _call_itself(name: str) -> None:
    """What `ps -A` and `top` show, where the system lets a process say so by a file: Linux."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
