"""The address of the site that its letters, QR codes and interfaces name."""

from __future__ import annotations

import os
from pathlib import Path

SAID = "XIANGYUN_PUBLIC_URL"
"""The environment's variable that says it."""
_UNSAID = "http://127.0.0.1:8000"


def public_url(home: Path) -> str:
    """As it is said; else where this machine served the instance last; else the default port."""
    if said := os.environ.get(SAID):
        return said
    try:
        return _file(home).read_text("utf-8").strip() or _UNSAID
    except FileNotFoundError:
        return _UNSAID


def remembered(home: Path, host: str, port: int) -> str:
    """The address of a server on this machine alone; commands beside it name the same."""
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    home.mkdir(parents=True, exist_ok=True)
    _file(home).write_text(f"{url}\n", "utf-8")
    return url


def _file(home: Path) -> Path:
    return home / "address"
