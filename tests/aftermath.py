"""What a server's journal and tables say afterwards, each case against what must be true of it.

The proof is the journal: receipts as anyone gets them over the interface, checked with the public
key alone. The tables may say nothing that the receipts do not.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import rounds
from crowd import COMPANY, PATIENCE, Client, Step
from inside import rows
from serving import Server

from xiangyun.adapters.keys import trusted_keys
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.journal import proof, queries
from xiangyun.kernel.ledger import verify_consistency

_NAMED_BY = (
    "task",
    "element",
    "letter",
    "department",
    "decision",
    "kind",
    "connector",
    "message",
    "signal",
)


class Line(NamedTuple):
    """One proven entry of a receipt."""

    at: datetime
    verb: str
    element: str
    action: str
    outcome: str
    by: str

    @property
    def what(self) -> str:
        return f"{self.verb}:{self.element}".rstrip(":")


@dataclass(frozen=True)
class Told:
    """One case as its receipt tells it."""

    number: str
    service: str
    lines: tuple[Line, ...]

    def count(self) -> Counter[str]:
        """How often each step stands there; that an official looked is no step."""
        return Counter(line.what for line in self.lines if line.verb != "case.read")

    def of(self, verb: str) -> list[Line]:
        return [line for line in self.lines if line.verb == verb]


def told(document: Any, service: str, trusted: Mapping[str, str], *, moving: bool = False) -> Told:
    """A case by its receipt, every entry of which must be proven.

    `moving`: the case went on while the receipt was made; what came last may wait to be sealed.
    """
    verdict = proof.check_receipt(document, trusted)
    unproven = [step for step in verdict.steps if step.passed is not True]
    waits = [entry["index"] is None for entry in document["entries"]]
    assert waits == sorted(waits), "an older entry waits behind a newer one"
    assert verdict.answer == "valid", verdict
    assert len(unproven) == (moving and any(waits)), verdict
    return Told(document["subject"], service, tuple(map(_line, document["entries"])))


def _line(entry: Any) -> Line:
    leaf = json.loads(entry["leaf"])
    data = leaf["data"]
    element = next((str(data[name]) for name in _NAMED_BY if name in data), data.get("name", ""))
    return Line(
        at=datetime.fromisoformat(leaf["at"]),
        verb=leaf["verb"],
        element=element,
        action=data.get("action", ""),
        outcome=data.get("outcome", ""),
        by=entry["opened"]["actor"]["value"] or "",
    )


def all_told(clients: Iterable[Client], trusted: Mapping[str, str]) -> dict[str, Told]:
    """Every case of these applicants, by its number, as its receipt tells it."""
    owners = {client.account: client for client in clients}
    with acting_as(SYSTEM):
        cases = list(Case.objects.filter(owner__in=owners).select_related("version"))
    found = {}
    for case in cases:
        status, receipt = owners[str(case.owner)].ask("GET", f"/cases/{case.pk}/receipt")
        assert (status, receipt["subject"]) == (200, case.number)
        found[case.number] = told(receipt, case.version.code, trusted)
    return found


# What must be true of all the steps that were acknowledged


def assert_each_stands_once(acknowledged: Iterable[Step], cases: Mapping[str, Told]) -> None:
    """Every acknowledged step stands in its case's receipt, and stands there once."""
    for step in acknowledged:
        assert step.number in cases, f"an acknowledged case is lost: {step}"
        times = sum(
            (line.verb, line.element, line.action, line.by) == step[1:]
            for line in cases[step.number].lines
        )
        assert times == 1, f"acknowledged once, stands {times} times: {step}"


def assert_kept_receipts_hold(
    kept: Iterable[Any], cases: Mapping[str, Told], trusted: Mapping[str, str]
) -> None:
    """What somebody was handed between two kills still stands, under a tree that only grew."""
    head = queries.latest_head()
    assert head is not None
    for receipt in kept:
        old = told(receipt, "", trusted, moving=True)
        now = cases[old.number].lines
        assert now[: len(old.lines)] == old.lines, f"{old.number}: what was proven has changed"
        size, root = receipt["head"]["size"], bytes.fromhex(receipt["head"]["root"])
        path = [bytes.fromhex(hashed) for hashed in queries.consistency(size, head.size)]
        assert verify_consistency(size, head.size, root, bytes(head.root), path)


