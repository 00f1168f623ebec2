"""One build of the site, asked turn by turn: pages of officials, of an applicant, and of anybody.

Reads the name of a page from its input, asks for it so many times and answers with the milliseconds
of one; at the beginning it tells how many statements each page asks. Pages are asked for inside the
process, without a web server: what is measured is what the build does. `bare` before a name is a
Django view without middleware that runs one statement and returns the same bytes. Only what every
build has is used.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

OFFICIAL, APPLICANT = "shencha", "wang"
BEGIN = datetime(2026, 4, 9, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai"))


def bare(bodies: dict[str, bytes]) -> Any:
    """A client of a site that runs one statement and returns what another page was."""
    from django.db import connection  # noqa: PLC0415 (reads the settings)
    from django.http import HttpRequest, HttpResponse  # noqa: PLC0415 (the same)
    from django.test import Client, override_settings  # noqa: PLC0415 (the same)
    from django.urls import path  # noqa: PLC0415 (the same)

    def view(request: HttpRequest, name: str) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return HttpResponse(bodies[name])

    addresses = ModuleType("bare_addresses")
    addresses.urlpatterns = [path("<str:name>", view)]  # type: ignore[attr-defined]
    sys.modules["bare_addresses"] = addresses
    client = Client(HTTP_HOST="127.0.0.1")
    usual = client.get

    def get(name: str) -> Any:
        with override_settings(MIDDLEWARE=[], ROOT_URLCONF="bare_addresses"):
            return usual(f"/{name}")

    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="bare_addresses"):
        client.handler.load_middleware()
    return get


def statements(ask: Any) -> int:
    """How many statements a page asks the database; the beginning and end of a transaction too."""
    from django.db import connection  # noqa: PLC0415 (reads the settings)

    counted = 0

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        ask()
    return counted


def main() -> None:
    """Fill the instance, say that all is there, then answer turn by turn."""
    home, cases, pages = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    os.environ |= {
        "XIANGYUN_HOME": str(home),
        "XIANGYUN_RATES": "0",
        "DJANGO_SETTINGS_MODULE": "xiangyun.site.settings",
    }
    from xiangyun.adapters.postgres import database  # noqa: PLC0415 (reads the environment)

    with database(home):
        import django  # noqa: PLC0415 (reads the settings)

        django.setup()
        from django.db import connections  # noqa: PLC0415 (the same)
        from django.test import Client  # noqa: PLC0415 (the same)

        from xiangyun.domain.cases.tests.situations import actor, submitted  # noqa: PLC0415

        applicant = actor(APPLICANT)
        begin = datetime.now(BEGIN.tzinfo).replace(microsecond=0) - timedelta(days=2)
        for number in range(cases):
            at = begin + timedelta(seconds=number)
            case = submitted(applicant, at, brand=f"样{chr(0x4E00 + number % 4000)}")
        clients = {}
        for who in (OFFICIAL, APPLICANT, ""):
            clients[who] = Client(HTTP_HOST="127.0.0.1")
            if who:
                clients[who].post("/login", {"as": who})
        asked = {
            "queue": (OFFICIAL, "/office/"),
            "case": (OFFICIAL, f"/office/cases/{case.pk}"),
            "own case": (APPLICANT, f"/cases/{case.pk}"),
            "guide": ("", "/services/market/company-registration"),
            "search": ("", "/search?q=%E5%BC%80%E5%BA%97"),
        }
        ways, counted, bodies = {}, {}, {}
        for name, (who, address) in asked.items():
            answer = clients[who].get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address} does not answer")
            bodies[name.replace(" ", "-")] = answer.content
            ways[name] = lambda who=who, address=address: clients[who].get(address)
            ways[name]()
            counted[name] = statements(ways[name])
        plain = bare(bodies)
        for name in asked:
            ways[f"bare {name}"] = lambda name=name: plain(name.replace(" ", "-"))
        print(json.dumps(counted), flush=True)
        for line in sys.stdin:
            ask = ways[line.strip()]
            begun = time.perf_counter()
            for _ in range(pages):
                ask()
            print((time.perf_counter() - begun) * 1e3 / pages, flush=True)
        connections.close_all()


if __name__ == "__main__":
    main()
