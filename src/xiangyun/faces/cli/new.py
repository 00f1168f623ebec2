"""`xiangyun new`: a pack that passes the check at once, from the starter of its kind.

The starters are the studio's: see `domain.studio.starters`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from xiangyun.adapters import packs
from xiangyun.domain.studio.starters import Named, files_of, kinds
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.worktime.office import office_zone

from .folder import read_folder
from .telling import Failed, WrongUsage, end_refused, help_of, tell

AREA = "own"
"""Where a pack goes whose name has no area."""
_PART = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_THING = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
"""A role, a register: its name stands in expressions, and so may have underscores."""
_DEPARTMENT = re.compile(r"^department:[ ]*([a-z_]+)", re.MULTILINE)
_WORDS = re.compile(r"[\w （）()·-]{1,40}")
_KEPT = {"CHANGES.md"}
"""Files of a pack that stay as they are where a second thing is added to it."""


@click.command()
@click.argument("kind", type=click.Choice(kinds()))
@click.argument("name")
@click.option(
    "--zh", default="", help=help_of(Text("中文名称，如 借书证。", "Its Chinese name, as 借书证."))
)
@click.option(
    "--en", default="", help=help_of(Text("英文名称。", "Its English name, as Library card."))
)
@click.option(
    "--in",
    "place",
    type=click.Path(file_okay=False, path_type=Path),
    help=help_of(
        Text(
            "放事项的文件夹；不写时是 XIANGYUN_PACKS 的第一个，没有设置则是当前文件夹。",
            "The folder of packs; else the first of XIANGYUN_PACKS, else the present folder.",
        )
    ),
)
def new(kind: str, name: str, zh: str, en: str, place: Path | None) -> None:
    """Make a KIND called NAME (area/name): files that pass `xiangyun check`, to be changed.

    Where the pack is there already, the new thing is added to it; area/name/part then calls it by
    another name than the pack's.
    """
    named = _named(name, zh, en)
    folder = (place or _own_place()) / named.area / named.name
    named = replace(named, department=_department(folder) or named.department)
    files = files_of(kind, named, _office_day())
    _refuse_existing(folder, files)
    for path, text in files.items():
        target = folder / path
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    _tell(folder, named, sorted(files))


def _office_day() -> date:
    """Today, where the office is."""
    return datetime.now(office_zone()).date()


def _named(name: str, zh: str, en: str) -> Named:
    parts = name.strip("/").split("/")
    wrong = next((part for n, part in enumerate(parts) if not _part_of(n).fullmatch(part)), None)
    if len(parts) > 3 or wrong is not None:
        raise WrongUsage(
            Text(
                "名称“{name}”里的“{wrong}”不行：写 area/name，只用小写字母、数字和连字符，"
                "如 culture/library-card；里面的角色、库等再加一段，可以用下划线，"
                "如 culture/library-card/branch_head。",
                "“{wrong}” in the name “{name}” will not do: write area/name in small letters, "
                "digits and hyphens, such as culture/library-card; a role or register within it "
                "is a third part, which may have underscores: culture/library-card/branch_head.",
                name=name,
                wrong=name if wrong is None else wrong,
            )
        )
    for words in (zh, en):
        if words and not _WORDS.fullmatch(words):
            raise WrongUsage(
                Text(
                    "“{words}”只能有文字、数字、空格、括号和连字符，至多 40 个字。",
                    "“{words}” may hold letters, digits, spaces, brackets and hyphens, 40 at most.",
                    words=words,
                )
            )
    area, called = (AREA, parts[0]) if len(parts) == 1 else parts[:2]
    part = parts[2] if len(parts) == 3 else called
    plain = part.replace("-", " ")
    return Named(area, called, part, zh or plain, en or plain.capitalize())


def _part_of(number: int) -> re.Pattern[str]:
    return _THING if number == 2 else _PART


def _department(folder: Path) -> str:
    """Whose the pack is, where it is there already: what is added to it is theirs too."""
    service = folder / "service.yaml"
    found = _DEPARTMENT.search(service.read_text("utf-8")) if service.is_file() else None
    return found[1] if found else ""


def _own_place() -> Path:
    try:
        own = [place for place in packs.folders() if place != packs.SHIPPED.resolve()]
    except Refused as refused:
        end_refused(refused)
    return own[0] if own else Path()


def _refuse_existing(folder: Path, files: dict[str, str]) -> None:
    there = [path for path in files if (folder / path).exists() and path not in _KEPT]
    if there:
        raise Failed(
            Text(
                "{folder} 里已经有 {files}，没有写任何文件。请换一个名称。",
                "{folder} has {files} already; nothing was written. Choose another name.",
                folder=folder,
                files=there,
            )
        )


def _tell(folder: Path, named: Named, paths: list[str]) -> None:
    tell(Text("已建立 {folder}：", "Made {folder}:", folder=folder), indent="✓ ")
    for path in paths:
        click.echo(f"    {path}")
    errors = [f for f in check_pack(read_folder(folder), named.code) if f.severity == "error"]
    if errors:
        for finding in errors:
            click.echo(f"✗ {finding}", err=True)
        raise SystemExit(1)
    tell(
        Text(
            "已通过检查。接着改里面的内容，每改一处查一次：xiangyun check {folder}。",
            "It passes the check. Now change what is in it, and check after each change: "
            "xiangyun check {folder}.",
            folder=folder,
        ),
        indent="✓ ",
    )
