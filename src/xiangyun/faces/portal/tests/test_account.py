"""Log-ins that are open, and a changed password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from xiangyun.adapters.passwords import Argon2id
from xiangyun.domain.accounts import actions as opening
from xiangyun.domain.accounts import jobs, queries, sessions
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.accounts.models import Account, Session
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.site import settings as shipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
NEW = "祥云之上九重天开门见山"


def logged_in(login: str = "wang", password: str = PASSWORD, agent: str = "Browser") -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/login", {"login": login, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/cases").status_code == 200


def test_a_person_sees_where_the_own_account_is_logged_in_and_nobody_elses() -> None:
    phone, desktop = logged_in(agent="A phone"), logged_in(agent="A desktop")
    logged_in("li", agent="Somebody else")
    shown = phone.get("/account").content.decode()
    assert "A phone" in shown
    assert "A desktop" in shown
    assert "Somebody else" not in shown
    assert is_in(desktop)


def test_all_other_log_ins_can_be_ended_from_one() -> None:
    phone, desktop, other = logged_in(), logged_in(), logged_in("li")
    phone.post("/account/end-sessions")
    assert [is_in(client) for client in (phone, desktop, other)] == [True, False, True]


def test_a_changed_password_ends_the_other_log_ins_and_keeps_this_one() -> None:
    phone, desktop = logged_in(), logged_in()
    changed = phone.post("/account", {"present": PASSWORD, "new": NEW})
    assert changed.status_code == 302
    assert [is_in(phone), is_in(desktop)] == [True, False]
    assert not is_in(logged_in())
    assert is_in(logged_in(password=NEW))


def test_a_session_without_its_proof_is_nobodys() -> None:
    client = logged_in()
    kept = client.session
    kept[sessions.PROOF] = "forged"
    kept.save()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("present", "new", "words"),
    [
        ("not it", NEW, "原密码不对"),
        (PASSWORD, "12345678901", "太容易猜到"),
        (PASSWORD, "short", "太容易猜到"),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(present: str, new: str, words: str) -> None:
    client = logged_in()
    answer = client.post("/account", {"present": present, "new": new})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert is_in(logged_in())


def test_expired_log_ins_leave_the_table() -> None:
    client = logged_in()
    Session.objects.filter(session_key=client.session.session_key).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )
    before = Session.objects.count()
    jobs.clean(0)
    assert Session.objects.count() < before
    assert not is_in(client)


def kept_password(login: str) -> str:
    with acting_as(SYSTEM):
        return Account.objects.get(login=login).password


@pytest.mark.parametrize("earlier", ["pbkdf2_sha256", "cheaper argon2id"])
def test_a_password_kept_in_an_earlier_way_is_kept_as_today_after_the_next_log_in(
    earlier: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    if earlier == "pbkdf2_sha256":
        old = make_password(PASSWORD, hasher="pbkdf2_sha256")
    else:
        with monkeypatch.context() as cheaper:
            cheaper.setattr(Argon2id, "time_cost", 1)
            old = make_password(PASSWORD)
    with acting_as(SYSTEM):
        Account.objects.filter(login="wang").update(password=old)
    assert queries.actor_by_password("wang", "not it") is None
    assert kept_password("wang") == old
    assert is_in(logged_in())
    assert kept_password("wang").startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_in(logged_in())


def test_fictitious_accounts_log_in_nowhere_outside_of_a_demonstration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = logged_in()
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    client = Client()
    assert client.post("/login", {"login": "wang", "password": PASSWORD}).status_code == 422
    assert client.post("/login", {"as": "wang"}).status_code == 422
    assert not is_in(client)
    assert not is_in(before), "nor does a log-in from before go on"


def test_of_a_load_of_fictitious_people_some_are_listed_and_all_may_log_in() -> None:
    with acting_as(SYSTEM):
        Account.objects.bulk_create(
            Account(login=f"many-{n:04}", name="多人（虚构）", kind="person", fictitious=True)
            for n in range(400)
        )
    html = Client().get("/login").content.decode()
    assert 100 < html.count(">many-") < 160
    assert "shouli" in html, "officials are not crowded out by people"
    assert "many-0399" not in html
    client = Client()
    assert client.post("/login", {"as": "many-0399"}).status_code == 302
    assert is_in(client)


def test_the_log_in_page_of_a_demonstration_names_the_logins(demonstration: None) -> None:
    html = Client().get("/login").content.decode()
    for login in ("wang", "shouli", "jueding"):
        assert re.search(rf">{login}</span>", html)


def test_the_login_page_lists_first_whom_the_demonstration_made() -> None:
    opening.open_account(login="aaa", password=None, name="样先", kind="person")
    listed = [each.login for each in queries.demonstration_accounts(1)]
    assert "aaa" not in listed
