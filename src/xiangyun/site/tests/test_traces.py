"""A request leaves a span with its route and nothing of whom it is about; no request ever waits."""

from __future__ import annotations

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from xiangyun.site import traces
from xiangyun.site.logs import Structured

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def collector():
    """A collector on this machine: its address, and what reached it."""
    reached: Queue[Any] = Queue()

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reached.put((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", reached
    server.shutdown()
    server.server_close()


def asked(path: str, **headers: str):
    request = RequestFactory().get(path, headers=headers)
    request.resolver_match = resolve("/alive")
    request.resolver_match.route = "cases/<str:number>"
    return request


def test_a_request_leaves_a_span_that_names_its_route_alone(collector, settings) -> None:
    settings.TRACES, reached = collector
    respond = traces.trace_requests(lambda request: HttpResponse(status=503))
    respond(asked("/cases/222404199203150027?name=Wang", traceparent=PARENT))
    path, kind, told = reached.get(timeout=20)
    assert (path, kind) == ("/v1/traces", "application/json")
    (span,) = told["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert span["name"] == "GET /cases/<str:number>"
    assert (span["traceId"], span["parentSpanId"]) == (PARENT[3:35], PARENT[36:52])
    assert span["status"] == {"code": 2}
    assert int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"])
    assert "222404199203150027" not in json.dumps(told)
    assert "Wang" not in json.dumps(told)


def test_what_no_address_fits_has_no_route_and_is_not_the_home_page(collector, settings) -> None:
    settings.TRACES, reached = collector
    request = RequestFactory().get("/nothing")
    request.resolver_match = None
    traces.trace_requests(lambda request: HttpResponse(status=404))(request)
    (span,) = reached.get(timeout=20)[2]["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert span["name"] == "GET"
    assert "http.route" not in {each["key"] for each in span["attributes"]}


def test_a_collector_that_is_away_costs_spans_and_nothing_else(settings, caplog) -> None:
    settings.TRACES = "http://127.0.0.1:9/v1/traces"
    respond = traces.trace_requests(lambda request: HttpResponse("done"))
    for _ in range(traces.MOST + 100):
        assert respond(asked("/x")).status_code == 200


def test_what_fails_is_a_span_too_and_fails_on(collector, settings) -> None:
    settings.TRACES, reached = collector

    def fails(request):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        traces.trace_requests(fails)(asked("/x"))
    span = reached.get(timeout=20)[2]["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert span["status"] == {"code": 2}


def test_without_a_collector_there_is_nothing_in_the_way() -> None:
    with pytest.raises(MiddlewareNotUsed):
        traces.trace_requests(lambda request: HttpResponse())


def test_a_structured_line_is_json_with_the_id_of_its_request(caplog) -> None:
    caplog.handler.setFormatter(Structured())
    with caplog.at_level("WARNING"):
        logging.getLogger("x").warning("call %s back", "13944000000")
    line = json.loads(caplog.handler.format(caplog.records[-1]))
    assert line["message"] == "call <mobile> back"
    assert line["level"] == "WARNING"
    assert {"time", "logger", "request"} <= line.keys()
    assert Client().get("/alive").status_code == 200
