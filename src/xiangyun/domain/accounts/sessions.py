"""Log-ins that are open: each says whose it is, so that it can be listed and ended.

Django's own table knows no account. A session holds a proof made from the password's hash: with a
changed password it is none any more, wherever the browser is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from xiangyun.domain.planned import planned

from .models import Account, Session

ACCOUNT, PROOF, AGENT = "account", "proof", "agent"
SUBJECT = "subject"
"""The party that the browser acts for, if not for the account's own."""
REPORT = "report"
"""The party of the anonymous report that the browser writes or follows."""
HALF = "half"
HALF_LASTS = timedelta(minutes=10)
"""How long somebody whose password was right may take for the second step."""


class SessionStore(DatabaseStore):
    """Keeps sessions in `Session`; what `settings.SESSION_ENGINE` names."""

    cache_key_prefix: ClassVar[str] = ""
    told: Mapping[str, Any] | None = None
    """What was read with the session of whose it is; see `queries.actor_by_session`."""

    def load(self) -> dict[str, Any]:
        """Called by Django: what the session keeps, read by one statement with whose it is."""
        with planned(), connection.cursor() as cursor:
            asked = [self.session_key, timezone.now()]
            cursor.execute("SELECT xiangyun_asker(%s, %s)::text", asked)
            (found,) = cursor.fetchone() or (None,)
        if found is None:
            self._session_key = None
            return {}
        self.told = json.loads(found)
        kept: dict[str, Any] = self.decode(self.told["data"])
        return kept

    def take(self) -> Mapping[str, Any] | None:
        """What was told of the account, once: whoever asks later asks anew."""
        told, self.told = self.told, None
        return told

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Called by Django."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Called by Django before each writing."""
        made = super().create_model_instance(data)
        assert isinstance(made, Session)
        made.account = UUID(data[ACCOUNT]) if data.get(ACCOUNT) else None
        made.agent = str(data.get(AGENT, ""))[:200]
        made.seen_at = timezone.now()
        return made


def begin(session: Any, account: Account, agent: str = "") -> None:
    """Make this browser's session that of an account, under a new key."""
    session.cycle_key()
    session.pop(HALF, None)
    session[ACCOUNT], session[PROOF] = str(account.pk), account.get_session_auth_hash()
    session[AGENT] = agent


def begin_report(session: Any, party: UUID) -> None:
    """Let a browser write or follow one anonymous report, and be nobody else meanwhile."""
    session.flush()
    session[REPORT] = str(party)
    session.set_expiry(REPORT_LASTS)


REPORT_LASTS = timedelta(minutes=30)
"""How long a browser that does nothing remains with a report."""


def begin_half(session: Any, account: Account, at: datetime, onward: str) -> None:
    """The password was right and more is asked before it goes on to an address.

    Nobody is logged in yet.
    """
    session.cycle_key()
    proof = account.get_session_auth_hash()
    since = {"at": at.isoformat(), "onward": onward, "misses": 0}
    session[HALF] = {ACCOUNT: str(account.pk), PROOF: proof, **since}


def half_of(session: Mapping[str, Any], at: datetime) -> Mapping[str, Any] | None:
    """Whose password was right a short while ago; None for nobody.

    `account` and `proof`, as in a session; `onward`; `misses`, how often the second step failed.
    """
    half: Mapping[str, Any] | None = session.get(HALF)
    if half is None or not abs(at - datetime.fromisoformat(half["at"])) < HALF_LASTS:
        return None
    return half


def is_of(session: Mapping[str, Any], account: Account) -> bool:
    """Whether the session still proves to be the account's."""
    return constant_time_compare(session.get(PROOF) or "", account.get_session_auth_hash())


def open_sessions(account: UUID) -> list[Session]:
    """The log-ins of an account that are open now, the latest first."""
    return list(
        Session.objects.filter(account=account, expire_date__gt=timezone.now()).order_by("-seen_at")
    )


def end_others(account: UUID, key: str | None) -> int:
    """End every log-in of an account but the one with this key; how many there were."""
    ended, _ = Session.objects.filter(account=account).exclude(session_key=key).delete()
    return ended


def clean() -> int:
    """Remove what has expired; how many there were."""
    removed, _ = Session.objects.filter(expire_date__lte=timezone.now()).delete()
    return removed
