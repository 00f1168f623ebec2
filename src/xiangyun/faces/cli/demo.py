"""`xiangyun demo`: one application told as a story, then the site."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from xiangyun.kernel.findings import Text

from . import demonstration, serve, story
from .teller import Teller


@click.command()
@click.option("--serve/--no-serve", "serving", default=True, help="Serve the site afterwards.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(serving: bool, port: int) -> None:
    """Set everything up, tell one application from guide to archive, then serve the site."""
    if serving:
        serve.refuse_taken_port("127.0.0.1", port)
    console = Console(highlight=False)
    teller = Teller(console)
    console.print(
        "[bold]祥云 Xiangyun[/]  演示系统，人物与企业均为虚构 · a demonstration; all fictitious"
    )
    teller.heading(Text("准备", "Setting up"))
    with teller.step(Text("装载区划、事项、账号", "Divisions, services, accounts")) as line:
        made = demonstration.prepare()
        line.add(f"区划 {made.divisions} · 账号 {made.accounts} · 事项 {made.services}")
        for code in made.refused:
            line.add(f"未发布 / not published: {code}（xiangyun check packs/{code}）")
    files = story.tell(teller, Path(settings.HOME) / "demo")
    console.print()
    _print_files(console, files)
    if serving:
        _print_accounts(console, port)
        serve.run(port=port)


def _print_files(console: Console, files: list[Path]) -> None:
    console.print("[bold]留下的文件[/]  [dim]What was left for you to look at[/]")
    for file in files:
        console.print(f"  xiangyun verify {_short(file)}", soft_wrap=True)


def _short(file: Path) -> str:
    """The path as one would type it from here."""
    try:
        return str(file.relative_to(Path.cwd()))
    except ValueError:
        return str(file)


def _print_accounts(console: Console, port: int) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("账号 Login", "密码 Password", "姓名 Name", "职责 Role"):
        table.add_column(column)
    for figure in demonstration.FIGURES:
        desks = dict.fromkeys(desk for _, _, desk in figure.mandates)
        role = "、".join(desks) or "群众 citizen"
        table.add_row(figure.login, demonstration.PASSWORD, figure.name, role)
    console.print("\n[bold]登录[/]  [dim]Log in with[/]")
    console.print(table)
    console.print(
        f"\n[bold]http://127.0.0.1:{port}[/]  按 Ctrl-C 停止 · Ctrl-C stops; the data are kept\n"
    )
