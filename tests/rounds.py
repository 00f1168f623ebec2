"""Rounds of visits that a duty opens, while everything is killed: forms, photos, messages.

A duty opens a case for each household, day after day. Assessors fill in the form of the visit with
a photo, and the process tells their office. Afterwards each household has one case for each day,
each visit was done once, and who was told was told of what stands in the journal, once.
"""

from __future__ import annotations

import json
import random
import subprocess
import threading
import time
import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from crowd import TOO_LATE, Official, Step
from django.utils import timezone
from inside import rows
from serving import XIANGYUN, Server

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Evidence
from xiangyun.domain.registers import actions as registers
from xiangyun.kernel.bpmn import element_of

PACK = Path(__file__).parent / "packs" / "visits" / "home"
CODE = "visits/home"
DUTY = f"{CODE}:visit"
HOUSEHOLDS = 5
DAYS = 200  # there are so many to run, up to yesterday
AT_MOST = 3  # in one run: fewer than there are, so that a day takes several
PHOTO = b"\xff\xd8\xff\xe0" + b"a photo" * 40 + b"\xff\xd9"
OPENINGS = "\nopenings:\n  - applicant\n  - duty\n"
DUTIES = f"""duties:
  - id: visit
    name: {{zh-Hans: 走访, en: Visits}}
    register: household
    service: {CODE}
    role: assessor
    every: P1D
    answers: {{household: =name}}
    at_most: {AT_MOST}
    beside: true
"""
REGISTER = f"""code: household
name: {{zh-Hans: 走访对象, en: Households}}
department: civil_affairs
class: ordinary
subject: none
key: number
place: home
laws: [{{law: {{zh-Hans: 测试, en: Test}}, article: 第一条, verified: false}}]
fields:
  - {{name: number, type: text, required: true, words: {{zh-Hans: 编号, en: Number}}}}
  - {{name: name, type: text, required: true, words: {{zh-Hans: 户主, en: Householder}}}}
  - {{name: home, type: text, format: division, words: {{zh-Hans: 住址, en: Home}}}}
readers: [{CODE}]
writers: [{CODE}]
prefill: []
examples:
  - data: {{number: H1, name: 样户, home: "222404001001"}}
"""
_WAY = 'sourceRef="found" targetRef="end_seen"'
_TELLING = """<bpmn:serviceTask id="report" name="告知办公室"><bpmn:extensionElements>
<zeebe:taskDefinition type="message.send" /><zeebe:taskHeaders>
<zeebe:header key="message" value="seen" /><zeebe:header key="to" value="assessor" />
<zeebe:header key="stage" value="visit" /></zeebe:taskHeaders></bpmn:extensionElements>
<bpmn:incoming>found__end_seen</bpmn:incoming><bpmn:outgoing>report__end_seen</bpmn:outgoing>
</bpmn:serviceTask>
<bpmn:sequenceFlow id="report__end_seen" sourceRef="report" targetRef="end_seen" />
<bpmn:endEvent id="end_seen\""""
_WORDS = {
    "zh-Hans": "message.seen.title: 已走访\nmessage.seen.body: 走访了{application.household}。\n"
    "element.report: 告知办公室\n",
    "en": "message.seen.title: Visited\nmessage.seen.body: '{application.household} was visited.'\n"
    "element.report: Tell the office\n",
}


def write_pack(folder: Path) -> Path:
    """The test pack of visits, with a duty, a register and a message, in a folder of its own."""
    home = folder / "visits" / "home"
    for path in PACK.rglob("*"):
        if path.is_file():
            copy = home / path.relative_to(PACK)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (home / "duties.yaml").write_text(DUTIES, "utf-8")
    (home / "registers").mkdir()
    (home / "registers" / "household.yaml").write_text(REGISTER, "utf-8")
    _append(home / "service.yaml", OPENINGS)
    for tag, words in _WORDS.items():
        _append(home / "texts" / f"{tag}.yaml", words)
    process = home / "process.bpmn"
    drawn = process.read_text("utf-8")
    drawn = drawn.replace(_WAY, 'sourceRef="found" targetRef="report"')
    drawn = drawn.replace('<bpmn:endEvent id="end_seen"', _TELLING)
    drawn = drawn.replace(
        'value="seen" /></zeebe:properties></bpmn:extensionElements><bpmn:incoming>found__end_seen',
        'value="seen" /></zeebe:properties></bpmn:extensionElements>'
        "<bpmn:incoming>report__end_seen",
    )
    process.write_text(drawn, "utf-8")
    example = home / "examples" / "01-seen-at-the-second-visit.yaml"
    told = example.read_text("utf-8").replace("visit, end_seen]", "visit, report, end_seen]")
    example.write_text(told.replace("letters: []", "letters: []\n  messages: [seen]"), "utf-8")
    return home


def _append(path: Path, words: str) -> None:
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n" + words, "utf-8")


def enter_households(at: datetime) -> None:
    """The rows of the duty's register; from inside the server.

    They end before today: the worker has each duty run for today every hour. It would come before
    the days that are still to be run, and a day that is passed over is not opened any more.
    """
    for number in range(HOUSEHOLDS):
        data = {"number": f"H{number}", "name": f"样户{number}", "home": "222404001001"}
        with acting_as(SYSTEM):
            registers.record(
                "household",
                f"H{number}",
                data,
                valid_from=at.date() - timedelta(days=2 * DAYS),
                valid_to=timezone.localdate(at),
                holder=None,
                division=222404001001,
                source="test",
                at=at,
                pack=CODE,
            )


