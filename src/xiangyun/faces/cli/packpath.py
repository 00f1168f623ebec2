"""The argument PACK of commands: a folder, or the code of a pack in the folders of packs."""

from __future__ import annotations

from pathlib import Path

import click

from xiangyun.adapters import packs
from xiangyun.kernel.findings import Refused, Text

from .telling import WrongUsage, end_refused


class PackPath(click.ParamType[Path]):
    """A folder that exists; else a code, such as area/name, that a folder of packs holds.

    `files`: whether a file is taken too.
    """

    name = "path"

    def __init__(self, *, files: bool = False) -> None:
        self.files = files

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        path = Path(value)
        if path.is_dir() or (self.files and path.exists()):
            return path
        try:
            known = packs.packs()
        except Refused as refused:
            end_refused(refused)
        if found := known.get(str(value).strip("/")):
            return found
        raise WrongUsage(
            Text(
                "没有“{value}”这个文件夹，也没有这个代码的事项；有：{codes}。",
                "There is no folder and no pack “{value}”; there are: {codes}.",
                value=value,
                codes=list(known),
            )
        )


PACK = PackPath()
PACK_OR_FILE = PackPath(files=True)
