"""The keys outside of the database, rotated: all that apps keep encrypted is encrypted anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from importlib import import_module

from xiangyun import manifest
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.vault.ports import cipher

from .access import SYSTEM, acting_as

Piece = Callable[[], AbstractContextManager[object]]
Report = Callable[[int], None]
Rotation = Callable[[Piece, Report], int]
"""Encrypts anew what one app keeps: a piece in each transaction of the platform that `Piece` opens,
telling how many are done; gives how many there were."""


def rotate(at: datetime, report: Report = lambda done: None) -> dict[str, int]:
    """Encrypt with the newest key what older ones have; by app how many values or keys of values.

    Apps say how by `rotates` of their manifests. Ended half way it goes on where it was. `report`
    is told how many are done. What is encrypted says the same as before.
    """
    done: dict[str, int] = {}
    for app in manifest.apps():
        if app.manifest.rotates:
            place, _, name = app.manifest.rotates.partition(":")
            before = sum(done.values())
            anew: Rotation = getattr(import_module(place), name)
            done[app.name] = anew(partial(acting_as, SYSTEM), partial(_report, report, before))
    if any(done.values()):
        with acting_as(SYSTEM):
            journal.record(
                journal.entry_of(
                    verb="keys.rotated",
                    subject="keys",
                    division=0,
                    owner=None,
                    actor=None,
                    actor_name=SYSTEM.name,
                    desk="",
                    at=at,
                    data={"key": cipher().newest, **done},
                )
            )
    return done


def _report(report: Report, before: int, done: int) -> None:
    report(before + done)
