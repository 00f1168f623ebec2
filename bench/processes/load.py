"""What every candidate shares: its options, and threads that complete tasks until time is up."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

PROCESS = Path(__file__).with_name("approval.bpmn")
WAITING = '{"n":1,%'
"""States of cases that wait for their first task."""
TASKS = ("accept", "plan", "fire", "decide")
Complete = Callable[[Any], Iterator[None]]
"""Works one case and yields after each completion that is acknowledged."""


def options() -> argparse.Namespace:
    """What the conductor asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", required=True, help="of the candidate's own database")
    parser.add_argument("--prepare", type=int, default=0, help="make so many cases, then end")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--way", default="")
    return parser.parse_args()


def measured(
    chosen: argparse.Namespace, cases: Sequence[Any], worker: Callable[[], Complete]
) -> None:
    """Wait for the word, complete tasks of these cases on some threads, and tell how many.

    `worker` is called on each thread and gives it its own connection.
    """
    done = [0] * chosen.threads
    ready = threading.Barrier(chosen.threads + 1)

    def work(number: int) -> None:
        complete = worker()
        ready.wait()
        for case in cases[number :: chosen.threads]:
            for _ in complete(case):
                done[number] += 1
                if time.monotonic() >= end:
                    return

    threads = [threading.Thread(target=work, args=(n,)) for n in range(chosen.threads)]
    end = float("inf")
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    begun, used = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
    end = begun + chosen.seconds
    ready.wait()
    for thread in threads:
        thread.join()
    took, now = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print(json.dumps({"done": sum(done), "seconds": took, "cpu": cpu}), flush=True)
