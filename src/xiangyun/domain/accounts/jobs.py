"""The job of the accounts: log-ins that have expired leave the table, every hour."""

from __future__ import annotations

from procrastinate.contrib.django import app

from xiangyun.domain.retrying import AFTER_OUTAGES

from . import sessions


@app.periodic(cron="23 * * * *")
@app.task(
    name="accounts.clean", queue="accounts", queueing_lock="accounts.clean", retry=AFTER_OUTAGES
)
def clean(timestamp: int) -> None:
    """Remove expired sessions."""
    sessions.clean()
