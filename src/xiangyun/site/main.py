"""`xiangyun`: start what a command needs, then run it.

Only click is loaded before the command is known; a command that needs no database never loads
Django (see docs/benchmarks/tools.md).
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import ExitStack
from functools import partial
from importlib import import_module

import click

from xiangyun import __version__
from xiangyun.faces.cli.commands import COMMANDS
from xiangyun.kernel.findings import Refused, Text
from xiangyun.site.kernelwide import set_from

_START = "xiangyun.site.start"
FULL = Text(
    "磁盘已满，命令没有完成。请腾出空间（df -h 查看），再运行一次。",
    "The disk is full: the command is not done. Make room (df -h shows where), then run it again.",
)


class Commands(click.Group):
    """Lists every command, loads only the one that is called, and boots what that one needs."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        entry = COMMANDS.get(name)
        if entry is None:
            return None
        given = {word.partition("=")[0] for word in sys.argv}
        if entry.needs == "database" or given & set(entry.database_for):
            if context.resilient_parsing or {"--help", "-h"} & set(sys.argv):
                import_module(_START).describe()
            else:
                _boot(context)
        elif entry.needs == "database when it asks":
            context.obj = partial(_boot, context)
        return _loaded(entry.place)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def _boot(context: click.Context) -> None:
    """Start what a command of the platform stands on, until the command ends."""
    try:
        import_module(_START).boot(context.with_resource(ExitStack()))
    except Refused as refused:
        from xiangyun.faces.cli.telling import end_refused  # noqa: PLC0415 (see above)

        end_refused(refused)


def _loaded(place: str) -> click.Command:
    """The command at module:attribute.

    What modules define lives as long as the process: the collector neither runs while they are
    loaded nor looks at them afterwards, which is a tenth of the time of a short command.
    """
    module, _, attribute = place.partition(":")
    gc.disable()
    try:
        command: click.Command = getattr(import_module(module), attribute)
    finally:
        gc.enable()
    gc.freeze()
    return command


def _read_in(context: click.Context, option: click.Parameter, names: str | None) -> None:
    if names:
        from xiangyun.faces.cli import telling  # noqa: PLC0415 (a bare --help needs none of it)

        os.environ["XIANGYUN_LANGUAGE"] = names  # for the processes that this one starts
        telling.read_in(names)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xiangyun")
@click.option(
    "--language",
    metavar="TAGS",
    is_eager=True,
    expose_value=False,
    callback=_read_in,
    help="zh-Hans, en or another language there is; several with commas.",
)
def cli() -> None:
    """祥云 Xiangyun: a public service is a folder of files; check it, run it, prove it."""


def main() -> None:
    """The entry of the command line."""
    set_from(os.environ)
    try:
        cli()
    except Exception as problem:
        # Only what failed needs them.
        from xiangyun.adapters.outages import is_full  # noqa: PLC0415
        from xiangyun.faces.cli.telling import tell  # noqa: PLC0415 (the same)

        if not is_full(problem):
            raise
        tell(FULL, err=True, indent="✗ ")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
