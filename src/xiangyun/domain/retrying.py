"""When a job that failed is tried again.

A job without a strategy stays failed after the first outage of the database, and an operator has to
look after it: every job has one (adapters/tests/test_jobs.py).
"""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

AWAY = (OperationalError, InterfaceError)
"""The database was away: that says nothing about the work, and mostly it is back at once."""


class BackOff(BaseRetryStrategy):
    """Waits of 2, 4, 8 … seconds, at most ten minutes, whatever went wrong.

    It never gives up by itself, so that no job is lost: after its last try a job parks what it was
    about before a supervisor and is over; only when even that fails is it tried again. For a
    database that was away nothing is parked, and the wait is two seconds.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, AWAY):
            return RetryDecision(retry_in={"seconds": 2})
        return RetryDecision(retry_in={"seconds": min(2 ** (job.attempts + 1), 600)})


class AfterOutages(BaseRetryStrategy):
    """For a job that comes again by itself: two seconds after the database was away, else not."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return RetryDecision(retry_in={"seconds": 2}) if isinstance(exception, AWAY) else None


AFTER_OUTAGES = AfterOutages()