# What must be true of each case

_COMPANY_ENDS = Counter(
    [
        "case.submitted",
        "decision.made:precheck",
        "letter.sent:accepted",
        "task.done:review",
        "task.done:decide",
        "certificate.issued:business-licence",
        "register.recorded",
        "letter.sent:issued",
        "case.ended",
    ]
    + [
        f"service.answered:{task}"
        for task in ("tax", "social_insurance", "seal", "provident_fund", "bank")
    ]
    + [
        f"connector.asked:{connector}"
        for connector in (
            *("tax-registration", "social-insurance", "seal-engraving"),
            *("provident-fund", "account-opening"),
        )
    ]
)
_PATIENCE_ENDS = Counter(
    [
        "case.submitted",
        "timer.rang:soon",
        "message.sent:echo",
        "department.notified:tax",
        "service.answered:tax",
        "case.ended",
    ]
)
_EITHER = (  # of these, one thing happens
    ("task.done:review", "timer.rang:overdue"),
    ("timer.rang:silence", "message.received:echo", "signal.received:all"),
    ("task.done:decide", "timer.rang:deemed"),
)
_REMINDERS = 2  # the cycle of the reminder: R2


def assert_ended_as_it_must(case: Told) -> None:
    """Nothing of the case is missing, nothing is there twice, and it ended."""
    steps = case.count()
    ended = case.of("case.ended")
    assert len(ended) == 1, f"{case.number} has not ended once: {steps}"
    assert steps.pop("timer.rang:remind", 0) <= _REMINDERS, (case.number, steps)
    assert set(steps.values()) == {1}, f"{case.number}: a step stands twice: {steps}"
    withdrawn = bool(case.of("case.withdrawn"))
    assert ended[0].outcome == ("withdrawn" if withdrawn else "issued"), (case.number, steps)
    if not withdrawn:
        left = _without_choices(case.number, steps) if case.service == PATIENCE else steps
        wanted = _PATIENCE_ENDS if case.service == PATIENCE else _COMPANY_ENDS
        assert left == wanted, (case.number, left - wanted, wanted - left)
    hands = {line.element: line.by for line in case.of("task.done")}
    assert len(set(hands.values())) == len(hands), f"{case.number}: reviewed and decided by one"


def _without_choices(number: str, steps: Counter[str]) -> Counter[str]:
    """The steps of a case of the service `patience` that happen in any case."""
    for choices in _EITHER:
        happened = [step for step in choices if steps.pop(step, 0)]
        assert len(happened) == 1, f"{number}: one of {choices}, and not {happened}"
        if "signal.received:all" in happened:
            assert steps.pop("letter.sent:called"), f"{number}: the signal had no effect"
    steps.pop("signal.thrown:all", 0)
    return +steps


# What must be true of the tables, beside the journal

# The demonstration has duties of its own, which the worker has run every hour: what they open waits
# for officials who are not at work here.
OURS = f"""
(SELECT ours.id FROM cases_case ours JOIN catalogue_serviceversion v ON v.id = ours.version_id
 WHERE v.code IN ('{COMPANY}', '{PATIENCE}', '{rounds.CODE}'))
"""
_OPEN = {
    "case": "SELECT number FROM cases_case WHERE (ended_at IS NULL OR awaiting <> '{}')"
    f" AND id IN {OURS}",
    "task": "SELECT case_id || ' ' || element FROM cases_workitem WHERE closed_at IS NULL"
    f" AND case_id IN {OURS}",
    "call": "SELECT case_id || ' ' || element FROM cases_servicecall WHERE answered_at IS NULL"
    f" AND case_id IN {OURS}",
    "timer": "SELECT case_id || ' ' || element FROM cases_timer WHERE closed_at IS NULL"
    f" AND case_id IN {OURS}",
}
_DONE = {
    "task.done": "SELECT c.number, w.element, w.by::text FROM cases_workitem w"
    " JOIN cases_case c ON c.id = w.case_id WHERE w.by IS NOT NULL",
    "service.answered": "SELECT c.number, s.element, '' FROM cases_servicecall s"
    " JOIN cases_case c ON c.id = s.case_id WHERE s.result IS NOT NULL",
    "certificate.issued": "SELECT case_number, kind, 'anyone' FROM certificates_certificate",
}


