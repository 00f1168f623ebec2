"""`xiangyun practice`: an instance of its own in which staff try everything, and nothing counts."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click
import platformdirs

from xiangyun.adapters.embedded import stop_embedded_if_idle
from xiangyun.kernel.findings import Text

from .telling import Failed, tell

_MARK = "practice"
OUTSIDE = (
    *("DATABASE_URL", "XIANGYUN_OWNER_URL", "XIANGYUN_FILES", "XIANGYUN_ARCHIVE"),
    *("XIANGYUN_SMTP", "XIANGYUN_SMS", "XIANGYUN_PROVIDERS", "XIANGYUN_PKCS11"),
    *("XIANGYUN_EXCHANGE_MAIL", "XIANGYUN_WITNESSES", "XIANGYUN_PUBLIC_URL", "XIANGYUN_HOSTS"),
    *("XIANGYUN_SECRET_KEY", "XIANGYUN_MODEL"),
)
"""Settings that lead out of the instance, or into the real one: practice has none of them."""


@click.command()
@click.option("--reset", is_flag=True, help="Forget all that was practised, and begin anew.")
@click.option("--serve/--no-serve", "serving", default=True, help="Serve the site afterwards.")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(1, 65535))
def practice(reset: bool, serving: bool, port: int) -> None:
    """Set up the practice instance beside this one and serve it, marked on every page.

    It has a database, keys and accounts of its own; no message leaves it.
    """
    home = practice_home()
    if reset and home.exists():
        forget(home)
        tell(Text("练习数据已清空。", "What was practised is forgotten."))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / _MARK).touch()
    words = ["demo", "--port", str(port), *([] if serving else ["--no-serve"])]
    os.execve(
        sys.executable,
        [sys.executable, "-m", "xiangyun.site.main", *words],
        surroundings(home),
    )


def practice_home() -> Path:
    """Where the practice instance of this instance lies."""
    home = os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun")
    return Path(home) / "practice-instance"


def surroundings(home: Path) -> dict[str, str]:
    """The environment of the practice instance: that of this one without what leads outside."""
    kept = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    return kept | {
        "XIANGYUN_HOME": str(home),
        "XIANGYUN_PRACTICE": "1",
        "XIANGYUN_DEMONSTRATION": "1",
    }


def forget(home: Path) -> None:
    """Remove the practice instance. Raises Failed for one that still serves, or is none."""
    if not (home / _MARK).exists():
        raise Failed(
            Text(
                "{home} 不是练习系统，没有清空。",
                "{home} is no practice instance: nothing was removed.",
                home=str(home),
            )
        )
    folder = home / "postgres"
    if folder.exists():
        stop_embedded_if_idle(folder)
        if (folder / "postmaster.pid").exists():
            raise Failed(
                Text(
                    "练习系统还在运行，请先停止（Ctrl-C）再清空。",
                    "The practice instance still serves: stop it (Ctrl-C), then reset it.",
                )
            )
    shutil.rmtree(home)
