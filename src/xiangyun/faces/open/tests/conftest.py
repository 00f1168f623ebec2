"""An instance with open data: figures of a year, a release of companies, the catalogue."""

from __future__ import annotations

import pytest
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.datasets import actions, figures, listing
from xiangyun.faces.cli.demonstration import PASSWORD

DATASETS = ("companies-by-county", "company-register")


def steward(login: str) -> Actor:
    with acting_as(SYSTEM):
        account = accounts.open_account(
            login=login, password=PASSWORD, name=f"样{login}", kind="official",
            division=220000000000,
        )  # fmt: skip
        accounts.give_mandate(
            account, role="data_steward", division=220000000000, desk="数据局（演示）"
        )
    found = queries.actor_by_login(login)
    assert found is not None
    return found


@pytest.fixture
def published(demonstration: None) -> None:
    """Two data sets, each built by one and published by another."""
    now = timezone.now()
    figures.compute(timezone.localdate(now), at=now)
    one, other = steward("shujuyi"), steward("shujuer")
    for code in DATASETS:
        actions.build_release(code, actor=one, at=now, on=timezone.localdate(now))
        actions.publish(code, actor=other, at=now)
    listing.relist_all()
