"""`xiangyun keys`: the keys that the instance signs with, and their rotation."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from xiangyun.adapters.keyring import (
    ALGORITHMS,
    DEVELOPMENT,
    FileKeys,
    rotate,
    trusted_organisations,
)
from xiangyun.adapters.keys import instance_folder
from xiangyun.adapters.token import from_environment
from xiangyun.domain.journal.libcrypto import is_there
from xiangyun.kernel.findings import Refused, Text

from .telling import Failed, end_refused, tell

_SOON = 60  # days


@click.group()
def keys() -> None:
    """The keys that the instance signs with."""


@keys.command("list")
def list_() -> None:
    """Each key with its algorithm and id, what runs out when, and whom one trusts."""
    folder = instance_folder()
    token = from_environment(folder)
    ring = token or FileKeys(folder)
    try:
        for algorithm in ALGORITHMS:
            if algorithm == "SM2SM3" and not is_there():
                continue
            key = ring.signer(algorithm)
            tell(Text("{a}  {id}", "{a}  {id}", a=algorithm, id=key.key_id))
        ring.chain()
        for named, until in FileKeys(folder).expiries():
            _tell_term(named, until)
        for each in trusted_organisations().organisations:
            until_day = each.until.isoformat() if each.until else "—"
            tell(
                Text(
                    "信任 {name}，至 {until}",
                    "Trusted: {name}, until {until}",
                    name=each.name,
                    until=until_day,
                )
            )
    except Refused as problem:
        end_refused(problem)
    if token is None:
        tell(DEVELOPMENT)


def _tell_term(named: str, until: datetime) -> None:
    left = (until - datetime.now(UTC)).days
    said = Text(
        "证书 {named} 至 {until:%Y-%m-%d}",
        "Certificate {named} until {until:%Y-%m-%d}",
        named=named,
        until=until,
    )
    if left < _SOON:
        said = Text(
            "证书 {named} 还有 {left} 天到期：请轮换密钥。",
            "Certificate {named} ends in {left} {left|day|days}: rotate the key.",
            named=named,
            left=left,
        )
    tell(said)


@keys.command("rotate")
@click.argument("algorithm", type=click.Choice(ALGORITHMS))
def rotate_(algorithm: str) -> None:
    """Take a new key for ALGORITHM; what the old one signed stays valid."""
    if from_environment(instance_folder()) is not None and algorithm != "SM2SM3":
        raise Failed(
            Text(
                "密钥在 PKCS#11 令牌中，请用令牌的工具轮换。",
                "The key lies in a PKCS#11 token: rotate it with the tools of the token.",
            )
        )
    try:
        new = rotate(instance_folder(), algorithm)
    except Refused as problem:
        end_refused(problem)
    tell(Text("新的 {a} 密钥：{id}", "The new key of {a}: {id}", a=algorithm, id=new))
