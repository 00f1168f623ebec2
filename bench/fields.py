"""A page of a form with 95 fields, saved again and again inside the process of the site.

The form is synthetic: a shipped service with a further page of text fields. Each save posts all of
them, other words each time, and is redirected: no web server, and no page is shown.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED, CODE = "construction/road-digging", "synthetic/many-fields"
MANY, WANTED = 95, 100
"""Fields; milliseconds that a save may take."""
APPLICANT = "wang"


def wide(folder: Path = ROOT / "packs" / SEED) -> dict[str, str]:
    """The files of the shipped service with a page of many fields more, under another code."""
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    form = json.loads(files["form.json"])
    fields = [
        {
            "type": "textfield",
            "id": f"q_many_{number}",
            "key": f"many_{number}",
            "label": f"第 {number} 项",
            "description": "随便写。",
            "validate": {"maxLength": 100},
        }
        for number in range(MANY)
    ]
    form["components"].append(
        {"type": "group", "id": "many", "label": "很多项", "components": fields}
    )
    files["form.json"] = json.dumps(form, ensure_ascii=False)
    english = ["page.many.title: Many"]
    for number in range(MANY):
        english += [f"form.many_{number}.label: Item {number}", f"form.many_{number}.why: Any."]
    files["texts/en.yaml"] += "\n".join(english) + "\n"
    for old, new in ((f"code: {SEED}", f"code: {CODE}"), ("000100ZD0002", "000100ZD0095")):
        files["service.yaml"] = files["service.yaml"].replace(old, new, 1)
    return files


def saved(times: int) -> list[float]:
    """Milliseconds of each save; the platform has booted and its demonstration is prepared."""
    from django.test import Client  # noqa: PLC0415 (reads the settings)
    from django.utils import timezone  # noqa: PLC0415 (the same)

    from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415 (the same)
    from xiangyun.domain.catalogue import actions  # noqa: PLC0415 (the same)

    with acting_as(SYSTEM) as actor:
        actions.publish(CODE, wide(), actor=actor, at=timezone.now())
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/login", {"as": APPLICANT})
    draft = client.post(f"/services/{CODE}/apply")["Location"].split("/")[2]
    took = []
    for turn in range(-5, times):  # the first five only warm up
        typed = {f"many_{number}": f"第 {turn} 次的第 {number} 项" for number in range(MANY)}
        begun = time.perf_counter()
        answer = client.post(f"/apply/{draft}/pages/many", typed)
        took.append((time.perf_counter() - begun) * 1e3)
        if answer.status_code != 302:
            raise SystemExit(f"{answer.status_code} instead of a save")
    return took[5:]