class Rounds(threading.Thread):
    """Has the duty run for one day after the other up to yesterday, and kills some runs midway."""

    def __init__(self, server: Server, stop: threading.Event, today: date, seed: int) -> None:
        super().__init__(daemon=True)
        self.server, self.stop, self.chance = server, stop, random.Random(seed)
        self.day, self.last = today - timedelta(days=DAYS), today - timedelta(days=1)
        self.done: list[date] = []
        self.killed = self.opened = 0
        self.said = b""
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set() and self.day <= self.last:
                if self._run(self.chance.uniform(1.0, 8.0)):
                    self._next()
                time.sleep(self.chance.uniform(0.3, 1.0))
            end = time.monotonic() + 240
            while not self._run(120.0):  # nobody kills any more: the day is brought to its end
                assert time.monotonic() < end, f"the duty does not get on: {self.said}"
            self._next()
        except BaseException as problem:
            self.problem = problem

    def _next(self) -> None:
        self.done.append(self.day)
        self.day += timedelta(days=1)

    def _run(self, patience: float) -> bool:
        """One run; whether the day is done. It may be killed, or find no database."""
        begun = subprocess.Popen(
            [*XIANGYUN, "duties", "--only", DUTY, "--json", "--on", self.day.isoformat()],
            env=self.server.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            said, self.said = begun.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            begun.kill()
            begun.communicate()
            self.killed += 1
            return False
        if begun.returncode:
            self.said = said + self.said
            return False
        (ran,) = json.loads(said)
        assert not ran["ahead"], f"something else had the duty run: {ran}"
        self.opened += len(ran["opened"])
        return not ran["left"]


class Visitor(Official):
    """Fills in the form of each visit, with a photo, and says that it is done."""

    too_late = TOO_LATE | {"case.E047"}  # another one has filled it in meanwhile

    def _do(self, case_id: str) -> None:
        status, case = self.client.ask("GET", f"/cases/{case_id}")
        if status != 200 or case["service"] != CODE:
            return
        for task in case["tasks"]:
            if element_of(task["id"]) == "visit":
                self._visit(case, case_id, task["id"])

    def _visit(self, case: dict[str, Any], case_id: str, task: str) -> None:
        way = f"/cases/{case_id}/tasks/{task}"
        status, form = self.client.ask("GET", f"{way}/form")
        if status != 200 or not form["open"]:
            return
        answers = {"result": "at_home", "people": 2}
        kept = {"answers": answers, "base": form["revision"]}
        status, said = self.client.ask("PUT", f"{way}/form", kept)
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.client.account} {case_id} {task}"))
        self.client.send_file(f"{way}/files/photos", "door.jpg", PHOTO, key)
        base = said["revision"] if status == 200 else form["revision"]
        step = Step(case["number"], "task.done", "visit", "done", self.client.account)
        body = {"action": "done", "answers": answers, "base": base, "key": key}
        self.press(way, body, step)


# The demonstration has duties of its own: what those open is not looked at here.
_OURS = f"""
version_id IN (SELECT id FROM catalogue_serviceversion WHERE code = '{CODE}')
AND variables #>> '{{opening,how}}' = 'duty'
"""
_OPENED = f"""
SELECT variables #>> '{{application,household}}', variables #>> '{{opening,from}}', number
FROM cases_case WHERE {_OURS}
"""
_STANDS = "SELECT record, since, last, next_on, problem FROM duties_standing"
_SAID = f"""
SELECT c.number, e.verb, count(*) FROM journal_entry e JOIN cases_case c ON c.number = e.subject
WHERE {_OURS}
    AND e.verb IN ('case.opened', 'task.done', 'notice.sent', 'case.ended')
GROUP BY 1, 2
"""
_TOLD = f"""
SELECT m.number, count(*), count(DISTINCT m.recipient) FROM messaging_message m
JOIN cases_case c ON c.id = m.case_id
WHERE {_OURS} AND m.kind = 'notice' GROUP BY 1
"""


def numbers() -> set[str]:
    """The cases that the duty opened."""
    return {number for _, _, number in rows(_OPENED)}


def assert_each_day_of_each_household_opened_once(done: list[date]) -> None:
    """Nothing twice; of the days that were done nothing is missing."""
    found = Counter((household, day) for household, day, _ in rows(_OPENED))
    assert set(found.values()) <= {1}, f"a duty opened twice: {found}"
    wanted = {(f"样户{n}", day.isoformat()) for day in done for n in range(HOUSEHOLDS)}
    assert done, "no day of the duty was done: nothing is proven"
    assert wanted <= set(found), (wanted - set(found), rows(_STANDS), done)


def assert_each_visit_was_done_and_told_once(acknowledged: list[Step]) -> None:
    """Each case has each of its steps once, and its message went to each official once."""
    said = {(number, verb): times for number, verb, times in rows(_SAID)}
    for number in numbers():
        for verb in ("case.opened", "task.done", "notice.sent", "case.ended"):
            assert said.get((number, verb)) == 1, (number, verb, said.get((number, verb)))
    for step in acknowledged:
        assert step.number in numbers(), f"an acknowledged visit is lost: {step}"
    assert len({step.number for step in acknowledged}) == len(acknowledged), "done twice"
    told = {number: (times, people) for number, times, people in rows(_TOLD)}
    assert set(told) == numbers(), "a message for no step, or none for one"
    for number, (times, people) in told.items():
        assert times == people, f"{number}: somebody was told twice"


def assert_each_photo_counts_once() -> None:
    """A photo that was sent again after a kill is one, and its content lies there."""
    with acting_as(SYSTEM):
        found = Counter(Evidence.objects.values_list("case", "token", "by"))
    assert set(found.values()) == {1}, found
