"""Traces of requests, for a collector of OpenTelemetry: OTLP over HTTP in JSON, by a setting.

A span is one request: its method, the route that answered (never the address, which may name
somebody), its status, how long it took. What a proxy began (`traceparent`, W3C Trace Context) goes
on. Spans leave in the background, some at a time; a collector that is away costs them, and nothing
else: no request ever waits.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import re
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from xiangyun import __version__
from xiangyun.kernel.findings import Text

_log = logging.getLogger(__name__)
MOST = 2048
"""Spans that wait; those beyond are let go."""
_TOGETHER, _EVERY = 256, 2.0
_TIMEOUT = 5.0
_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})", re.ASCII)
_SERVER, _FAILED = 2, 2
"""SPAN_KIND_SERVER, and the status code of an error, as OTLP numbers them."""

Respond = Callable[[HttpRequest], HttpResponse]


class Exporter:
    """Sends spans from a thread of its own, begun in the process that first has one."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._waiting: queue.Queue[dict[str, Any]] = queue.Queue(MOST)
        self._process = 0
        self._begin = threading.Lock()
        self.lost = 0

    def take(self, span: dict[str, Any]) -> None:
        """Keep a span until it is sent; let it go where too many wait."""
        if self._process != os.getpid():
            with self._begin:
                if self._process != os.getpid():
                    self._process = os.getpid()
                    threading.Thread(target=self._run, name="traces", daemon=True).start()
        try:
            self._waiting.put_nowait(span)
        except queue.Full:
            self.lost += 1

    def _run(self) -> None:
        while True:
            some = [self._waiting.get()]
            end = time.monotonic() + _EVERY
            while len(some) < _TOGETHER and (left := end - time.monotonic()) > 0:
                try:
                    some.append(self._waiting.get(timeout=left))
                except queue.Empty:
                    break
            self._send(some)

    def _send(self, some: list[dict[str, Any]]) -> None:
        request = urllib.request.Request(
            self._address,
            json.dumps(exported(some)).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT):
                pass
        except (OSError, ValueError) as problem:
            self.lost += len(some)
            _log.warning(
                Text(
                    "{n} 条跟踪没有送达：{problem}",
                    "{n} {n|span|spans} did not reach the collector: {problem}",
                    n=len(some),
                    problem=str(problem),
                )
            )


def exported(spans: list[dict[str, Any]]) -> dict[str, Any]:
    """Spans as an ExportTraceServiceRequest of OTLP in JSON."""
    return {
        "resourceSpans": [
            {
                "resource": {
                    "attributes": [
                        _said("service.name", "xiangyun"),
                        _said("service.version", __version__),
                        _said("service.instance.id", str(os.getpid())),
                    ]
                },
                "scopeSpans": [{"scope": {"name": "xiangyun.requests"}, "spans": spans}],
            }
        ]
    }


def trace_requests(get_response: Respond) -> Respond:
    """A span for each request, where `XIANGYUN_TRACES` names a collector."""
    if not settings.TRACES:
        raise MiddlewareNotUsed
    exporter = Exporter(settings.TRACES)

    def respond(request: HttpRequest) -> HttpResponse:
        begun, clock = time.time_ns(), time.monotonic_ns()
        response: HttpResponse | None = None
        try:
            response = get_response(request)
        finally:
            status = response.status_code if response is not None else 500
            exporter.take(_span(request, status, begun, time.monotonic_ns() - clock))
        return response

    return respond


def _span(request: HttpRequest, status: int, begun: int, took: int) -> dict[str, Any]:
    given = _PARENT.fullmatch(request.headers.get("traceparent", ""))
    # What no address fits has no route: it would count as the home page.
    route = f"/{request.resolver_match.route}" if request.resolver_match else ""
    method = request.method if request.method in ("GET", "POST", "PUT", "PATCH", "DELETE") else "_"
    span: dict[str, Any] = {
        "traceId": given[1] if given else secrets.token_hex(16),
        "spanId": secrets.token_hex(8),
        "name": f"{method} {route}" if route else str(method),
        "kind": _SERVER,
        "startTimeUnixNano": str(begun),
        "endTimeUnixNano": str(begun + took),
        "attributes": [
            _said("http.request.method", str(method)),
            *([_said("http.route", route)] if route else ()),
            {"key": "http.response.status_code", "value": {"intValue": str(status)}},
        ],
        "status": {"code": _FAILED} if status >= 500 else {},
    }
    if given:
        span["parentSpanId"] = given[2]
    return span


def _said(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}
