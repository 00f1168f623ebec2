"""People at work over the interface while the server dies under them.

Each repeats a request until it is answered, and remembers every step that was acknowledged: what
the journal must hold afterwards, once.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from abc import abstractmethod
from collections import Counter
from typing import Any, NamedTuple

from serving import Server

from xiangyun.faces.cli.story import SERVICE as COMPANY
from xiangyun.faces.cli.story import example_answers
from xiangyun.kernel.bpmn import element_of

PATIENCE = "faults/patience"
OWED = 290  # seconds after the last kill within which whoever asked is answered
CALL = "通告"  # the word upon which a case of that service, once decided, throws its signal
TOO_LATE = {"case.E001", "case.E005", "case.E011"}  # gone, no more to withdraw, the same hand


class Step(NamedTuple):
    """A step of a case as its journal names it; `by` is the account that did it."""

    number: str
    verb: str
    element: str
    action: str
    by: str


class Client:
    """One person with a token; repeats a request until it is answered."""

    def __init__(self, server: Server, account: str, token: str) -> None:
        self.server, self.account, self.token = server, account, token
        self.answered = self.repeated = 0

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        payload = json.dumps(body).encode() if body is not None else None
        return self._repeat(method, path, payload, "application/json")

    def send_file(
        self, path: str, name: str = "lease.pdf", content: bytes = b"%PDF-1.4", key: str = ""
    ) -> tuple[int, Any]:
        """Send a file; under a key of one's own, sent twice it counts once."""
        boundary = "xiangyun-boundary"
        media = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
        parts = [(f'name="file"; filename="{name}"\r\nContent-Type: {media}', content)]
        if key:
            parts.append(('name="key"', key.encode()))
        payload = b"".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
            + body
            + b"\r\n"
            for head, body in parts
        )
        payload += f"--{boundary}--\r\n".encode()
        return self._repeat("POST", path, payload, f"multipart/form-data; boundary={boundary}")

    def _repeat(self, method: str, path: str, payload: bytes | None, media: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": media}
        begun = time.monotonic()
        # As long as somebody kills what would answer nothing is owed, however slow the machine is.
        while time.monotonic() < max(begun, self.server.struck) + OWED:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
                connection.request(method, f"/api{path}", payload, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status < 500:
                    self.answered += 1
                    return answer.status, json.loads(text)
                assert answer.status == 503, f"{method} {path}: {answer.status}\n{self._why()}"
            except (OSError, http.client.HTTPException):
                pass
            self.repeated += 1
            time.sleep(0.15)
        raise AssertionError(f"{method} {path} was never answered")

    def _why(self) -> str:
        """What the server wrote before, at and after the last of its own faults."""
        log = self.server.log()
        return log[max(0, log.rfind("Internal Server Error") - 8000) :][:16000]


class Person(threading.Thread):
    """Somebody at work until told to stop; `too_late`: the findings that are answers as well."""

    too_late = TOO_LATE

    def __init__(self, client: Client, stop: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.client, self.stop, self.chance = client, stop, random.Random(seed)
        self.acknowledged: list[Step] = []
        self.refused: Counter[str] = Counter()
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            self.work()
        except BaseException as problem:
            self.problem = problem

    @abstractmethod
    def work(self) -> None: ...

    def press(self, path: str, body: object, step: Step) -> None:
        """Do a step; that it was too late, perhaps for its own sake, is an answer as well."""
        status, said = self.client.ask("POST", path, body)
        if status == 200:
            self.acknowledged.append(step)
            return
        found = {finding["id"] for finding in said["findings"]}
        answered = (status in (403, 409, 422), found <= self.too_late)
        assert answered == (True, True), (step, status, said)
        self.refused.update(found)


class Founder(Person):
    """Files one application after the other, takes some back, and keeps receipts of some."""

    service = COMPANY

    def work(self) -> None:
        self.receipts: list[Any] = []
        while not self.stop.is_set():
            key = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
            number = self._file(key)
            me = self.client.account
            self.acknowledged.append(Step(number, "case.submitted", "", "", me))
            time.sleep(self.chance.uniform(0.0, 0.8))
            if self.chance.random() < 0.15:
                time.sleep(self.chance.uniform(0.0, 3.0))
                taken_back = Step(number, "case.withdrawn", "", "", me)
                self.press(f"/cases/{key}/withdraw", {"note": "样"}, taken_back)
            if self.chance.random() < 0.2:
                status, receipt = self.client.ask("GET", f"/cases/{key}/receipt")
                assert status == 200, receipt
                self.receipts.append(receipt)

    def _file(self, key: str) -> str:
        """One application from the first answer to its number."""
        body = {"service": self.service, "answers": self.answers(key)}
        status, said = self.client.ask("PUT", f"/applications/{key}", body)
        assert status == 200, said
        self.attach(key)
        status, case = self.client.ask("POST", f"/applications/{key}/submit")
        assert status == 200, case
        return str(case["number"])

    def answers(self, key: str) -> dict[str, object]:
        applicant = {"name": "王样云", "id_number": "222404199203150027"}
        digits = key.replace("-", "")  # a brand of Chinese characters, another one for each key
        brand = "".join(chr(0x4E00 + int(digits[at : at + 3], 16)) for at in (0, 3, 6, 9))
        return {**example_answers(applicant), "brand": f"样{brand}"}

    def attach(self, key: str) -> None:
        status, said = self.client.send_file(f"/applications/{key}/files/premises_proof")
        assert status == 200, said


class Patient(Founder):
    """Files applications that wait for moments, messages, signals and a department."""

    service = PATIENCE

    def answers(self, key: str) -> dict[str, object]:
        word = CALL if self.chance.random() < 0.3 else "等"
        return {"word": word, "place": "222404001001"}

    def attach(self, key: str) -> None:
        """Nothing is wanted."""


class Official(Person):
    """Presses the first button of whatever lies in the queue, and leaves some to their timers."""

    def work(self) -> None:
        while not self.stop.is_set():
            rows = self._rows()
            self.chance.shuffle(rows)
            for row in rows:
                self._do(row["case"])
            time.sleep(self.chance.uniform(0.02, 0.2))

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.client.ask("GET", "/queue")[1]["rows"]
        return rows

    def _do(self, case_id: str) -> None:
        _, case = self.client.ask("GET", f"/cases/{case_id}")
        for task in case["tasks"]:
            element, action = element_of(task["id"]), task["actions"][0]["action"]
            if case["service"] == PATIENCE and _left_alone(case_id, element):
                continue
            step = Step(case["number"], "task.done", element, action, self.client.account)
            body = {"action": action}
            self.press(f"/cases/{case_id}/tasks/{task['id']}", body, step)


def _left_alone(case_id: str, element: str) -> bool:
    """Whether nobody does this step, so that in the end its time is over: two cases of five."""
    return int(case_id[-2:], 16) % 5 == {"review": 0, "decide": 1}.get(element, -1)
