"""The making of a real instance, once its database runs; `init` asks for what it needs."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.divisions import actions as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.staff import people
from xiangyun.kernel.findings import Text

from .telling import Failed, tell

PROVINCE = 220000000000


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a real instance begins with: its address, the proxy before it, who administers it.

    `storage`: the variables that say where the data lie, as the settings of the unit have them.
    """

    address: str
    proxy: str
    login: str
    name: str
    office: str
    password: str
    storage: dict[str, str]


def begin(given: Beginning) -> None:
    """Load the divisions, make the keys, the settings and the first administrator.

    Raises Failed where the instance has accounts already.
    """
    if queries.any_account():
        raise Failed(
            Text(
                "这个实例已有账号，不再初始化。",
                "This instance has accounts already: it is not begun anew.",
            )
        )
    places = divisions.load_divisions()
    with acting_as(SYSTEM):
        parties.load_departments()
    key = signer().key_id
    account = accounts.open_account(
        login=given.login,
        password=given.password,
        name=given.name,
        kind="official",
        fictitious=False,
    )
    people.join(account.pk, PROVINCE, "", given.office, timezone.now())
    for role in ("administrator", "publisher", "supervisor", "operator"):
        accounts.give_mandate(account, role=role, division=PROVINCE, desk=given.office)
    file = Path(settings.HOME) / "xiangyun.env"
    _write_settings(file, given)
    with acting_as(SYSTEM):
        journal.record(
            journal.entry_of(
                verb="instance.begun",
                subject="instance",
                division=PROVINCE,
                owner=None,
                actor=None,
                actor_name="",
                desk=given.office,
                at=timezone.now(),
                data={"key": key},
                private={"login": given.login},
            )
        )
    tell(
        Text(
            "区划 {places} · 管理员 {login} · 签名密钥 {key}",
            "divisions {places} · administrator {login} · signing key {key}",
            places=places,
            login=given.login,
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


def _write_settings(file: Path, given: Beginning) -> None:
    """What the service unit reads; readable by its owner only."""
    host = given.address.removeprefix("https://").split("/")[0]
    lines = {
        **given.storage,
        "XIANGYUN_PUBLIC_URL": given.address.rstrip("/"),
        "XIANGYUN_HOSTS": host.partition(":")[0],
        "XIANGYUN_ORIGINS": f"https://{host}",
        "XIANGYUN_PROXY": given.proxy,
        "XIANGYUN_SECRET_KEY": secrets.token_urlsafe(64),
    }
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.writelines(f"{name}={value}\n" for name, value in lines.items())
