"""Codes of an authenticator app: RFC 6238 with SHA-1, six digits and thirty seconds, as every app
takes it. Without Django."""

from __future__ import annotations

import hmac
import re
from datetime import datetime

import pyotp

PERIOD, DIGITS, WINDOW = 30, 6, 1
"""Seconds of a time step, digits of a code, and how many steps a clock may be off either way."""
ISSUER = "Xiangyun 祥云"


def new_secret() -> str:
    """A secret of 160 bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def uri(secret: str, login: str, issuer: str = ISSUER) -> str:
    """The address that an app reads from a square code: `otpauth://totp/…`."""
    app = pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD)
    return app.provisioning_uri(name=login, issuer_name=issuer)


def code_at(secret: str, step: int) -> str:
    """The code of a time step."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD).generate_otp(step)


def step_of(moment: datetime) -> int:
    """The time step in which a moment lies."""
    return int(moment.timestamp()) // PERIOD


def matching_step(secret: str, typed: str, at: datetime, after: int) -> int | None:
    """The time step whose code was typed, if it lies near `at` and after `after`; else None.

    A code counts once: the steps up to that of the last one taken are used up.
    """
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", code):
        return None
    now = step_of(at)
    # every step is compared, so that the answer takes equally long whichever it is
    hits = [
        step
        for step in range(now - WINDOW, now + WINDOW + 1)
        if hmac.compare_digest(code_at(secret, step), code)
    ]
    return next((step for step in hits if step > after), None)
