"""Messages that travel together: signed once, each taken, refused and answered by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.exchange import bundles, envelopes, partners, ports, sending, targets
from xiangyun.domain.exchange.bundles import Bundle, Member
from xiangyun.domain.exchange.models import Incoming, Line, Outgoing, State, Taken
from xiangyun.domain.exchange.ports import Replied, Together, Unreachable
from xiangyun.domain.journal.ports import Signer, signer
from xiangyun.kernel.connector.httpsignature import Signable
from xiangyun.kernel.findings import Text

from .laboratory import GOOD, ORGANISATION, Laboratory, new_signer

pytestmark = pytest.mark.django_db

URL = "http://testserver/exchange/in/bundle"
Answers = dict[str, tuple[int, Any]]


def report(number: str, sequence: int, **more: Any) -> Member:
    body = {"what": "土", "place": "222404001001", "sequence": sequence, **more}
    return Member(number, json.dumps(body).encode(), path="laboratory/reported")


def hand_in(
    by: Signer, *members: Member, spoil: Callable[[Bundle], bytes] = Bundle.written
) -> tuple[int, Answers]:
    """Send members in one request; the status and what is answered to each."""
    bundle = bundles.bundle(members)
    body = spoil(bundle)
    given = {envelopes.ID: f'"{uuid4()}"', envelopes.BUNDLE: bundle.header}
    now = timezone.now()
    headers = envelopes.request_headers("POST", URL, body, given, by, now)
    kind = headers.pop("content-type")
    answer = Client().post("/exchange/in/bundle", body, content_type=kind, headers=headers)
    told = {key.lower(): value for key, value in answer.headers.items()}
    request = Signable("POST", URL, headers={**headers, "content-type": kind})
    keys = {signer().key_id: signer().public_key_pem}
    signed = Signable(status=answer.status_code, headers=told)
    envelopes.verify_answer(signed, request, answer.content, keys, now)
    if answer.status_code != 200:
        found = json.loads(answer.content)["findings"]
        return answer.status_code, {"": (answer.status_code, found[0]["id"])}
    read = bundles.read_bundle(answer.content, told[envelopes.BUNDLE])
    return 200, {each.id: (each.status, _told(each.body)) for each in read.members}


def _told(body: bytes) -> Any:
    said = json.loads(body)
    return said["findings"][0]["id"] if "findings" in said else said


def test_each_message_of_a_bundle_is_taken_in_order_or_refused_by_itself(
    laboratory: Laboratory,
) -> None:
    status, told = hand_in(
        laboratory.signer,
        report("b1", 1),
        report("b2", 2),
        Member("b3", b"{}", path="laboratory/reported"),
        Member("b4", b"no json", path="laboratory/reported"),
        Member("b5", b"{}", path="laboratory/unheard-of"),
        report("b6", 4),
        report("b7", 3),
        report("b8", 2),
    )
    assert status == 200
    assert [told[f"b{n}"][0] for n in range(1, 9)] == [200, 200, 422, 422, 404, 409, 200, 422]
    assert told["b3"][1] == "connector.E012"
    assert told["b4"][1] == "exchange.E053"
    assert told["b5"][1] == "exchange.E050"
    assert told["b6"][1] == "exchange.E056", "it came before the third"
    assert told["b8"][1] == "exchange.E055", "a second one was dealt with"
    with acting_as(SYSTEM):
        rows = Incoming.objects.filter(message_id__startswith="b", state=Taken.DONE)
        assert sorted(rows.values_list("message_id", flat=True)) == ["b1", "b2", "b7"]
        assert len(set(rows.values_list("leaf", flat=True))) == 3, "each has a leaf of its own"
        assert not Incoming.objects.filter(message_id="b6").exists(), "it may come again"
    _, again = hand_in(laboratory.signer, report("b6", 4), report("b1", 1))
    assert again["b6"][0] == 200
    assert again["b1"] == told["b1"], "the same number is answered as before"


def test_what_fails_in_one_undoes_nothing_of_the_others(
    laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = targets.take

    def take(came: targets.Came) -> targets.Done:
        done = real(came)
        if came.message_id == "x2":
            raise RuntimeError("a fault of ours, after something was written")
        return done

    monkeypatch.setattr(targets, "take", take)
    _, told = hand_in(laboratory.signer, report("x1", 1), report("x2", 2), report("x3", 2))
    assert (told["x1"][0], told["x2"], told["x3"][0]) == (200, (409, "exchange.E081"), 200)
    with acting_as(SYSTEM):
        row = Incoming.objects.get(message_id="x2")
        assert (row.state, bool(row.body)) == (Taken.FAILED, True), "an operator sees it"
        assert Incoming.objects.filter(message_id__in=("x1", "x3"), state=Taken.DONE).count() == 2


def test_a_bundle_that_is_not_as_it_was_signed_is_refused_by_its_reason(
    laboratory: Laboratory,
) -> None:
    def refused(*members: Member, **how: Any) -> str:
        _, told = hand_in(how.pop("by", laboratory.signer), *members, **how)
        return str(told[""][1])

    one, other = report("c1", 1), report("c2", 1)
    swapped = bundles.bundle([other]).written()
    assert refused(one, spoil=lambda bundle: swapped) == "exchange.E080"
    assert refused(one, one) == "exchange.E079"
    assert refused(one, spoil=lambda bundle: b'{"members": []}') == "exchange.E078"
    assert refused(one, spoil=lambda bundle: b'{"members": 1}') == "exchange.E077"
    assert refused(one, by=new_signer()) == "exchange.E006"
    key = laboratory.signer.key_id
    partners.revoke_key(key, "遗失（虚构）", actor=SYSTEM, at=timezone.now())
    assert refused(one) == "exchange.E009"
    with acting_as(SYSTEM):
        assert not Incoming.objects.filter(message_id__startswith="c").exists()


def test_the_root_is_part_of_what_is_signed(laboratory: Laboratory) -> None:
    bundle = bundles.bundle([report("d1", 1)])
    headers = envelopes.request_headers(
        "POST", URL, bundle.written(), {envelopes.ID: '"d"'}, laboratory.signer, timezone.now()
    )
    kind = headers.pop("content-type")
    headers[envelopes.BUNDLE] = bundle.header  # nobody signed it
    answer = Client().post(
        "/exchange/in/bundle", bundle.written(), content_type=kind, headers=headers
    )
    assert (answer.status_code, _told(answer.content)) == (403, "exchange.E003")


@dataclass
class Scripted:
    """A way that keeps what was sent, and answers by a script; None: it cannot be reached."""

    answer: Callable[[Member], Replied] | None
    sent: list[list[Member]] = field(default_factory=list)

    def send_together(self, together: Together, by: Signer) -> dict[str, Replied]:
        self.sent.append(list(together.bundle.members))
        if self.answer is None:
            raise Unreachable(Text("没有答复", "no answer"))
        return {each.id: self.answer(each) for each in together.bundle.members}


@pytest.fixture
def way(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The laboratory takes bundles on a way that the test scripts."""
    now = timezone.now()
    partners.enter_partner(ORGANISATION, bundles=True, actor=SYSTEM, at=now)
    made = Scripted(lambda member: Replied(200, json.dumps(GOOD).encode()))
    monkeypatch.setattr(ports, "bundling", lambda: made)
    return made


