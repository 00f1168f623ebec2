"""`xiangyun`: start what a command needs, then run it."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import click
import django
import platformdirs
from django.core.management import call_command
from django.db import connections

from xiangyun import __version__
from xiangyun.adapters.postgres import database
from xiangyun.faces.cli.commands import COMMANDS


class Commands(click.Group):
    """Lists every command, loads only the one that is called, and boots what that one needs."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        entry = COMMANDS.get(name)
        if entry is None:
            return None
        if context.resilient_parsing or "--help" in sys.argv:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyun.site.settings")
            django.setup()
        elif entry.needs == "database":
            boot(context.with_resource(ExitStack()))
        module, _, attribute = entry.place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def home() -> Path:
    """Where this instance keeps its data."""
    return Path(os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun"))


def boot(stack: ExitStack) -> None:
    """Start the database for as long as `stack` is open, and bring its tables up to date."""
    os.environ["XIANGYUN_HOME"] = str(home())
    stack.enter_context(database(home()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyun.site.settings")
    django.setup()
    stack.callback(connections.close_all)  # before the server is asked whether anybody is left
    call_command("migrate", database="owner", verbosity=0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xiangyun")
def cli() -> None:
    """祥云 Xiangyun: a public service is a folder of files; check it, run it, prove it."""


def main() -> None:
    """The entry of the command line."""
    cli()


if __name__ == "__main__":
    main()
