"""`xiangyun init`: a real instance, with its keys, its address and its first administrator."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.divisions import actions as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.parties import actions as parties
from xiangyun.kernel.findings import Text

from .telling import Failed, help_of, tell

PROVINCE = 220000000000
_SHORTEST = 12  # characters of the administrator's password


@click.command()
@click.option(
    "--address",
    prompt=help_of(Text("网址（https://…）", "Address (https://…)")),
    help="Where the site is found.",
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
def init(address: str, login: str, name: str, office: str, password: str) -> None:
    """Make a real instance: divisions, keys, settings, the first administrator. Nothing fictitious.

    Where the data lie is said before: XIANGYUN_HOME, and DATABASE_URL for your own PostgreSQL.
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
    if queries.any_account():
        raise Failed(
            Text(
                "这个实例已有账号，不再初始化。",
                "This instance has accounts already: it is not begun anew.",
            )
        )
    home = Path(settings.HOME)
    places = divisions.load_divisions()
    with acting_as(SYSTEM):
        parties.load_departments()
    key = signer().key_id
    account = accounts.open_account(
        login=login, password=password, name=name, kind="official", fictitious=False
    )
    for role in ("publisher", "supervisor"):
        accounts.give_mandate(account, role=role, division=PROVINCE, desk=office)
    file = home / "xiangyun.env"
    _write_settings(file, address)
    with acting_as(SYSTEM):
        journal.record(
            journal.entry_of(
                verb="instance.begun",
                subject="instance",
                division=PROVINCE,
                owner=None,
                actor=None,
                actor_name="",
                desk=office,
                at=timezone.now(),
                data={"key": key},
                private={"login": login},
            )
        )
    tell(
        Text(
            "区划 {places} · 管理员 {login} · 签名密钥 {key}",
            "divisions {places} · administrator {login} · signing key {key}",
            places=places,
            login=login,
            key=key,
        )
    )
    tell(Text("设置：{file}", "Settings: {file}", file=str(file)))
    tell(
        Text(
            "请另处保存 keys/，再发布事项：xiangyun publish FOLDER",
            "Keep keys/ in another place, then publish services: xiangyun publish FOLDER",
        )
    )


def _write_settings(file: Path, address: str) -> None:
    """What the service unit reads; readable by its owner only."""
    host = address.removeprefix("https://").split("/")[0]
    lines = {
        "XIANGYUN_HOME": str(file.parent),
        "XIANGYUN_PUBLIC_URL": address.rstrip("/"),
        "XIANGYUN_HOSTS": host.partition(":")[0],
        "XIANGYUN_ORIGINS": f"https://{host}",
        "XIANGYUN_SECRET_KEY": secrets.token_urlsafe(64),
        **{k: v for k in ("DATABASE_URL", "XIANGYUN_OWNER_URL") if (v := _given(k))},
    }
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.writelines(f"{name}={value}\n" for name, value in lines.items())


def _given(name: str) -> str:
    """An address of one's own server; that of the embedded one is found at each start."""
    value = os.environ.get(name, "")
    return "" if "requirepeer" in value else value
