"""How much at a time: no more leaves, and no more is taken, than a connector says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.exchange import queries, receiving, sending
from xiangyun.domain.exchange.models import Incoming, Outgoing, State, Taken
from xiangyun.kernel.findings import Conflict
from xiangyun.kernel.pack.kind import Declaration

from .laboratory import ORGANISATION, Laboratory, filed, messages, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def limit(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the connector of the laboratory other limits."""
    declared = queries.declaration("laboratory")
    assert declared is not None

    def limited(**limits: Any) -> None:
        connector = replace(declared.value, limits=replace(declared.value.limits, **limits))
        found = replace(declared, value=connector)

        def known(code: str) -> Declaration | None:
            return found

        monkeypatch.setattr(queries, "declaration", known)
        monkeypatch.setattr(queries, "connector", lambda code: connector)

    return limited


def test_what_is_over_the_limit_of_a_minute_leaves_in_the_next(
    laboratory: Laboratory, limit: Any
) -> None:
    limit(per_minute=2)
    all_of_them = [filed(f"水{n}") for n in range(3)]
    at = (timezone.now() + timedelta(minutes=1)).replace(second=10)
    for case in all_of_them:
        send(case, at)
    rows = [messages(case)[0] for case in all_of_them]
    assert [row.state for row in rows] == [State.DONE, State.DONE, State.WAITING]
    assert rows[2].due_at == at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    assert rows[2].attempts == 0, "a wait is no attempt"
    send(all_of_them[2], rows[2].due_at)
    assert messages(all_of_them[2])[0].state == State.DONE


def test_no_more_are_under_way_at_once_than_the_limit(laboratory: Laboratory, limit: Any) -> None:
    limit(at_once=1)
    first, second, at = filed("一"), filed("二"), timezone.now()
    with acting_as(SYSTEM):
        under_way = {"state": State.SENDING, "leased_until": at + timedelta(minutes=1)}
        Outgoing.objects.filter(pk=messages(first)[0].pk).update(**under_way)
    row = send(second, at)
    assert (row.state, row.due_at) == (State.WAITING, at + timedelta(seconds=1))
    assert laboratory.came == []
    sending.send(row.pk, at=at + timedelta(minutes=2))
    assert messages(second)[0].state == State.DONE


def test_a_message_that_is_longer_than_the_limit_undoes_the_step(
    laboratory: Laboratory, limit: Any
) -> None:
    limit(most_bytes=20)
    with pytest.raises(Conflict, match="more than 20"):
        filed("很长的话")
    with acting_as(SYSTEM):
        assert not Outgoing.objects.exists()


def test_whoever_sends_too_much_in_a_minute_is_asked_to_come_again(
    laboratory: Laboratory, limit: Any
) -> None:
    limit(per_minute=2)
    at = timezone.now()

    def reported(sequence: int, at: datetime) -> receiving.Reply:
        body = f'{{"what": "土", "place": "222404001001", "sequence": {sequence}}}'
        letter = receiving.Letter("laboratory", "reported", f"r{sequence}", body.encode())
        return receiving.receive(letter, ORGANISATION, "key", at)

    replies = [reported(n, at + timedelta(seconds=n)) for n in (1, 2, 3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert replies[2].wait is not None
    assert b"exchange.E061" in replies[2].body
    with acting_as(SYSTEM):
        assert Incoming.objects.filter(state=Taken.DONE).count() == 2
        assert Incoming.objects.count() == 2, "what is asked to come again leaves nothing"
    assert reported(3, at + timedelta(minutes=2)).status == 200