def put(number: int, series: str = "", what: str = "土") -> UUID:
    body = json.dumps({"number": f"N{number}", "what": what})
    now = timezone.now()
    with acting_as(SYSTEM):
        row = Outgoing.objects.create(
            pk=uuid4(),
            connector="laboratory",
            message="test",
            organisation=ORGANISATION,
            body=body,
            digest=hashlib.sha256(body.encode()).hexdigest(),
            asked_at=now,
            due_at=now,
            series=series,
            serial=number if series else 0,
        )
    return row.pk


def now_of(message: UUID) -> Outgoing:
    with acting_as(SYSTEM):
        return Outgoing.objects.get(pk=message)


def test_a_job_for_one_takes_along_all_that_is_due_in_its_order(way: Scripted) -> None:
    second, first, alone = put(2, "s"), put(1, "s"), put(9)
    sending.send(alone, at=timezone.now())
    ((*members,),) = way.sent
    assert {each.id for each in members} == {str(each) for each in (first, second, alone)}
    series = [(each.id, each.serial, each.follows) for each in members if each.series]
    assert series == [(str(first), 1, 0), (str(second), 2, 1)]
    assert {now_of(each).state for each in (first, second, alone)} == {State.DONE}
    assert len({now_of(each).leaf for each in (first, second, alone)}) == 3
    sending.send(first, at=timezone.now())
    assert len(way.sent) == 1, "the jobs of the others find them gone"


