"""Where packs lie: the shipped folder, and those of XIANGYUN_PACKS (separated as in PATH).

Each folder holds area/name/…, and that path is the code of the pack. The shipped packs stay beside
one's own; no code stands in two folders.
"""

from __future__ import annotations

import os
from pathlib import Path

from xiangyun.kernel.findings import Conflict, Finding, NotFound, Text
from xiangyun.kernel.pack import KIND_FILES

_PACKAGE = Path(__file__).resolve().parent.parent
# In a checkout the packs lie beside src/, in a wheel inside the package.
SHIPPED = next(
    (each for each in (_PACKAGE / "packs", _PACKAGE.parent.parent / "packs") if each.is_dir()),
    _PACKAGE / "packs",
)


def folders() -> tuple[Path, ...]:
    """The shipped folder, then one's own. Raises `NotFound` for one that does not exist."""
    named = os.environ.get("XIANGYUN_PACKS", "").split(os.pathsep)
    own = [Path(each).expanduser() for each in named if each.strip()]
    missing = [_absent(each) for each in own if not each.is_dir()]
    if missing:
        raise NotFound(missing)
    return tuple(dict.fromkeys(each.resolve() for each in (SHIPPED, *own)))


def packs() -> dict[str, Path]:
    """Every pack by its code, in the order of the codes.

    Raises `Conflict` where two folders hold one code: nobody could say which is meant.
    """
    found: dict[str, Path] = {}
    twice = []
    for place in folders():
        for folder in filter(is_pack, sorted(place.glob("*/*"))):
            code = folder.relative_to(place).as_posix()
            if code in found:
                twice.append(_twice(code, found[code], folder))
            found.setdefault(code, folder)
    if twice:
        raise Conflict(twice)
    return dict(sorted(found.items()))


def is_pack(folder: Path) -> bool:
    """Whether the file of a kind stands in the folder."""
    return folder.is_dir() and any(any(folder.glob(name)) for name in KIND_FILES)


def code_of(folder: Path) -> str:
    """area/name: the path below a folder of packs, or the last two folders elsewhere."""
    whole = folder.resolve()
    place = place_of(whole)
    return whole.relative_to(place).as_posix() if place else f"{whole.parent.name}/{whole.name}"


def place_of(folder: Path) -> Path | None:
    """The folder of packs that a pack lies in; None for one that lies elsewhere."""
    whole = folder.resolve()
    return next((place for place in folders() if place in whole.parents), None)


def _absent(folder: Path) -> Finding:
    return Finding(
        "packs.E001",
        "error",
        Text(
            "XIANGYUN_PACKS 里的文件夹 {folder} 不存在。",
            "The folder {folder} of XIANGYUN_PACKS does not exist.",
            folder=folder,
        ),
        hint=Text(
            "请建立它，或者改正设置；几个文件夹之间用“{sign}”隔开。",
            "Make it, or correct the setting; several folders are separated by “{sign}”.",
            sign=os.pathsep,
        ),
    )


def _twice(code: str, first: Path, second: Path) -> Finding:
    return Finding(
        "packs.E002",
        "error",
        Text(
            "代码 {code} 有两个事项文件夹：{first} 和 {second}。",
            "The code {code} stands in two folders: {first} and {second}.",
            code=code,
            first=first,
            second=second,
        ),
        hint=Text(
            "请给其中一个改名；文件夹的路径就是代码。",
            "Rename one of them: the path of the folder is the code.",
        ),
    )
