"""`xiangyun returned`: a mail that came back, as the mail server hands it over."""

from __future__ import annotations

import sys

import click
from django.utils import timezone

from xiangyun.adapters.mail import returned as read
from xiangyun.domain.messaging import delivering
from xiangyun.kernel.findings import Text

from .telling import tell

LARGEST = 5_000_000
"""Bytes of a mail that are read: a report is short, and what it quotes may not be."""


@click.command()
def returned() -> None:
    """Read one mail from standard input; if it is one of ours that came back, note that.

    For the mail server to pipe into. What is no report, or none of ours, is left alone.
    """
    found = read(sys.stdin.buffer.read(LARGEST))
    noted = found is not None and delivering.came_back(*found, at=timezone.now())
    tell(
        Text("已记为未送达。", "Noted as not delivered.")
        if noted
        else Text("不是本平台退回的邮件。", "No mail of ours that came back.")
    )
