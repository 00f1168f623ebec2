"""Make an instance with divisions and services, and tell a task of each service."""

from __future__ import annotations

import json
import os
import sys

os.environ["DATABASE_URL"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - settings first

from xiangyun.domain.catalogue import queries as catalogue  # noqa: E402
from xiangyun.faces.cli import demonstration  # noqa: E402

call_command("migrate", database="owner", verbosity=0)
demonstration.prepare()
tasks = {}
for version in catalogue.current_services():
    words = catalogue.pack(version.pk).texts["zh-Hans"]
    tasks[version.code] = next(
        key.split(".")[1] for key in words if key.startswith("task.") and key.count(".") == 1
    )
print(json.dumps(tasks))
