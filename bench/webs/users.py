"""Who uses the site in the bench, as `locust` has it: they look, think for 5 s, and look again.

Four of five are people, who read guides, search, look at their case and now and then save a page
of an application; one of five is an official, who looks through the queue and opens cases.
"""

from __future__ import annotations

import json
import os
import random
import re
from itertools import cycle
from pathlib import Path
from typing import Any

from locust import HttpUser, constant, events, task

TOLD: dict[str, list[Any]] = json.loads(Path(os.environ["BENCH_TOLD"]).read_text("utf-8"))
GUIDES = (
    "market/company-registration",
    "eldercare/basic-services",
    "eldercare/ability-assessment",
    "construction/project-approval",
)
WORDS = ("开店", "kaigongsi", "高龄津贴", "盖房子", "注册工司", "licence")
APPLICANTS, OFFICIALS = cycle(TOLD["applicants"]), cycle(TOLD["officials"])
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BANK = re.compile(r'<option value="([^"]+)"')
FOUND: list[tuple[float, str, float, str]] = []
"""Of each request when it began, what it was, its milliseconds, and what failed."""


@events.request.add_listener
def _note(
    name: str, start_time: float, response_time: float, exception: object, **_: object
) -> None:
    FOUND.append((start_time, name, response_time, str(exception or "")))


@events.quitting.add_listener
def _tell(**_: object) -> None:
    Path(os.environ["BENCH_FOUND"]).write_text(json.dumps(FOUND), "utf-8")


class _Person(HttpUser):
    abstract = True
    wait_time = constant(5)

    def read(self, path: str, name: str) -> Any:
        """Ask for a page; reads are counted together under its name."""
        return self.client.get(path, name=f"read {name}")


class Applicant(_Person):
    """Somebody with an application under way."""

    weight = 4

    def on_start(self) -> None:
        self.me = next(APPLICANTS)
        self.client.cookies.set("sessionid", self.me["cookie"])

    @task(4)
    def guide(self) -> None:
        self.read(f"/services/{random.choice(GUIDES)}", "guide")

    @task(3)
    def search(self) -> None:
        self.read(f"/search?q={random.choice(WORDS)}", "search")

    @task(3)
    def case(self) -> None:
        self.read(f"/cases/{self.me['case']}", "own case")

    @task(2)
    def save(self) -> None:
        path = f"/apply/{self.me['draft']}/pages/contact"
        page = self.read(path, "page of a form")
        found = TOKEN.search(page.text)
        if not found:
            return
        typed = {"contact_phone": "13904330001", "paper_licence": "none", "promise": "true"}
        if bank := BANK.search(page.text):
            typed["bank"] = bank[1]
        self.client.post(
            path,
            {**typed, "csrfmiddlewaretoken": found[1]},
            name="write page of a form",
            headers={"Referer": f"{self.host}{path}"},
            allow_redirects=False,
        )


class Official(_Person):
    """An official with a queue."""

    weight = 1

    def on_start(self) -> None:
        self.client.cookies.set("sessionid", next(OFFICIALS))

    @task(2)
    def queue(self) -> None:
        self.read("/office/", "queue")

    @task(3)
    def case(self) -> None:
        self.read(f"/office/cases/{random.choice(TOLD['cases'])}", "case")
