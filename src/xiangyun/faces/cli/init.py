"""`xiangyun init`: a real instance, with its keys, its address and its first administrator.

It asks first and starts the database after, since one of its questions is where the data are to
lie.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import platformdirs

from xiangyun.kernel.findings import Text

from .telling import Failed, help_of

_SHORTEST = 12  # characters of the administrator's password
_OWN = ("postgresql://", "postgres://")
_VARIABLES = ("DATABASE_URL", "XIANGYUN_OWNER_URL")


@click.command()
@click.option(
    "--storage",
    metavar="FOLDER|postgresql://…",
    help="Where the data lie: a folder with a database of its own, or your PostgreSQL.",
)
@click.option(
    "--address",
    prompt=help_of(Text("网址（https://…）", "Address (https://…)")),
    help="Where the site is found.",
)
@click.option(
    "--proxy",
    default="127.0.0.1",
    show_default=True,
    help="The address of the web server before it, which ends TLS and is believed.",
)
@click.option(
    "--login", prompt=help_of(Text("管理员登录名", "Administrator's login")), help="Who begins."
)
@click.option(
    "--name", prompt=help_of(Text("管理员姓名", "Administrator's name")), help="As records show it."
)
@click.option(
    "--office", prompt=help_of(Text("所在机构", "Office")), help="The office of the administrator."
)
@click.option(
    "--password",
    prompt=help_of(Text("密码", "Password")),
    hide_input=True,
    confirmation_prompt=True,
    help="At least 12 characters; better typed than given here.",
)
@click.pass_obj
def init(
    boot: Callable[[], None],
    storage: str | None,
    address: str,
    proxy: str,
    login: str,
    name: str,
    office: str,
    password: str,
) -> None:
    """Make a real instance: divisions, keys, settings, the first administrator. Nothing fictitious.

    Asks for what is not given; where the data lie, only at a terminal: otherwise in XIANGYUN_HOME,
    or in the PostgreSQL of DATABASE_URL.
    """
    if not address.startswith("https://"):
        raise Failed(Text("网址须以 https:// 开头。", "The address has to begin with https://."))
    if len(password) < _SHORTEST:
        raise Failed(
            Text(
                "密码至少 {least} 个字符。",
                "The password needs {least} characters at least.",
                least=_SHORTEST,
            )
        )
    named = _named(storage or _asked())
    boot()
    from .begin import Beginning, begin  # noqa: PLC0415 (its tables need what was started now)

    begin(Beginning(address, proxy, login, name, office, password, named))


def _asked() -> str:
    """Where the data are to lie, by whoever sits at the terminal or by the environment."""
    usual = os.environ.get("DATABASE_URL") or os.environ.get("XIANGYUN_HOME")
    usual = usual or str(platformdirs.user_data_path("xiangyun"))
    if not sys.stdin.isatty():
        return usual
    words = Text(
        "数据存放处（文件夹，或 postgresql://…）",
        "Where the data lie (a folder, or postgresql://…)",
    )
    answer: str = click.prompt(help_of(words), default=usual)
    return answer


def _named(storage: str) -> dict[str, str]:
    """The variables that name it, from now on in the environment too; the home holds the keys."""
    if storage.startswith(_OWN) or storage == os.environ.get("DATABASE_URL"):
        home = os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun")
        os.environ["DATABASE_URL"] = storage
    else:
        home = storage
        for variable in _VARIABLES:
            os.environ.pop(variable, None)
    os.environ["XIANGYUN_HOME"] = str(Path(home).expanduser().absolute())
    kept = ("XIANGYUN_HOME", *_VARIABLES)
    return {name: value for name in kept if (value := os.environ.get(name))}
