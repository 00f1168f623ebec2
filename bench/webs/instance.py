"""Make an instance with cases that people look at, log its people in, and tell how to ask for them.

Prints one JSON: for officials the cookie of each, for applicants a cookie, their case and the draft
that they write, and the cases that officials open. All of them are made up.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

os.environ["DATABASE_URL"] = sys.argv[1]
os.environ["XIANGYUN_RATES"] = "0"  # all of them come from one address
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from django.test import Client  # noqa: E402 - settings first

from xiangyun.domain.accounts.queries import actor_by_login  # noqa: E402
from xiangyun.domain.cases.tests.situations import submitted, written_draft  # noqa: E402

LOGINS = int(sys.argv[2])
BEGUN = datetime.now(ZoneInfo("Asia/Shanghai")).replace(microsecond=0) - timedelta(days=1)
OFFICIALS = ("shencha", "shouli")


def logged_in(login: str) -> str:
    """The cookie of a session of its own."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/login", {"as": login})
    return client.cookies["sessionid"].value


def applicant(n: int) -> dict[str, str]:
    """One of the many persons, with a case that is under way and an application not sent yet."""
    login, one = f"bench-{n + 1}", chr(0x4E00 + n)
    person = actor_by_login(login)
    assert person
    of = {
        "applicant_name": "测试人",
        "applicant_id": "222404199203150027",
        "contact_phone": "13904330001",
    }
    case = submitted(person, BEGUN + timedelta(seconds=n), brand=f"样{one}", **of)
    draft = written_draft(person, BEGUN, brand=f"样写{one}", **of)
    return {"cookie": logged_in(login), "case": str(case.pk), "draft": str(draft)}


applicants = [applicant(n) for n in range(LOGINS)]
told = {
    "officials": [logged_in(OFFICIALS[n % 2]) for n in range(LOGINS // 4)],
    "applicants": applicants,
    "cases": [each["case"] for each in applicants],
}
print(json.dumps(told))
