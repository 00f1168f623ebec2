"""What the guards cost and what they hold: slow clients, long tables, hostile rules, huge answers.

Seconds stand here and in no test. The site is started as people start it, on the loopback address,
and every load ends by itself.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from machine import Machine, revision

from xiangyun.kernel.dmn import check_model, decide, read_model
from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.findings import Refused

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "guard.md"
MEASURED = ("src/xiangyun/adapters", "src/xiangyun/site", "src/xiangyun/kernel")
_XIANGYUN = (sys.executable, "-m", "xiangyun.site.main")


@dataclass(frozen=True)
class Line:
    """One thing measured: what, how long in milliseconds, and what it is to be."""

    what: str
    found: str
    wanted: str = ""


# -- slow clients ----------------------------------------------------------------------------------


@contextmanager
def site() -> Iterator[int]:
    """A site of its own, started as people start it; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XIANGYUN_HOME": home, "XIANGYUN_RATES": "0"}
        environment.pop("DATABASE_URL", None)
        told = subprocess.run(
            [*_XIANGYUN, "demo", "--no-serve"], env=environment, capture_output=True, check=False
        )
        if told.returncode:
            raise SystemExit(told.stderr.decode())
        serve = [*_XIANGYUN, "serve", "--port", str(port), "--health-port", "0"]
        running = subprocess.Popen(serve, env=environment)
        try:
            for _ in range(600):
                with suppress(OSError):
                    if asked(port, "/alive") >= 0:
                        break
                time.sleep(0.1)
            yield port
        finally:
            running.terminate()
            running.wait(60)


def asked(port: int, path: str) -> float:
    """Milliseconds of one request."""
    begun = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", path)
    answer = client.getresponse()
    answer.read()
    client.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return (time.perf_counter() - begun) * 1000


def slow_clients(port: int, times: int) -> Iterator[Line]:
    """The guide, alone and while five hundred connections are idle or never end."""
    path = "/services/market/company-registration"
    for _ in range(5):
        asked(port, path)
    yield Line("The guide, nobody else there", _spread([asked(port, path) for _ in range(times)]))
    half = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin="
    kinds = (b"", b"GET / HTTP/1.1\r\nX-Slow: ", half)
    held = []
    for number in range(500):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.sendall(kinds[number % 3])
        held.append(opened)
    found = _spread([asked(port, path) for _ in range(times)])
    yield Line("… beside 500 idle and slow connections", found)
    for opened in held:
        opened.close()


def _spread(took: list[float]) -> str:
    return f"p50 {median(took):.1f}, p99 {quantiles(took, n=100)[98]:.1f} ms"


# -- rules -----------------------------------------------------------------------------------------


def long_table(rows: int) -> str:
    """A UNIQUE table of so many rows, each an interval of its own."""
    rules = "".join(
        f'<rule id="r{n}"><inputEntry><text>[{n}..{n + 1})</text></inputEntry>'
        f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(rows)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="long" id="long"'
        ' namespace="urn:long"><inputData id="i" name="amount"><variable name="amount"'
        ' typeRef="number"/></inputData><decision id="d" name="d"><variable name="d"'
        ' typeRef="number"/><informationRequirement id="q"><requiredInput href="#i"/>'
        '</informationRequirement><decisionTable hitPolicy="UNIQUE" id="t"><input id="c">'
        '<inputExpression typeRef="number"><text>amount</text></inputExpression></input>'
        f'<output id="o" typeRef="number"/>{rules}</decisionTable></decision></definitions>'
    )


def rules() -> Iterator[Line]:
    """Tables that are long, and expressions that would never end."""
    model = read_model(long_table(2000))
    found = _seconds(lambda: decide(model, "d", {"amount": 1234}))
    yield Line("A table of 2,000 rows, read, decides for the first time", found, "< 1 s")
    yield Line(
        "A table of 1,000 rows is read and proved",
        _seconds(lambda: list(check_model(long_table(1000)))),
        "< 1 s",
    )
    hostile = {
        "four loops in one another, 10⁸ rounds": (
            "count(for a in 1..100, b in 1..100, c in 1..100, d in 1..100 return 1)"
        ),
        "a list doubled again and again": (
            "count(for i in 1..40 return if i = 1 then [1] else concatenate(partial[-1],"
            " flatten(partial)))"
        ),
        "a number to a huge power": "(9 ** 99999) ** 99999",
        "a pattern that explodes elsewhere": f'matches("{"a" * 40}!", "^(a+)+$")',
    }
    for name, expression in hostile.items():
        yield Line(f"FEEL: {name}", _seconds(lambda text=expression: _evaluated(text)))


def _evaluated(text: str) -> None:
    with suppress(Refused):
        parse_expression(text).evaluate({})


def _seconds(what: Callable[[], object]) -> str:
    begun = time.perf_counter()
    what()
    return f"{time.perf_counter() - begun:.3f} s"


# -- the page --------------------------------------------------------------------------------------


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few requests, and no page is written")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    lines = [*rules()]
    with site() as port:
        lines += slow_clients(port, 30 if chosen.quick else 300)
    here = Machine.here()
    table = [f"| {line.what} | {line.found} | {line.wanted} |" for line in lines]
    text = "\n".join(
        [
            "# What the guards hold",
            "",
            f"Written by `make bench-guard` on {datetime.now(UTC).date()}; do not edit.",
            "",
            f"- Machine: {here.processor}, {here.cores} cores, {here.gigabytes:.0f} GB,"
            f" {here.system}; Python {here.python}; {revision(ROOT, MEASURED)}.",
            f"- Load {load:.1f} before and {here.load:.1f} after, over {here.cores} cores.",
            "- Hostile rules end with a finding that names the budget, or with their value.",
            "",
            "| What | Found | Wanted |",
            "|---|---|---|",
            *table,
            "",
        ]
    )
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
