"""`xiangyun exchange`: other organisations with their keys, and messages that got stuck."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM
from xiangyun.domain.exchange import actions, folders, partners, queries, sending
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.findings import Refused, Text

from .telling import WrongUsage, end_refused, tell

_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def exchange() -> None:
    """Other organisations and their keys; messages to them and from them, and what got stuck."""


@exchange.command("partner")
@click.argument("organisation")
@click.option("--name", help="Its name.")
@click.option("--address", help="https://… or the path of a folder; empty takes it away.")
@click.option("--signs/--signs-not", "signs", default=None, help="Whether it signs its answers.")
def partner(organisation: str, name: str | None, address: str | None, signs: bool | None) -> None:
    """Enter ORGANISATION by its code, or change what is said of it."""
    try:
        found = partners.enter_partner(
            organisation,
            name=name,
            address=address,
            signs_answers=signs,
            actor=SYSTEM,
            at=timezone.now(),
        )
    except Refused as refused:
        end_refused(refused)
    tell(
        Text(
            "已登记 {code}：{address}。",
            "Entered {code}: {address}.",
            code=found.organisation,
            address=found.address or Text("没有地址", "no address"),
        )
    )


@exchange.command("key")
@click.argument("organisation")
@click.argument("file", type=_FILE)
@click.option("--from", "first", type=_MOMENT, help="Since when it is good; now, if left out.")
@click.option("--until", "last", type=_MOMENT, help="Until when it is good.")
def key(organisation: str, file: Path, first: datetime | None, last: datetime | None) -> None:
    """Enter the public key of ORGANISATION from a PEM file."""
    try:
        made = partners.enter_key(
            organisation,
            file.read_text("utf-8", "replace"),
            first=_aware(first),
            last=_aware(last),
            actor=SYSTEM,
            at=timezone.now(),
        )
    except Refused as refused:
        end_refused(refused)
    tell(Text("已登记密钥 {key}。", "The key {key} is entered.", key=made.key_id))


def _aware(given: datetime | None) -> datetime | None:
    if given is None or given.tzinfo is not None:
        return given
    return timezone.make_aware(given)


@exchange.command("revoke")
@click.argument("key_id")
@click.option("--why", default="", help="The reason, for the journal.")
def revoke(key_id: str, why: str) -> None:
    """A key is good no more, from now on."""
    try:
        partners.revoke_key(key_id, why, actor=SYSTEM, at=timezone.now())
    except Refused as refused:
        end_refused(refused)
    tell(Text("已撤销密钥 {key}。", "The key {key} is revoked.", key=key_id))


@exchange.command("own-key")
def own_key() -> None:
    """Print the public key of this instance, to be given to partners."""
    click.echo(signer().public_key_pem.strip())


@exchange.command("partners")
def listed() -> None:
    """List the organisations that are entered, with their keys."""
    for each in queries.partners():
        click.echo(f"{each.organisation}  {each.name or '—'}  {each.address or '—'}")
        for one in each.keys.all():
            until = one.revoked_at or one.last
            click.echo(f"  {one.key_id}  {until.isoformat() if until else '—'}")


@exchange.command("stuck")
def stuck() -> None:
    """List messages that were not delivered, or came and could not be dealt with."""
    found = [queries.shown(row) for row in queries.dead()]
    came = [queries.shown_incoming(row) for row in queries.stuck()]
    for each in (*found, *came):
        click.echo(f"{each.id}  {each.organisation}  {each.what}")
        if each.problem is not None:
            tell(each.problem, indent="  ")
    if not found and not came:
        tell(Text("没有停下来的报文。", "No message is stuck."))
    raise SystemExit(1 if found or came else 0)


@exchange.command("resend")
@click.argument("message")
def resend(message: str) -> None:
    """Send a dead letter again, or all of them: MESSAGE is its number, or `all`."""
    now = timezone.now()
    numbers = [row.pk for row in queries.dead()] if message == "all" else [_number(message)]
    try:
        for number in numbers:
            actions.resend(number, actor=SYSTEM, at=now)
    except Refused as refused:
        end_refused(refused)
    tell(Text("重发 {n} 条。", "{n} sent again.", n=len(numbers)))


@exchange.command("drop")
@click.argument("message")
def drop(message: str) -> None:
    """Give a dead letter up; its case still waits for an answer."""
    try:
        actions.drop(_number(message), actor=SYSTEM, at=timezone.now())
    except Refused as refused:
        end_refused(refused)
    tell(Text("不再发送。", "Given up."))


@exchange.command("collect")
def collect() -> None:
    """Deal now with what partners put into folders; the worker does it every minute."""
    now = timezone.now()
    count = folders.collect(now)
    sending.sweep(now)
    tell(Text("处理了 {n} 个文件。", "{n} files were dealt with.", n=count))


def _number(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise WrongUsage(
            Text("“{it}”不是报文编号。", "“{it}” is no number of a message.", it=written)
        ) from None
