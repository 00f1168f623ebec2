"""`xiangyun account`: the people of the offices and their accounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.roles import full_words
from xiangyun.domain.authentication import queries as authentication
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.staff import people, queries, sheets
from xiangyun.domain.staff.queries import Person
from xiangyun.kernel.findings import Refused, Text

from .telling import Failed, beside, end_refused, tell

T = TypeVar("T")
BY = click.option("--by", metavar="LOGIN", help="The administrator who does it; else the platform.")
_REASON = click.option("--reason", required=True, help="Why; it stands in the journal.")


def acting(by: str | None, verb: Callable[[Actor], T]) -> T:
    """Do something as an administrator or as the platform, whole or not at all."""
    actor = SYSTEM if by is None else accounts.actor_by_login(by)
    if actor is None:
        raise Failed(Text("没有账号 {by}。", "There is no account {by}.", by=by))
    try:
        with transaction.atomic(), acting_as(actor):
            return verb(actor)
    except Refused as refused:
        end_refused(refused, Text("没有任何改动。", "Nothing was changed."))


@click.group()
def account() -> None:
    """Open, list, lock and unlock accounts; passwords and second factors that were lost."""


@account.command()
@click.argument("login")
@click.option("--name", required=True, help="The name as records show it.")
@click.option("--division", required=True, help="Where the office is: a code, or its first digits.")
@click.option("--office", required=True, help="The office's name as records show it.")
@click.option("--department", default="", help="The office's department; none: all of them.")
@click.option("--mobile", default="", help="The telephone.")
@click.option("--password", default="", help="Left out, one is made and printed once.")
@BY
def add(
    login: str,
    name: str,
    division: str,
    office: str,
    department: str,
    mobile: str,
    password: str,
    by: str | None,
) -> None:
    """Open an official's account with the login LOGIN; mandates are given by `mandate`."""
    opened = acting(
        by,
        lambda actor: people.open_account(
            actor,
            login=login,
            name=name,
            division=division,
            office=office,
            department=department,
            mobile=mobile,
            password=password,
            at=timezone.now(),
        ),
    )
    tell(Text("✓ 已开通 {login}。", "✓ {login} is open.", login=opened.login))
    if not password:
        tell(_password(opened.password))


@account.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@BY
def import_(file: Path, by: str | None) -> None:
    """Open an account for each line of FILE, all or none; print those passwords that were made.

    Columns: login,name,division,department,office,mobile,password.
    """
    text = read_text(file)
    done = acting(
        by, lambda actor: sheets.open_accounts(actor, text, at=timezone.now(), name=str(file))
    )
    for opened in done.opened:
        click.echo(f"{opened.login},{opened.password}")
    tell(Text("✓ 开通 {n} 个账户。", "✓ {n} {n|account|accounts} opened.", n=done.lines), err=True)


