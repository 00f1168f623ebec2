"""One build of the site, asked turn by turn: an official's queue, and the page of a case in it.

Reads `queue` or `case` from its input, asks for that page so many times and answers with the
milliseconds of one. Pages are asked for inside the process, without a web server: what is measured
is what the build does. Only what every build has is used.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

OFFICIAL = "shencha"
BEGIN = datetime(2026, 4, 9, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai"))


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

        wang = actor("wang")
        for number in range(cases):
            at = BEGIN + timedelta(minutes=number)
            case = submitted(wang, at, brand=f"样{chr(0x4E00 + number % 4000)}")
        client = Client(HTTP_HOST="127.0.0.1")
        client.post("/login", {"as": OFFICIAL})
        addresses = {"queue": "/office/", "case": f"/office/cases/{case.pk}"}
        for address in addresses.values():
            if client.get(address).status_code != 200:
                raise SystemExit(f"{address} does not answer")
        print("ready", flush=True)
        for line in sys.stdin:
            address = addresses[line.strip()]
            begun = time.perf_counter()
            for _ in range(pages):
                client.get(address)
            print((time.perf_counter() - begun) * 1e3 / pages, flush=True)
        connections.close_all()


if __name__ == "__main__":
    main()
