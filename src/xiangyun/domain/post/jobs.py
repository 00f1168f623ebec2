"""The job of post: every ten minutes carriers are asked about parcels on their way."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import actions


@app.periodic(cron="*/10 * * * *")
@app.task(name="post.follow", queue="post", queueing_lock="post.follow", retry=AFTER_OUTAGES)
def follow(timestamp: int) -> None:
    """Where each parcel is; whoever waits for one is told when it has come or went back."""
    actions.follow(timezone.now())