def assert_nothing_is_open() -> None:
    """No case waits for anything; no task, call or timer is left."""
    assert {name: rows(statement) for name, statement in _OPEN.items()} == {
        name: [] for name in _OPEN
    }


def assert_tables_say_what_the_journal_says(cases: Mapping[str, Told]) -> None:
    """No step without its entry and no entry without its step."""
    for verb, statement in _DONE.items():
        stored = Counter(row for row in rows(statement) if row[0] in cases)
        proven = Counter(
            (case.number, line.element, _whose(line))
            for case in cases.values()
            for line in case.of(verb)
        )
        assert stored == proven, (verb, stored - proven, proven - stored)


def _whose(line: Line) -> str:
    return {"certificate.issued": "anyone", "service.answered": ""}.get(line.verb, line.by)


def assert_numbers_are_given_once() -> None:
    with acting_as(SYSTEM):
        codes = list(Certificate.objects.values_list("number", flat=True))
    assert len(codes) == len(set(codes)), "one code was given to two companies"


_TIMERS = """
SELECT c.number, t.element, t.due FROM cases_timer t JOIN cases_case c ON c.id = t.case_id
"""
# A timer that was cancelled leaves its job until it is due: in the demonstration's own case, weeks.
_JOBS = f"""
SELECT status::text || ' ' || task_name FROM procrastinate_jobs
WHERE status IN ('failed', 'cancelled', 'aborted') OR status IN ('todo', 'doing')
    AND coalesce(scheduled_at, now()) < now() + interval '1 hour' AND task_name IN
    ('cases.answer_service_call', 'cases.ring', 'cases.deliver', 'cases.recount')
    AND (args ->> 'case_id' IS NULL OR (args ->> 'case_id')::uuid IN {OURS})
"""


# What those that have not ended wait for: whose hand, whose answer, which moment.
_AT_WORK = f"""
SELECT c.number, c.state, c.revision,
    (SELECT json_agg(json_build_array(w.token, w.role, w.headers)) FROM cases_workitem w
     WHERE w.case_id = c.id AND w.closed_at IS NULL),
    (SELECT json_agg(json_build_array(s.token, s.problem)) FROM cases_servicecall s
     WHERE s.case_id = c.id AND s.answered_at IS NULL),
    (SELECT json_agg(json_build_array(t.token, t.due)) FROM cases_timer t
     WHERE t.case_id = c.id AND t.closed_at IS NULL)
FROM cases_case c WHERE c.ended_at IS NULL AND c.id IN {OURS}
"""


def wait_for_the_end(seconds: float) -> float:
    """Wait until every case has ended and no job of a case is left; the seconds that took."""
    began = time.monotonic()
    while left := rows(_OPEN["case"]) + list(Counter(rows(_JOBS))):
        failed = [job for job in left if job[0].startswith(("failed", "cancelled", "aborted"))]
        assert not failed, failed
        late = time.monotonic() - began > seconds
        assert not late, f"cases stuck, or jobs never done: {left}; open: {rows(_AT_WORK)}"
        time.sleep(0.5)
    return time.monotonic() - began


def assert_the_journal_is_whole(server: Server) -> None:
    """By its own command, which has the keys of what is sealed and compares cases and files too."""
    assert json.loads(server.run("audit", "--json"))["findings"] == []


def keys_of(server: Server) -> Mapping[str, str]:
    return trusted_keys(server.home / "keys")


def lateness(cases: Mapping[str, Told]) -> dict[str, int]:
    """By how many seconds the latest timer of each kind rang after it was due; none rang before."""
    worst: dict[str, int] = defaultdict(int)
    for number, element, due in rows(_TIMERS):
        told_of = cases[number].of("timer.rang") if number in cases else []
        rang = [line.at for line in told_of if line.element == element]
        if len(rang) == (
            _REMINDERS if element == "remind" else 1
        ):  # `due` is that of its last turn
            late = (max(rang) - due).total_seconds()
            assert late >= 0, f"{number}: {element} rang {-late} s before it was due"
            worst[element] = max(worst[element], round(late))
    return dict(worst)
