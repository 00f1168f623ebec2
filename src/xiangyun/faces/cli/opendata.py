"""Open data of the demonstration: a catalogue, a data set of figures, and one of rows."""

from __future__ import annotations

from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.datasets import actions, figures, listing, releases
from xiangyun.kernel.findings import Refused

from .demonstration import FIGURES

_ROLE = "data_steward"
_FIGURES = ("companies",)
_OPENED = ("companies-by-county", "company-register")


def open_some() -> tuple[int, list[str]]:
    """Build and publish by four eyes what is not published yet, and list the catalogue.

    The number of its entries, and which data sets are out.
    """
    now = timezone.now()
    on = timezone.localdate(now)
    one, other, *_ = [*stewards(), None, None]
    opened = list[str]()
    if one is not None and other is not None:
        for id_ in _FIGURES:
            figures.compute(on, at=now, only=id_)
        for code in _OPENED:
            if actions.last_published(code) is None:
                try:
                    actions.build_release(code, actor=one, at=now, on=on)
                    actions.publish(code, actor=other, at=now)
                except Refused:
                    continue  # a folder of packs without it
            opened.append(code)
    return listing.relist_all(), [each for each in opened if releases.standing(each, on)]


def stewards() -> list[Actor | None]:
    """Those of the demonstration who keep data."""
    logins = [f.login for f in FIGURES if any(role == _ROLE for role, _, _ in f.mandates)]
    return [accounts.actor_by_login(login) for login in logins]
