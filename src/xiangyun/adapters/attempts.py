"""Wrong passwords are slowed down: by account and address together, by account, by address.

A stranger who guesses at somebody's account is slowed soon and does not shut its owner out, who
comes from another address; many addresses that guess at one account, and one address that guesses
at many accounts, are slowed later.
"""

from __future__ import annotations

from django.conf import settings

from .rates import BUCKETS, Rate

_PAIR, _ACCOUNT, _ADDRESS = Rate(5, 1), Rate(50, 10), Rate(40, 10)


def _limits(login: str, address: str) -> tuple[tuple[str, Rate], ...]:
    login = login.strip().lower()
    return (
        (f"password of {login} from {address}", _PAIR),
        (f"password of {login}", _ACCOUNT),
        (f"password from {address}", _ADDRESS),
    )


def wait(login: str, address: str) -> float:
    """Seconds until another password may be tried, 0 for none."""
    if not settings.RATES_FACTOR:
        return 0
    return max(BUCKETS.take(key, rate, cost=0) for key, rate in _limits(login, address))


def failed(login: str, address: str) -> None:
    """A wrong password was given."""
    for key, rate in _limits(login, address):
        BUCKETS.take(key, rate)


def succeeded(login: str, address: str) -> None:
    """The right one was: who mistyped twice does not pay for it the next time."""
    BUCKETS.give_back(*_limits(login, address)[0])


_NUMBER = Rate(10, 1 / 30)
"""Four digits are soon tried out: ten wrong ones, then one each half hour, whoever asks. Whose case
it is has the log-in besides."""


def _of_number(number: str, address: str) -> tuple[tuple[str, Rate], ...]:
    return (f"digits of {number.strip()}", _NUMBER), (f"digits from {address}", _ADDRESS)


def wait_for_number(number: str, address: str) -> float:
    """Seconds until the digits that belong to a number may be tried again, 0 for none."""
    if not settings.RATES_FACTOR:
        return 0
    return max(BUCKETS.take(key, rate, cost=0) for key, rate in _of_number(number, address))


def failed_number(number: str, address: str) -> None:
    """Wrong digits were given for a number, or the number is none."""
    for key, rate in _of_number(number, address):
        BUCKETS.take(key, rate)