def test_a_refusal_of_one_leaves_the_others_as_answered(way: Scripted) -> None:
    good, late, bad, odd = put(1), put(2), put(3), put(4)

    def answer(member: Member) -> Replied:
        if member.id == str(late):
            return Replied(409, b"{}", timedelta(seconds=5), "early")
        if member.id == str(bad):
            return Replied(422, b"{}", None, "unfit")
        return Replied(200, json.dumps(GOOD if member.id == str(good) else {"x": 1}).encode())

    way.answer = answer
    sending.send(good, at=timezone.now())
    assert now_of(good).state == State.DONE
    assert now_of(late).state == State.WAITING
    assert now_of(late).due_at > timezone.now()
    dead = [now_of(each) for each in (bad, odd)]
    assert [each.state for each in dead] == [State.DEAD, State.DEAD]
    assert [each.problem["id"] for each in dead] == ["exchange.E035", "connector.E011"]


def test_a_later_one_of_a_series_stays_where_an_earlier_one_is_stuck(way: Scripted) -> None:
    first, second = put(1, "s"), put(2, "s")
    with acting_as(SYSTEM):
        Outgoing.objects.filter(pk=first).update(state=State.DEAD)
    sending.send(second, at=timezone.now())
    assert (way.sent, now_of(second).state) == ([], State.WAITING)


def test_what_was_altered_on_its_way_may_come_again(laboratory: Laboratory) -> None:
    """A byte that another hand has changed makes no dead letter: whoever sent it signs it anew."""
    body, url = b'{"number": "N1", "opinion": "fit"}', "/exchange/in/laboratory/opined"
    for changed, waits in ((body + b" ", "5"), (body, None)):
        by = laboratory.signer if waits else new_signer()
        given = {envelopes.ID: f'"{uuid4()}"'}
        address = f"http://testserver{url}"
        headers = envelopes.request_headers("POST", address, body, given, by, timezone.now())
        kind = headers.pop("content-type")
        answer = Client().post(url, changed, content_type=kind, headers=headers)
        assert (answer.status_code, answer.headers.get("retry-after")) == (403, waits)
    assert Replied(403, wait=timedelta(seconds=5)).worth_another_try
    assert not Replied(403).worth_another_try, "an unknown key is for an operator"


def test_what_failed_together_is_one_failure_of_the_line(way: Scripted) -> None:
    way.answer = None
    some = [put(number) for number in range(5)]
    sending.send(some[0], at=timezone.now())
    assert {now_of(each).state for each in some} == {State.WAITING}
    assert {(now_of(each).attempts, now_of(each).problem["id"]) for each in some} == {
        (1, "exchange.E033")
    }
    with acting_as(SYSTEM):
        assert Line.objects.get().failures == 1
    later = timezone.now() + timedelta(minutes=1)
    way.answer = lambda member: Replied(200, json.dumps(GOOD).encode())
    sending.send(some[0], at=later)
    assert {now_of(each).state for each in some} == {State.DONE}


def test_after_a_rest_one_message_alone_finds_out(way: Scripted) -> None:
    some, now = [put(number) for number in range(3)], timezone.now()
    way.answer = None
    for attempt in range(3):
        sending.send(some[0], at=now + timedelta(seconds=20 * attempt))
    assert len(way.sent) == 3
    rested = now + timedelta(minutes=2)
    sending.send(some[0], at=rested)
    assert len(way.sent[-1]) == 1
