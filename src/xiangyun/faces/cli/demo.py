"""`xiangyun demo`: one application told as a story, then the site."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from xiangyun.domain.datasets import figures
from xiangyun.kernel.findings import Text

from . import demonstration, opendata, provinces, serve, story
from .teller import Teller
from .telling import beside, marked

_FICTITIOUS = Text("演示系统，人物与企业均为虚构", "a demonstration; all fictitious")
_STOPS = Text("按 Ctrl-C 停止，数据保留", "Ctrl-C stops; the data are kept")
_COLUMNS = (
    Text("账号", "Login"),
    Text("密码", "Password"),
    Text("姓名", "Name"),
    Text("职责", "Role"),
)


@click.command()
@click.option("--serve/--no-serve", "serving", default=True, help="Serve the site afterwards.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--two-provinces", is_flag=True, help="File in one province, decide in another.")
def demo(serving: bool, port: int, two_provinces: bool) -> None:
    """Set everything up, tell one application from guide to archive, then serve the site."""
    if two_provinces:
        provinces.tell(Console(highlight=False), port, serving=serving)
        return
    if serving:
        serve.refuse_taken_port("127.0.0.1", port)
        serve.name_address("127.0.0.1", port)
    console = Console(highlight=False)
    teller = Teller(console)
    console.print(f"[bold]祥云 Xiangyun[/]  {marked(_FICTITIOUS)}")
    teller.heading(Text("准备", "Setting up"))
    with teller.step(Text("装载区划、事项、账号", "Divisions, services, accounts")) as line:
        made = demonstration.prepare()
        line.add(
            Text(
                "区划 {divisions} · 账号 {accounts} · 事项 {services}",
                "divisions {divisions} · accounts {accounts} · services {services}",
                divisions=made.divisions,
                accounts=made.accounts,
                services=made.services,
            )
        )
        for code in made.refused:
            line.add(
                Text(
                    "未发布：{code}（xiangyun check packs/{code}）",
                    "not published: {code} (xiangyun check packs/{code})",
                    code=code,
                )
            )
    with teller.step(Text("发布开放数据", "Open data")) as line:
        entries, opened = opendata.open_some()
        line.add(
            Text(
                "目录 {entries} 项 · 数据集 {opened}",
                "{entries} entries in the catalogue · data sets {opened}",
                entries=entries,
                opened=opened,
            )
        )
    files = story.tell(teller, Path(settings.HOME) / "demo")
    console.print()
    _print_files(console, files)
    figures.compute_soon()
    if serving:
        _print_accounts(console, port)
        serve.run(port=port)


def _print_files(console: Console, files: list[Path]) -> None:
    console.print(f"[bold]{marked(Text('留下的文件', 'What was left for you to look at'))}[/]")
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
    for column in _COLUMNS:
        table.add_column(beside(column))
    for figure in demonstration.FIGURES:
        desks = dict.fromkeys(desk for _, _, desk in figure.mandates)
        role = "、".join(desks) or beside(Text("群众", "citizen"))
        table.add_row(figure.login, demonstration.PASSWORD, figure.name, role)
    console.print(f"\n[bold]{marked(Text('登录', 'Log in with'))}[/]")
    console.print(table)
    console.print(f"\n[bold]http://127.0.0.1:{port}[/]  {marked(_STOPS)}\n")
