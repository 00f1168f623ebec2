"""Server and database are killed at random moments while people work; nothing is lost.

Real server, real PostgreSQL, clients over HTTP that repeat what was not acknowledged. Afterwards
the journal must show every acknowledged step exactly once, and no case may be stuck.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest
from serving import Server, server_of_its_own

from xiangyun.faces.cli.story import SERVICE, example_answers

KILLS = 50
pytestmark = pytest.mark.slow


class Client:
    """One person with a token; repeats a request until it is answered."""

    def __init__(self, server: Server, token: str, stop: threading.Event) -> None:
        self.server, self.token, self.stop = server, token, stop

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict]:
        payload = json.dumps(body).encode() if body is not None else None
        return self._repeat(method, path, payload, "application/json")

    def send_file(self, path: str) -> tuple[int, dict]:
        boundary = "xiangyun-boundary"
        payload = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="lease.pdf"'
            f"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--{boundary}--\r\n"
        ).encode()
        return self._repeat("POST", path, payload, f"multipart/form-data; boundary={boundary}")

    def _repeat(
        self, method: str, path: str, payload: bytes | None, media: str
    ) -> tuple[int, dict]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": media}
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
                connection.request(method, f"/api{path}", payload, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status < 500:
                    return answer.status, json.loads(text)
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)


class Founder(threading.Thread):
    """Files one application after the other and remembers what was acknowledged."""

    def __init__(self, client: Client) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.acknowledged: dict[str, str] = {}

    def run(self) -> None:
        applicant = {"name": "王样云", "id_number": "222404199203150027"}
        while not self.client.stop.is_set():
            key = str(uuid.uuid4())
            answers = {**example_answers(applicant), "brand": f"样{_chinese(key)}"}
            body = {"service": SERVICE, "answers": answers}
            assert self.client.ask("PUT", f"/applications/{key}", body)[0] == 200
            status, said = self.client.send_file(f"/applications/{key}/files/premises_proof")
            assert status == 200, said
            status, case = self.client.ask("POST", f"/applications/{key}/submit")
            assert status == 200, case
            self.acknowledged[key] = case["number"]


class Official(threading.Thread):
    """Works the queue with one action and remembers what was acknowledged."""

    def __init__(self, client: Client, action: str) -> None:
        super().__init__(daemon=True)
        self.client, self.action = client, action
        self.acknowledged: list[tuple[str, str]] = []

    def run(self) -> None:
        while not self.client.stop.is_set() or self._rows():
            for row in self._rows():
                self._do(row["case"])
            time.sleep(0.05)

    def _rows(self) -> list[dict]:
        rows: list[dict] = self.client.ask("GET", "/queue")[1]["rows"]
        return rows

    def _do(self, case_id: str) -> None:
        _, case = self.client.ask("GET", f"/cases/{case_id}")
        for task in case["tasks"]:
            status, _ = self.client.ask(
                "POST", f"/cases/{case_id}/tasks/{task['id']}", {"action": self.action}
            )
            if status == 200:
                self.acknowledged.append((case["number"], self.action))


def _chinese(key: str) -> str:
    """A brand out of Chinese characters, different for every key."""
    return "".join(chr(0x4E00 + int(key.replace("-", "")[i : i + 3], 16)) for i in (0, 3, 6, 9))


@pytest.fixture
def server() -> Iterator[Server]:
    with server_of_its_own("crash") as made:
        made.run("demo", "--no-serve")
        made.start()
        made.wait_until_ready()
        yield made


def test_fifty_kills_lose_no_acknowledged_step_and_repeat_none(server: Server) -> None:
    chance = random.Random(20260409)
    stop = threading.Event()
    tokens = {name: server.run("token", name) for name in ("wang", "shencha", "jueding")}
    clients = {name: Client(server, token, stop) for name, token in tokens.items()}
    founders = [Founder(clients["wang"]) for _ in range(3)]
    officials = [
        Official(clients["shencha"], "agree"),
        Official(clients["jueding"], "approve"),
    ]
    for worker in (*founders, *officials):
        worker.start()
    for kill in range(KILLS):
        time.sleep(chance.uniform(0.1, 2.5))
        if kill % 5 == 4:
            server.kill_database()  # the server lives on and starts it again
        else:
            server.kill()
            server.start()
        server.wait_until_ready()
    stop.set()
    for worker in (*founders, *officials):
        worker.join(timeout=300)
        assert not worker.is_alive()
    filed = {key: number for founder in founders for key, number in founder.acknowledged.items()}
    assert len(filed) >= KILLS // 5, "too little happened between the kills to prove anything"
    _assert_all_ended_once(clients["wang"], filed, officials)


def _assert_all_ended_once(wang: Client, filed: dict[str, str], officials: list[Official]) -> None:
    end = time.monotonic() + 180
    for key, number in filed.items():
        while True:
            status, case = wang.ask("GET", f"/cases/{key}")
            assert (status, case["number"]) == (200, number)
            if case["outcome"] == "issued":
                break
            assert time.monotonic() < end, f"{number} is stuck at {case['stage']}"
            time.sleep(0.5)
        steps = Counter(line["what"]["en"] for line in case["history"])
        once = {step for step in steps if not step.startswith("Looked")}
        assert {step: steps[step] for step in once} == dict.fromkeys(once, 1), (number, steps)
        departments = [step for step in once if step.startswith("Completed")]
        assert len(departments) == 5, (number, departments)
    done = Counter(step for official in officials for step in official.acknowledged)
    assert all(times == 1 for times in done.values()), "a step was acknowledged twice"
    assert len(set(filed.values())) == len(filed), "one number was given twice"
