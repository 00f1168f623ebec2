"""Make an instance with cases that people look at, log its people in, and tell how to ask for them.

Prints one JSON: for officials and for applicants the cookie of each, with the cases they open and
the drafts they write. All of them are made up.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

os.environ["DATABASE_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from django.test import Client  # noqa: E402 - settings first

from xiangyun.domain.cases.tests.situations import actor, submitted, written_draft  # noqa: E402

OPEN, LOGINS = int(sys.argv[2]), int(sys.argv[3])
BEGUN = datetime.now(ZoneInfo("Asia/Shanghai")).replace(microsecond=0) - timedelta(days=1)
OFFICIALS, APPLICANT = ("shencha", "shouli"), "wang"


def logged_in(login: str) -> str:
    """The cookie of a session of its own."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/login", {"as": login})
    return client.cookies["sessionid"].value


wang = actor(APPLICANT)
cases = [
    str(submitted(wang, BEGUN + timedelta(seconds=n), brand=f"样{chr(0x4E00 + n)}").pk)
    for n in range(OPEN)
]
drafts = [str(written_draft(wang, BEGUN, brand=f"样写{chr(0x4E00 + n)}")) for n in range(LOGINS)]
told = {
    "officials": [logged_in(OFFICIALS[n % 2]) for n in range(LOGINS // 4)],
    "applicants": [logged_in(APPLICANT) for _ in range(LOGINS)],
    "cases": cases,
    "drafts": drafts,
}
print(json.dumps(told))
