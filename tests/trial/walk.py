"""The trial app at work, in a process of its own that knows the copied source alone."""

from __future__ import annotations

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

settings.ALLOWED_HOSTS = ["testserver"]
call_command("migrate", database="owner", verbosity=0)

from xiangyun.domain.festivals import queries  # noqa: E402

from xiangyun.domain.accounts import actions as accounts  # noqa: E402
from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: E402
from xiangyun.domain.accounts.roles import role_words  # noqa: E402
from xiangyun.domain.catalogue import queries as catalogue  # noqa: E402
from xiangyun.domain.divisions.actions import load_divisions  # noqa: E402
from xiangyun.domain.journal.models import Entry  # noqa: E402
from xiangyun.faces.cli.working import work_off_jobs  # noqa: E402

visitor = Client()
page = visitor.get("/").content.decode()
assert 'href="/fair/"' in page, "its entry is not in the navigation"
assert "fair/fair" not in page, "its style is loaded on another's page"

assert visitor.post("/fair/", {"name": "开江鱼节"}).status_code == 302
page = visitor.get("/fair/").content.decode()
assert "开江鱼节" in page
assert "已通知" not in page
assert "/static/fair/fair" in page, "its style is not loaded"
assert 'aria-current="page"' in page

with acting_as(SYSTEM):
    assert Entry.objects.filter(verb="festival.planned").count() == 1
work_off_jobs()
assert "已通知" in visitor.get("/fair/").content.decode(), "its job was not worked"
assert visitor.get("/api/festivals").json() == ["开江鱼节"]
assert "/api/festivals" in visitor.get("/api/openapi.json").json()["paths"]

load_divisions()
assert role_words("steward:village", catalogue.roles()).zh == "会务"
with acting_as(SYSTEM):
    steward = accounts.open_account(
        login="steward", password="steward", name="会务员（虚构）", kind="official"
    )
    accounts.give_mandate(steward, role="steward", division=220000000000, desk="节庆办（演示）")
    assert queries.festivals()[0].announced
print("walked")