@account.command("list")
@click.argument("words", default="")
@click.option("--csv", "as_csv", is_flag=True, help="As `import` reads it, without passwords.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@BY
def list_(words: str, as_csv: bool, as_json: bool, by: str | None) -> None:
    """List the officials, or those whose name or login holds WORDS."""
    if as_csv:
        click.echo(acting(by, sheets.people_out), nl=False)
        return
    found = acting(by, lambda actor: queries.people(actor, words))
    if as_json:
        click.echo(json.dumps([as_json_(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        locked = "" if one.staffer.active else beside(_LOCKED)
        click.echo(f"{one.staffer.login}  {one.staffer.name}  {one.office}  {locked}".rstrip())


@account.command()
@click.argument("login")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@BY
def show(login: str, as_json: bool, by: str | None) -> None:
    """Show the account LOGIN: office, mandates, deputies, second factors."""
    one = acting(by, lambda actor: queries.by_login(actor, login))
    with acting_as(SYSTEM):
        factors = authentication.factors(one.account)
    if as_json:
        shown = as_json_(one) | {"factors": factors.many, "recovery_codes": factors.codes_left}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    state = "" if one.staffer.active else beside(_LOCKED)
    click.echo(f"{one.staffer.login}  {one.staffer.name}  {one.office}  {state}".rstrip())
    with acting_as(SYSTEM):
        known = catalogue.roles()
    for mandate in one.staffer.mandates:
        days = f"{mandate.from_on or ''} – {mandate.to_on or ''}"
        words = beside(full_words(mandate.role, known))
        click.echo(f"  {mandate.role}  {words}  {mandate.division_id}  {mandate.desk}  {days}")
    for each in one.staffer.deputies:
        tell(
            Text(
                "{from_on} 至 {to_on} 由 {name} 代理。",
                "{name} stands in from {from_on} to {to_on}.",
                name=each.deputy.name,
                from_on=each.from_on,
                to_on=each.to_on,
            ),
            indent="  ",
        )
    tell(
        Text(
            "第二重验证 {many} 种，恢复码剩 {codes} 个。",
            "Second factors: {many}; recovery codes left: {codes}.",
            many=factors.many,
            codes=factors.codes_left,
        ),
        indent="  ",
    )


@account.command()
@click.argument("login")
@_REASON
@BY
def lock(login: str, reason: str, by: str | None) -> None:
    """Lock the account LOGIN: nobody logs in with it, its open log-ins end."""
    acting(
        by,
        lambda actor: people.lock(
            actor, queries.by_login(actor, login).account, reason=reason, at=timezone.now()
        ),
    )
    tell(Text("✓ 已停用 {login}。", "✓ {login} is locked.", login=login))


@account.command()
@click.argument("login")
@_REASON
@BY
def unlock(login: str, reason: str, by: str | None) -> None:
    """Let the account LOGIN be used again."""
    acting(
        by,
        lambda actor: people.unlock(
            actor, queries.by_login(actor, login).account, reason=reason, at=timezone.now()
        ),
    )
    tell(Text("✓ 已恢复 {login}。", "✓ {login} may be used again.", login=login))


@account.command("set-password")
@click.argument("login")
@click.option("--password", default="", help="Left out, one is made and printed once.")
@BY
def set_password(login: str, password: str, by: str | None) -> None:
    """Give the account LOGIN a new password; its open log-ins end."""
    given = acting(
        by,
        lambda actor: people.set_password(
            actor,
            queries.by_login(actor, login).account,
            password=password,
            at=timezone.now(),
        ),
    )
    tell(Text("✓ 已重设 {login} 的密码。", "✓ {login} has a new password.", login=login))
    if not password:
        tell(_password(given))


@account.command("second-factor")
@click.argument("login")
@click.option("--reset", is_flag=True, required=True, help="Take all second factors away.")
@_REASON
@BY
def second_factor(login: str, reset: bool, reason: str, by: str | None) -> None:
    """Take the second factors from the account LOGIN, whose owner lost them."""
    before = acting(
        by,
        lambda actor: people.reset_second_factor(
            actor, queries.by_login(actor, login).account, reason=reason, at=timezone.now()
        ),
    )
    tell(
        Text(
            "✓ 已取消 {login} 的 {n} 种第二重验证，下次登录时重新添加。",
            "✓ {n} second {n|factor|factors} of {login} taken away.",
            login=login,
            n=before,
        )
    )


def read_text(file: Path) -> str:
    """A file of UTF-8. Ends the command where it is none."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Failed(
            Text(
                "{file} 不是 UTF-8 文本，请另存为 UTF-8。",
                "{file} is no UTF-8 text: save it as UTF-8.",
                file=str(file),
            )
        ) from None


def as_json_(one: Person) -> dict[str, object]:
    """A person as commands print it."""
    return {
        "login": one.staffer.login,
        "name": one.staffer.name,
        "kind": one.staffer.kind,
        "active": one.staffer.active,
        "office": one.office,
        "department": one.department,
        "division": one.division,
        "mandates": [
            {
                "id": each.pk,
                "role": each.role,
                "division": each.division_id,
                "office": each.desk,
                "from": each.from_on and each.from_on.isoformat(),
                "to": each.to_on and each.to_on.isoformat(),
            }
            for each in one.staffer.mandates
        ],
    }


def _password(password: str) -> Text:
    return Text(
        "密码（只显示这一次）：{password}",
        "Password, shown this once: {password}",
        password=password,
    )


_LOCKED = Text("已停用", "locked")
