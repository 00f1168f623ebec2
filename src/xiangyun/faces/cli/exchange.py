"""`xiangyun exchange`: other organisations with their keys, and messages that got stuck."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from xiangyun.adapters.keys import instance_folder, trusted_keys
from xiangyun.domain.accounts.access import SYSTEM
from xiangyun.domain.exchange import actions, folders, partners, proving, queries, sending
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.journal.signatures import key_id
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
@click.option("--address", help="https://…, a folder or mailto:…; empty takes it away.")
@click.option("--signs/--signs-not", "signs", default=None, help="Whether it signs its answers.")
@click.option(
    "--certifies/--certifies-not",
    "certifies",
    default=None,
    help="Whether its certificates are valid here, too.",
)
@click.option(
    "--bundles/--bundles-not",
    "bundles",
    default=None,
    help="Whether it takes many messages in one request.",
)
def partner(
    organisation: str,
    name: str | None,
    address: str | None,
    signs: bool | None,
    certifies: bool | None,
    bundles: bool | None,
) -> None:
    """Enter ORGANISATION by its code, or change what is said of it."""
    try:
        found = partners.enter_partner(
            organisation,
            name=name,
            address=address,
            signs_answers=signs,
            certifies=certifies,
            bundles=bundles,
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


@exchange.command("prove")
@click.argument("message")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the proof in this file; check-proof needs nothing else but the two public keys.",
)
def prove(message: str, out: Path | None) -> None:
    """Prove from this journal what was sent, when and by which rule: MESSAGE is its number."""
    try:
        document = proving.prove(message, timezone.now())
    except Refused as refused:
        end_refused(refused)
    if out is not None:
        out.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    theirs = {key.key_id: key.pem for each in queries.partners() for key in each.keys.all()}
    _tell_proven(document, trusted_keys(instance_folder()), theirs)


@exchange.command("check-proof")
@click.argument("file", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="The public key of whose journal it is.")
@click.option("--their-key", required=True, type=_FILE, help="The public key of the other side.")
def check_proof(file: Path, key: Path, their_key: Path) -> None:
    """Check a proof that `prove` has made, against two public keys (PEM), with no database."""
    try:
        document = json.loads(file.read_text("utf-8"))
        pems = [each.read_text("utf-8") for each in (key, their_key)]
        ours, theirs = ({key_id(pem): pem} for pem in pems)
        if document["format"] != proving.FORMAT:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise WrongUsage(
            Text("这不是报文证明或者公钥。", "This is no proof of a message, or no public key.")
        ) from None
    _tell_proven(document, ours, theirs)


def _tell_proven(
    document: Mapping[str, Any], ours: Mapping[str, str], theirs: Mapping[str, str]
) -> None:
    found = list(proving.check(document, ours, theirs))
    for each in found:
        click.echo(f"{each.at}  {each.verb}  {each.organisation}  {each.sha256}")
        if each.rule:
            tell(Text("依据：{rule}", "By: {rule}", rule=each.rule), indent="  ")
        if each.their_leaf:
            named = Text("对方日志：{leaf}", "Their leaf: {leaf}", leaf=each.their_leaf)
            tell(named, indent="  ")
        tell(_JOURNAL[each.in_journal], indent="  ")
        if each.by_them is not None:
            tell(_SIGNED[each.by_them], indent="  ")
    signed = [each.by_them for each in found if each.by_them is not None]
    proven = all(each.in_journal for each in found) and bool(signed) and all(signed)
    raise SystemExit(0 if proven else 1)


_JOURNAL = {
    True: Text("在签名的日志树里。", "It stands in the signed tree of the journal."),
    False: Text("不在可信的日志树里。", "It stands in no tree that is trusted."),
}
_SIGNED = {
    True: Text("对方的签名成立。", "The other side’s signature holds."),
    False: Text("对方的签名不成立。", "The other side’s signature does not hold."),
}


def _number(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise WrongUsage(
            Text("“{it}”不是报文编号。", "“{it}” is no number of a message.", it=written)
        ) from None
