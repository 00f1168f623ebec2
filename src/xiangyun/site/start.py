"""What a command of the platform stands on: the home of this instance, its database, Django."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django
import platformdirs
from django.db import connections

from xiangyun.adapters.postgres import database


def home() -> Path:
    """Where this instance keeps its data."""
    return Path(os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun"))


def boot(stack: ExitStack) -> None:
    """Start the database for as long as `stack` is open, and bring its tables up to date."""
    os.environ["XIANGYUN_HOME"] = str(home())
    _room_for_large_requests(home())
    stack.enter_context(database(home()))
    set_up()
    stack.callback(connections.close_all)  # before the server is asked whether anybody is left
    from xiangyun.site.upgrade import bring_up_to_date  # noqa: PLC0415  needs Django's settings

    bring_up_to_date()


def _room_for_large_requests(folder: Path) -> None:
    """Where the machine's own folder of temporary files is closed to us, one of this instance.

    A service unit with `ProtectSystem=strict` closes it: the web server would drop every upload.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        own = folder / "tmp"
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["TMPDIR"] = tempfile.tempdir = str(own)  # for the processes begun here, too


def set_up() -> None:
    """Load Django's apps, which commands with tables import from."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyun.site.settings")
    django.setup()


def describe() -> None:
    """Load Django's apps only to print a help text: nothing is signed, so no key is made."""
    os.environ.setdefault("XIANGYUN_SECRET_KEY", "only for --help")
    set_up()
