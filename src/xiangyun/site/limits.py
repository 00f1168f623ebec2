"""How often an address or an account may ask, by the kind of what it asks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xiangyun.adapters.rates import BUCKETS, Rate
from xiangyun.faces.api import words
from xiangyun.faces.api.problems import problem
from xiangyun.faces.portal.views import errors
from xiangyun.kernel.findings import Finding, Text

Respond = Callable[[HttpRequest], HttpResponse]
_FREE: Final = ("/static/", "/alive", "/ready")
_COSTLY: Final = ("/search", "/verify", "/region")
_INTERFACE: Final = "/api/"
_ACTIONS: Final = ("/api/action/", "/api/3/action/")
_EXCHANGE: Final = "/exchange/in/"


def kind_of(request: HttpRequest) -> str:
    """Which limit counts: `login`, `report` (beginning one, trying a code, rating a counter),
    `costly` (searching, verifying), `exchange` (messages of other systems), `catalogue` (packages
    one by one, as a copy of the whole catalogue asks for them), `write` or `read`."""
    if request.path.startswith(_EXCHANGE):
        return "exchange"
    if request.path.startswith("/login") and request.method == "POST":
        return "login"
    if request.path.startswith(("/report", "/ratings/counter/")) and request.method == "POST":
        return "report"
    if request.path.startswith(_ACTIONS):  # they only read, however they are asked
        return "costly" if "datastore" in request.path else "catalogue"
    if request.path.removeprefix("/api").startswith(_COSTLY):
        return "costly"
    return "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"


def limit_addresses(get_response: Respond) -> Respond:
    """Refuse an address that asks more often than many people behind one address do."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_FREE):
            return get_response(request)
        address = request.META.get("REMOTE_ADDR", "")
        wait = _wait(request, f"address {address}", settings.RATES_OF_ADDRESS)
        return too_often(request, wait) if wait else get_response(request)

    return respond


def wait_of_account(request: HttpRequest, account: object) -> float:
    """Take one request of an account: the seconds it has to wait, 0 for none."""
    return _wait(request, f"account {account}", settings.RATES_OF_ACCOUNT)


def _wait(request: HttpRequest, who: str, rates: Mapping[str, tuple[float, float]]) -> float:
    if not settings.RATES_FACTOR:
        return 0
    kind = kind_of(request)
    rate = Rate(*rates[kind]).times(settings.RATES_FACTOR)
    return BUCKETS.take(f"{kind} {who}", rate)


def too_often(request: HttpRequest, wait: float) -> HttpResponse:
    """429 with `Retry-After`: a page for people, a finding for programs."""
    seconds = math.ceil(wait)
    if request.path.startswith(_INTERFACE):
        said = words.finding(
            Finding(
                "api.E429",
                "error",
                Text(
                    "请求过于频繁，请在 {seconds} 秒后再试。",
                    "Too many requests: try again in {seconds} {seconds|second|seconds}.",
                    seconds=seconds,
                ),
            )
        )
        response = problem(429, [said])
    else:
        response = errors.too_often(request, seconds)
    response.headers["Retry-After"] = str(seconds)
    return response
