"""What the machine tells: disk, keys in files or a token, settings, versions."""

from __future__ import annotations

import os
import platform
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings

from xiangyun.adapters import outages
from xiangyun.adapters.keyring import DEVELOPMENT, FileKeys, trusted_organisations
from xiangyun.adapters.keys import instance_folder
from xiangyun.domain.journal import libcrypto
from xiangyun.kernel.findings import Text

from .values import Gauge, Reading, days_left

Look = Callable[[datetime], Iterator[Reading]]

SPARE = 256 * 1024 * 1024
"""Bytes without which PostgreSQL soon cannot write any more."""
_TIGHT = 8 * SPARE


def _disk(now: datetime) -> Iterator[Reading]:
    free = outages.free_bytes()
    yield Reading(
        "disk.free",
        "disk",
        Text("可用空间", "Free"),
        Text("{mb} MB", "{mb} MB", mb=free // 1048576),
        "bad" if free < SPARE else "look" if free < _TIGHT else "good",
        Text("请腾出空间，或换更大的磁盘。", "Make room, or take a larger disk."),
        (Gauge("disk_free_bytes", free),),
    )


def _keys(now: datetime) -> Iterator[Reading]:
    folder = instance_folder()
    in_files = not os.environ.get("XIANGYUN_PKCS11")
    yield Reading(
        "keys.kept",
        "keys",
        Text("签名私钥", "Private signing keys"),
        Text("在文件中", "in files") if in_files else Text("在令牌中", "in a token"),
        "look" if in_files and not settings.DEMONSTRATION else "good",
        DEVELOPMENT,
    )
    open_to_others = sorted(
        each.name for each in _private(folder) if os.name == "posix" and each.stat().st_mode & 0o077
    )
    yield Reading(
        "keys.rights",
        "keys",
        Text("私钥文件的权限", "Rights of private key files"),
        Text("其他用户可读：{names}", "others can read {names}", names=open_to_others)
        if open_to_others
        else Text("仅限属主", "their owner only"),
        "bad" if open_to_others else "good",
        Text("请对这些文件执行 chmod 600。", "Do chmod 600 on these files."),
    )
    for named, until in FileKeys(folder).expiries():
        yield _term(f"keys.certificate.{named}", named, (until - now).days)
    for each in trusted_organisations().organisations:
        if each.until:
            yield _term(
                f"keys.trusted.{each.name.zh}", each.name.zh, (each.until - now.date()).days
            )


def _private(folder: Path) -> list[Path]:
    found = [*folder.glob("signing*.pem"), *folder.glob("root-*.pem"), *folder.glob("*.key")]
    secret = folder.parent / "secret-key"
    return [*found, *([secret] if secret.exists() else [])]


def _term(ident: str, named: str, days: int) -> Reading:
    return days_left(
        ident,
        Text.given(named, named),
        days,
        of=named,
        hint=Text(
            "请轮换：xiangyun keys rotate；信任名单请换成新的。",
            "Rotate it with xiangyun keys rotate; of a trust list take the new one.",
        ),
    )


def _settings(now: datetime) -> Iterator[Reading]:
    yield Reading(
        "settings.kind",
        "settings",
        Text("实例", "Instance"),
        Text("演示", "demonstration") if settings.DEMONSTRATION else Text("正式", "in earnest"),
    )
    secure = settings.PUBLIC_URL.startswith("https://")
    yield Reading(
        "settings.address",
        "settings",
        Text("对外地址", "Public address"),
        Text.given(settings.PUBLIC_URL, settings.PUBLIC_URL),
        "good" if secure or settings.DEMONSTRATION else "look",
        Text(
            "正式实例应使用 https：请设 XIANGYUN_PUBLIC_URL。",
            "In earnest it is https: set XIANGYUN_PUBLIC_URL.",
        ),
    )
    if settings.DEBUG:
        yield Reading(
            "settings.debug",
            "settings",
            Text("调试", "Debugging"),
            Text("已打开", "on"),
            "bad",
            Text(
                "请去掉 XIANGYUN_DEBUG：错误页会泄露内容。",
                "Take XIANGYUN_DEBUG away: pages of errors tell what they should not.",
            ),
        )


def _versions(now: datetime) -> Iterator[Reading]:
    found = {
        "xiangyun": version("xiangyun"),
        "python": platform.python_version(),
        "django": django.get_version(),
        "openssl": ssl.OPENSSL_VERSION.removeprefix("OpenSSL ").split()[0],
    }
    names = {"xiangyun": "Xiangyun", "python": "Python", "django": "Django", "openssl": "OpenSSL"}
    for name, said in found.items():
        yield Reading(
            f"versions.{name}",
            "versions",
            Text.given(names[name], names[name]),
            Text.given(said, said),
            gauges=(Gauge(f"{name}_info", 1, {"version": said}),),
        )
    sm2 = libcrypto.is_there()
    yield Reading(
        "versions.sm2",
        "versions",
        Text("国密算法（SM2、SM3）", "SM2 and SM3"),
        Text("有", "there") if sm2 else Text("没有", "not there"),
        "good" if sm2 else "look",
        Text(
            "需要 OpenSSL 3 的 libcrypto，否则不能签 OFD。",
            "It takes libcrypto of OpenSSL 3; without it no OFD is signed.",
        ),
    )


LOOKS: tuple[Look, ...] = (_disk, _keys, _settings, _versions)
