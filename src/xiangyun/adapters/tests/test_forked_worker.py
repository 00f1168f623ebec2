"""The worker that `xiangyun serve` forks works, whatever its parent worked before."""

from __future__ import annotations

import asyncio
import os

from asgiref.sync import sync_to_async

from xiangyun.adapters.jobs import have_own_thread

PATIENCE = 20.0
"""Seconds; a child that waits for a thread of its parent would wait forever."""


async def _asked() -> int:
    return await asyncio.wait_for(sync_to_async(os.getpid)(), PATIENCE)


def test_a_child_works_in_a_thread_of_its_own_after_its_parent_did() -> None:
    assert asyncio.run(_asked()) == os.getpid()  # as the demonstration works its queue
    child = os.fork()
    if child == 0:  # nothing of the tests may run on here
        status = 1
        try:
            have_own_thread()
            status = 0 if asyncio.run(_asked()) == os.getpid() else 2
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(ended) == 0
