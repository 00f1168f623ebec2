"""Two provinces, two servers, and everything that goes wrong between them: nothing is lost, nothing
is done twice, and each refusal has a name. All two hundred in
`make test-faults`, none in `make test-slow`, whose minutes are given away; what happens on the wire
alone, to one message, is in `exchange/tests/test_provinces.py`.

Each round files an application here for the other province to decide, hands it over while one
fault happens, has it decided there while another happens, and waits until both sides agree.
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import havoc
import pytest
import urllib3
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from inside import inside, rows
from pytest_django import DjangoDbBlocker
from serving import Server, server_of_its_own, take_over_demonstration
from wire import Wire

from xiangyun.adapters.keys import signing_key
from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import add_file
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.exchange import envelopes, partners
from xiangyun.domain.exchange.models import Enclosure, Incoming, Outgoing, State
from xiangyun.domain.exchange.tests.laboratory import new_signer
from xiangyun.domain.journal.ports import Signer
from xiangyun.kernel.formspec import from_json

pytestmark = [pytest.mark.slow(minutes=0), pytest.mark.faults]

SEED = 20260409
ROUNDS = 200
SERVICE = "federation/medical-record-filing"
CONNECTOR = "federation-medical-record-filing"
JILIN, LIAONING = "11220000MB0FED001K", "11210000MB0FED0011"
ON_THE_WIRE = ("cut", "unanswered", "twice", "altered", "late")
KILLS = ("everything", "serve", "web", "worker", "database")
BY_HAND = ("skewed", "too skewed", "revoked", "again", "another", "behind")
PATIENCE = 240


@dataclass
class Province:
    """A server, how it is reached over its wire, and what it signs with."""

    server: Server
    wire: Wire
    organisation: str

    @property
    def signer(self) -> Signer:
        """The key of the server itself, by which a test may sign with a clock of its own."""
        return signing_key(self.server.home / "keys")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.wire.port}/exchange/in"


@pytest.fixture
def provinces(django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Province, Province]]:
    """Two servers with databases and keys of their own, which know each other."""
    with server_of_its_own("here") as here, server_of_its_own("there") as there:
        found = []
        for server, organisation in ((here, JILIN), (there, LIAONING)):
            take_over_demonstration(server)
            keys = server.home / "keys"
            shutil.move(keys / "public.pem", keys / "public-told.pem")
            (keys / "signing.pem").unlink()
            wire = Wire(server.port)
            wire.open()
            server.start()
            server.wait_until_ready()
            found.append(Province(server, wire, organisation))
        for one, other in (found, found[::-1]):
            with inside(one.server, django_db_blocker):
                now = timezone.now()
                partners.enter_partner(
                    other.organisation,
                    name="外省（虚构）",
                    address=other.address,
                    bundles=True,
                    actor=SYSTEM,
                    at=now,
                )
                pem = other.signer.public_key_pem
                partners.enter_key(other.organisation, pem, actor=SYSTEM, at=now)
        yield found[0], found[1]


@dataclass
class Told:
    """What was tried, and what came of it."""

    cases: list[UUID] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)


class Rounds:
    """Files, breaks, decides and waits."""

    def __init__(
        self,
        here: Province,
        there: Province,
        blocker: DjangoDbBlocker,
        chance: random.Random,
    ) -> None:
        self.here, self.there, self.blocker = here, there, blocker
        self.chance, self.told = chance, Told()

    @contextmanager
    def at(self, province: Province) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch, inside(province.server, self.blocker):
            patch.setattr(settings, "HOME", province.server.home)
            patch.setenv("XIANGYUN_HOME", str(province.server.home))  # whose keys are used
            yield

    def play(self, out: str, back: str) -> None:
        """One application, with one fault on the way there and one on the way back."""
        case = self.file()
        self.told.cases.append(case)
        self.strike(out, self.there, self.here)
        with self.at(self.here):
            self.press("yishou", case, "take_in_for_elsewhere")
        self.kill(out)
        self.wait(self.here, lambda: self.state(case) == State.SENT, f"{out}: not handed over")
        with self.at(self.here), acting_as(SYSTEM):
            message = str(Outgoing.objects.get(case=case).pk)
        self.strike(back, self.here, self.there)
        with self.at(self.there):
            with acting_as(SYSTEM):
                taken = Incoming.objects.get(message_id=message)
                theirs = Case.objects.get(number=taken.number).pk
            self.press("yijue", theirs, "grant_across")
        self.kill(back)
        self.wait(self.here, lambda: self.outcome(case) == "granted_there", f"{back}: no answer")

    def file(self) -> UUID:
        with self.at(self.here):
            wang, now = self.actor("wang"), timezone.now()
            with acting_as(wang):
                draft = drafts.start_draft(SERVICE, actor=wang, at=now)
                pack = catalogue.pack(draft.version_id)
                example = next(e for e in pack.examples if "02-decided-there" in e.place.file)
                plain = {k: v for k, v in example.answers.items() if k != "residence_proof"}
                answers = from_json(pack.form, dict(example.answers)).answers
                given = {key: value for key, value in answers.items() if key in plain}
                drafts.keep_answers(draft.id, given, actor=wang, at=now)
                add_file(draft.id, "residence_proof", wang, now)
                found: UUID = actions.submit_case(draft.id, actor=wang, at=now).pk
        return found

    def actor(self, login: str) -> Actor:
        found = accounts.actor_by_login(login)
        assert found is not None
        return found

    def press(self, login: str, case_id: UUID, action: str) -> None:
        official = self.actor(login)
        with acting_as(official):
            task = cases.open_tasks(official, access.case_for(official, case_id))[0]
            actions.complete_task(
                case_id, task.id, action=action, note="", actor=official, at=timezone.now()
            )

    def state(self, case: UUID) -> str:
        with acting_as(SYSTEM):
            return str(Outgoing.objects.get(case=case).state)

    def outcome(self, case: UUID) -> str:
        with acting_as(SYSTEM):
            return str(Case.objects.get(pk=case).outcome)

    def wait(self, province: Province, done: Callable[[], bool], why: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            # A database that was just killed may take a connection and be gone before it is used.
            with suppress(OperationalError), self.at(province):
                if done():
                    return
            time.sleep(0.3)
        raise AssertionError(why)

    # What goes wrong

    def strike(self, fault: str, to: Province, by: Province) -> None:
        """Let something go wrong with what goes `to` a province next."""
        self.told.faults[fault] += 1
        if fault in ON_THE_WIRE:
            to.wire.break_with(fault, self.chance.randint(1, 2))
        elif fault in BY_HAND:
            getattr(self, fault.replace(" ", "_"))(to, by)

    def kill(self, fault: str) -> None:
        """Kill a part of either side while a message is on its way."""
        if fault not in KILLS:
            return
        victim = self.chance.choice((self.here, self.there)).server
        time.sleep(self.chance.uniform(0, 0.5))
        end = time.monotonic() + 60
        while not havoc.KINDS[fault](victim):
            victim.start_if_ended()
            assert time.monotonic() < end, f"no {fault} to kill"
            time.sleep(0.02)
        victim.start_if_ended()
        havoc.recover(victim)

    def told_by(
        self, to: Province, signer: Signer, name: str, body: bytes, **how: Any
    ) -> tuple[int, str]:
        """Send a message as a partner would; the status and the finding that names a refusal."""
        url = f"http://127.0.0.1:{to.server.port}/exchange/in/{CONNECTOR}/{name}"
        given = {envelopes.ID: f'"{how.get("id") or uuid4()}"', **how.get("headers", {})}
        at = timezone.now() + how.get("skew", timedelta())
        headers = envelopes.request_headers("POST", url, body, given, signer, at)
        answer = urllib3.request("POST", url, body=body, headers=headers, retries=False)
        findings = answer.json().get("findings", [{}])
        return answer.status, str(findings[0].get("id", ""))

    def expect(self, found: tuple[int, str], *ids: str) -> None:
        assert found[1] in ids, f"{found} where one of {ids} was expected"
        self.told.named[found[1]] += 1

    def skewed(self, to: Province, by: Province) -> None:
        """A clock ten minutes off is believed: what is refused is refused for another reason."""
        for minutes in (-10, 10):
            skew = timedelta(minutes=minutes)
            self.expect(
                self.told_by(to, by.signer, "hand-over", b"{}", skew=skew), "connector.E012"
            )

    def too_skewed(self, to: Province, by: Province) -> None:
        skew = timedelta(minutes=self.chance.choice((-16, 16)))
        self.expect(self.told_by(to, by.signer, "hand-over", b"{}", skew=skew), "exchange.E005")

    def revoked(self, to: Province, by: Province) -> None:
        lost = new_signer()
        with self.at(to):
            now = timezone.now()
            partners.enter_key(by.organisation, lost.public_key_pem, actor=SYSTEM, at=now)
            partners.revoke_key(lost.key_id, "遗失（虚构）", actor=SYSTEM, at=now)
        self.expect(self.told_by(to, lost, "hand-over", b"{}"), "exchange.E009")

    def again(self, to: Province, by: Province) -> None:
        """What was sent before comes once more, as it was: answered as before, or not at all."""
        if to.wire.seen:
            to.wire.carry(self.chance.choice(to.wire.seen))

    def another(self, to: Province, by: Province) -> None:
        """The number of a message that was taken, with another content."""
        with self.at(to), acting_as(SYSTEM):
            taken = Incoming.objects.filter(message="hand-over").order_by("?").first()
        if taken is None:
            return
        with self.at(by), acting_as(SYSTEM):
            body = str(Outgoing.objects.get(pk=taken.message_id).body).encode()
        other = body.replace(b"employee", b"resident") + b" "
        found = self.told_by(to, by.signer, "hand-over", other, id=taken.message_id)
        self.expect(found, "exchange.E054")

    def behind(self, to: Province, by: Province) -> None:
        """A message of a series whose later one was taken, and one before its turn."""
        with self.at(to), acting_as(SYSTEM):
            taken = Incoming.objects.filter(message="hand-over").order_by("?").first()
        if taken is None:
            return
        with self.at(by), acting_as(SYSTEM):
            body = str(Outgoing.objects.get(pk=taken.message_id).body).encode()
        for serial, after, id_ in ((1, 0, "exchange.E055"), (9, 8, "exchange.E056")):
            series = {
                envelopes.SERIES: f'"{taken.series}"',
                envelopes.SERIAL: str(serial),
                envelopes.FOLLOWS: str(after),
            }
            self.expect(self.told_by(to, by.signer, "hand-over", body, headers=series), id_)


_NAMED = (
    "SELECT data ->> 'problem', count(*)::int FROM journal_entry"
    " WHERE verb = 'exchange.refused' GROUP BY 1"
)


def test_two_hundred_faults_lose_nothing_and_do_nothing_twice(
    request: pytest.FixtureRequest,
    django_db_blocker: DjangoDbBlocker,
    capsys: pytest.CaptureFixture[str],
    share: float,
) -> None:
    if share < 0.2:
        pytest.skip("starts two servers: for `make test-faults`, or a --share of 0.2 at least")
    here, there = request.getfixturevalue("provinces")
    chance = random.Random(SEED)
    rounds = Rounds(here, there, django_db_blocker, chance)
    faults = [*ON_THE_WIRE, *KILLS, *BY_HAND]
    plan = [faults[each % len(faults)] for each in range(round(ROUNDS * share))]
    chance.shuffle(plan)
    for out, back in zip(plan[::2], plan[1::2], strict=False):
        rounds.play(out, back)
    told = rounds.told
    with rounds.at(here), acting_as(SYSTEM):
        sent = list(Outgoing.objects.filter(case__in=told.cases))
        numbers = {str(each.pk): each.number for each in sent}
        left = [(str(each.pk), each.state) for each in sent if each.state != State.DONE]
    assert not left, left
    with rounds.at(there):
        opened = rows(
            "SELECT variables #>> '{application,number_there}', count(*) FROM cases_case"
            " WHERE variables #>> '{application,number_there}' = ANY(%s) GROUP BY 1",
            [list(numbers.values())],
        )
        assert dict(opened) == dict.fromkeys(numbers.values(), 1)
        received = rows(
            "SELECT data ->> 'message_id', count(*) FROM journal_entry"
            " WHERE verb = 'exchange.received' AND data ->> 'message_id' = ANY(%s) GROUP BY 1",
            [list(numbers)],
        )
        assert dict(received) == dict.fromkeys(numbers, 1)
        with acting_as(SYSTEM):
            fetched = Enclosure.objects.filter(message_id__in=numbers)
            deadline = time.monotonic() + PATIENCE
            while fetched.exclude(state=State.DONE).exists() and time.monotonic() < deadline:
                time.sleep(0.5)
            assert fetched.filter(state=State.DONE).count() == len(numbers)
    for side in (here, there):
        with rounds.at(side):
            told.named.update(dict(rows(_NAMED)))
    if here.wire.done["altered"] + there.wire.done["altered"]:
        assert told.named["exchange.E008"], "what was altered on the wire is refused by its name"
    with capsys.disabled():
        print(f"\nfaults {dict(told.faults)}; refused by name {dict(told.named)}")
