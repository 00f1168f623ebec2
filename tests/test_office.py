"""Officials at a live server: two press at once, and an operator resumes what failed for good."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aftermath import keys_of, told
from browsing import Page, Visitor
from crowd import PATIENCE, Client
from inside import client_of, inside, open_colleague, rows
from pytest_django import DjangoDbBlocker
from serving import Server, server_of_its_own, take_over_demonstration
from stubborn import ASKED, REASON, SHUT

from xiangyun.domain.cases.checks import GONE
from xiangyun.domain.cases.jobs import MAX_ATTEMPTS

TESTS = Path(__file__).parent
WAITING_JOB = (
    "SELECT attempts, extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
    " WHERE task_name = 'cases.answer_service_call' AND status = 'todo' AND scheduled_at > now()"
)
HURRY = (
    "UPDATE procrastinate_jobs SET scheduled_at = now()"
    " WHERE task_name = 'cases.answer_service_call' AND status = 'todo' RETURNING id"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with server_of_its_own("office") as made:
        made.env |= {"DJANGO_SETTINGS_MODULE": "stubborn_settings", "PYTHONPATH": str(TESTS)}
        take_over_demonstration(made)
        made.run("publish", str(TESTS / "packs" / "faults" / "patience"))
        made.start()
        made.wait_until_ready(120)
        yield made


@pytest.fixture(scope="module")
def wang(server: Server, django_db_blocker: DjangoDbBlocker) -> Client:
    """The applicant, and beside him a second official who may do what `shencha` may."""
    with inside(server, django_db_blocker):
        open_colleague("yi", "金样乙")
        return client_of(server, "wang")


def filed(wang: Client) -> str:
    """The id of a case that waits for its reviewer."""
    key = str(uuid.uuid4())
    answers = {"word": "等", "place": "222404001001"}
    wang.ask("PUT", f"/applications/{key}", {"service": PATIENCE, "answers": answers})
    status, said = wang.ask("POST", f"/applications/{key}/submit")
    assert status == 200, said
    return key


def steps(server: Server, wang: Client, case: str) -> Counter[str]:
    """How often each step stands in the case's receipt, every entry of which must be proven.

    Timers ring while it is made: one whose last entry still waits is asked for again.
    """

    def whole() -> Any:
        _, receipt = wang.ask("GET", f"/cases/{case}/receipt")
        waiting = any(entry["index"] is None for entry in receipt["entries"])
        return None if waiting else receipt

    return told(until(whole), PATIENCE, keys_of(server)).count()


def at_once(*presses: Callable[[], Page]) -> list[Page]:
    """What each gets who presses at the same moment."""
    pages: dict[int, Page] = {}
    start = threading.Barrier(len(presses))

    def press(place: int) -> None:
        start.wait(30)
        pages[place] = presses[place]()

    threads = [threading.Thread(target=press, args=[place]) for place in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return [pages[place] for place in range(len(presses))]


def until(what: Callable[[], Any], seconds: float = 60) -> Any:
    """What it came to, once it is something."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)
    return found


def test_of_two_who_press_the_same_button_one_is_told_in_his_language_that_he_was_second(
    server: Server, wang: Client
) -> None:
    chinese, english = Visitor(server, "shencha"), Visitor(server, "yi", "en")
    told_in: Counter[str] = Counter()
    for _ in range(40):
        case = filed(wang)
        [task] = chinese.open(f"/office/cases/{case}").tasks
        assert english.open(f"/office/cases/{case}").tasks == [task]
        agree = partial(Visitor.post, path=task, fields={"action": "agree"})
        pages = at_once(partial(agree, chinese), partial(agree, english))
        assert sorted(page.status for page in pages) == [200, 409], [page.text for page in pages]
        second = pages[0].status == 200  # whose press came second: of English 1, of Chinese 0
        said = (GONE.message.en, GONE.message.zh)[:: 1 if second else -1]
        assert said[0] in pages[second].text
        assert said[1] not in pages[second].text
        assert pages[second].actions == [], "nothing is left there to press"
        assert ("Done:" if not second else "已办理：") in pages[not second].text
        assert steps(server, wang, case)["task.done:review"] == 1
        told_in["en" if second else "zh"] += 1
        if len(told_in) == 2 and sum(told_in.values()) >= 8:
            return
    raise AssertionError(f"only one of the two was ever second: {told_in}")


def test_a_department_that_fails_is_asked_again_then_an_operator_sees_it_and_resumes_it(
    server: Server, wang: Client, django_db_blocker: DjangoDbBlocker
) -> None:
    (server.home / SHUT).touch()
    (server.home / ASKED).unlink(missing_ok=True)
    case = filed(wang)
    reviewer, operator = Visitor(server, "shencha"), Visitor(server, "duban", "en")
    [task] = reviewer.open(f"/office/cases/{case}").tasks
    assert reviewer.post(task, {"action": "agree"}).status == 200
    assert waits_between_tries(server, django_db_blocker) == pytest.approx(
        [2, 4, 8, 16, 32, 64, 128, 256, 512], abs=2
    )
    until(lambda: f"/office/cases/{case}" in operator.open("/office/").text)

    parked = operator.open(f"/office/cases/{case}")
    assert REASON in parked.text
    assert parked.actions == ["retry"]
    (server.home / SHUT).unlink()
    [again] = parked.tasks
    assert operator.post(again, {"action": "retry"}).status == 200
    assert operator.open(f"/office/cases/{case}").actions == []

    decider = Visitor(server, "jueding")
    [decide] = until(lambda: decider.open(f"/office/cases/{case}").tasks)
    assert decider.post(decide, {"action": "approve"}).status == 200
    assert wang.ask("GET", f"/cases/{case}")[1]["outcome"] == "issued"
    done = steps(server, wang, case)
    wanted = ("service.parked:tax", "case.resumed:tax", "service.answered:tax", "case.ended")
    assert {step: done[step] for step in wanted} == dict.fromkeys(wanted, 1)
    asked = (server.home / ASKED).read_text("utf-8").split()
    assert len(asked) == MAX_ATTEMPTS + 1
    assert len(set(asked)) == 1, "the department is asked with the same key each time"


def waits_between_tries(server: Server, blocker: DjangoDbBlocker) -> list[float]:
    """The seconds that the worker lets pass before each next try; the test does not wait them."""
    waits = []
    with inside(server, blocker):
        for tried in range(1, MAX_ATTEMPTS):
            [wait] = until(lambda tried=tried: [w for n, w in rows(WAITING_JOB) if n == tried])
            waits.append(float(wait))
            assert len(rows(HURRY)) == 1
    return waits
