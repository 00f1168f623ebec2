"""`xiangyun token`: a key to the interface for one account."""

from __future__ import annotations

import click
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import acting_as
from xiangyun.kernel.findings import Text

from .telling import Failed


@click.command()
@click.argument("login")
@click.option("--label", default="command line", help="What the token is for.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650))
def token(login: str, label: str, days: int) -> None:
    """Issue a token for the account LOGIN and print it, once: only its digest is kept."""
    actor = queries.actor_by_login(login)
    if actor is None:
        raise Failed(
            Text(
                "没有账号 {login}，请核对登录名。",
                "There is no account {login}; check the login name.",
                login=login,
            )
        )
    with acting_as(actor):
        click.echo(accounts.issue_token(actor, label=label, at=timezone.now(), days=days))
