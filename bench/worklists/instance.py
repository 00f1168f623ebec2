"""Make an instance with divisions and services, and tell a task of each service."""

from __future__ import annotations

import json
import os
import sys

os.environ["DATABASE_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from xiangyun.domain.catalogue import queries as catalogue  # noqa: E402 - settings first
from xiangyun.faces.cli import demonstration  # noqa: E402
from xiangyun.site.upgrade import bring_up_to_date  # noqa: E402

bring_up_to_date()
demonstration.prepare()
tasks = {}
for version in catalogue.current_services():
    words = catalogue.pack(version.pk).texts["zh-Hans"]
    named = [key.split(".")[1] for key in words if key.startswith("task.") and key.count(".") == 1]
    if named:  # a service may be run by itself
        tasks[version.code] = named[0]
print(json.dumps(tasks))
