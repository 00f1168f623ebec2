"""A second factor is added, asked for, used once, lost and removed, on pages without JavaScript."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.accounts.queries import actor_by_login
from xiangyun.domain.authentication import actions, totp
from xiangyun.domain.authentication.models import Passkey, RecoveryCode, Totp
from xiangyun.domain.authentication.tests.device import Device
from xiangyun.domain.journal.models import Entry
from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HOST = "services.example.org"


class Clock:
    """The time that the pages see."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Clock:
    settings.ALLOWED_HOSTS = [HOST, "127.0.0.1"]
    clock = Clock(timezone.now())
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


def browser(host: str = HOST) -> Client:
    return Client(HTTP_HOST=host)


def typed(client: Client, login: str = "shouli", password: str = PASSWORD) -> str:
    """Type login and password; where that leads."""
    return str(client.post("/login", {"login": login, "password": password})["Location"])


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def secret_on(text: str) -> str:
    found = re.search(r'href="(otpauth:[^"]+)"', text)
    assert found
    return parse_qs(urlsplit(unquote(found[1])).query)["secret"][0]


def add_app(client: Client, clock: Clock) -> tuple[str, list[str]]:
    """Add an app as somebody who is logged in; its secret and the recovery codes."""
    client.post("/account/second-factor/app/begin")
    secret = secret_on(page(client, "/account/second-factor/app"))
    code = totp.code_at(secret, totp.step_of(clock.now))
    answer = client.post("/account/second-factor/app", {"code": code, "password": PASSWORD})
    assert answer.status_code == 200, answer.content.decode()
    clock.forward(seconds=60)
    return secret, re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", answer.content.decode())


def verbs(login: str = "shouli") -> list[tuple[str, object]]:
    actor = actor_by_login(login)
    assert actor is not None
    with acting_as(SYSTEM):
        entries = Entry.objects.filter(owner=actor.account, subject__startswith="account/")
        return [(entry.verb, entry.data.get("kind")) for entry in entries.order_by("pk")]


def test_an_app_is_added_and_from_then_on_its_code_is_asked_for(clock: Clock) -> None:
    client = browser()
    assert typed(client) == "/office/"
    secret, codes = add_app(client, clock)
    assert len(set(codes)) == 10
    again = browser()
    assert typed(again) == "/login/second"
    assert not is_in(again)
    assert "第二步验证" in page(again, "/login/second")
    code = totp.code_at(secret, totp.step_of(clock.now))
    answer = again.post("/login/second", {"way": "code", "code": f"{code[:3]} {code[3:]}"})
    assert answer["Location"] == "/office/"
    assert is_in(again)
    assert verbs() == [("factor.added", "totp"), ("factor.passed", "totp")]


def test_a_code_counts_once_and_only_near_its_time(clock: Clock) -> None:
    client = browser()
    typed(client)
    secret, _ = add_app(client, clock)
    first, second = browser(), browser()
    code = totp.code_at(secret, totp.step_of(clock.now))
    for step, way_in in ((0, first), (0, second)):
        typed(way_in)
        way_in.post("/login/second", {"code": totp.code_at(secret, totp.step_of(clock.now) + step)})
    assert [is_in(first), is_in(second)] == [True, False]
    assert second.post("/login/second", {"code": code}).status_code == 422
    for step in (-3, -2, 2, 3):
        late = totp.code_at(secret, totp.step_of(clock.now) + step)
        assert second.post("/login/second", {"code": late}).status_code in (422, 302)
        assert not is_in(second)
    clock.forward(seconds=30)
    third = browser()
    typed(third)
    third.post("/login/second", {"code": totp.code_at(secret, totp.step_of(clock.now))})
    assert is_in(third)


def test_after_five_wrong_codes_the_password_is_asked_for_and_the_owner_is_told(
    clock: Clock,
) -> None:
    client = browser()
    typed(client)
    add_app(client, clock)
    guesser = browser()
    typed(guesser)
    statuses = [guesser.post("/login/second", {"code": "000"}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 302]
    assert guesser.get("/login/second")["Location"] == "/login"
    assert "第二步验证多次错误" in page(guesser, "/login")
    assert verbs()[-1] == ("factor.missed", None)


def test_the_second_step_waits_ten_minutes_and_ends_with_the_password(clock: Clock) -> None:
    client = browser()
    typed(client)
    secret, _ = add_app(client, clock)
    slow, changed = browser(), browser()
    typed(slow)
    typed(changed)
    clock.forward(minutes=9)
    assert slow.get("/login/second").status_code == 200
    client.post("/account", {"present": PASSWORD, "new": "祥云之上九重天开门见山"})
    assert changed.get("/login/second")["Location"] == "/login"
    clock.forward(minutes=2)
    late = {"code": totp.code_at(secret, totp.step_of(clock.now))}
    assert slow.post("/login/second", late)["Location"] == "/login"
    assert not is_in(slow)


def test_nobody_changes_factors_between_the_password_and_the_second_step(clock: Clock) -> None:
    client = browser()
    typed(client)
    add_app(client, clock)
    half = browser()
    typed(half)
    for path in ("", "/app", "/passkey", "/codes"):
        assert half.get(f"/account/second-factor{path}")["Location"] == "/login/second"
    assert half.post("/account/second-factor/app/begin")["Location"] == "/login/second"


def test_a_recovery_code_lets_in_once(clock: Clock) -> None:
    client = browser()
    typed(client)
    _, codes = add_app(client, clock)
    lost, again = browser(), browser()
    for way_in in (lost, again):
        typed(way_in)
        way_in.post("/login/second", {"way": "recovery", "recovery": codes[0].upper()})
    assert [is_in(lost), is_in(again)] == [True, False]
    assert "还剩 9 个" in page(lost, "/account/second-factor")
    lost.post("/account/second-factor/codes", {"password": PASSWORD})
    again.post("/login/second", {"way": "recovery", "recovery": codes[1]})
    assert not is_in(again)


def options_on(client: Client, path: str) -> str:
    found = re.search(r'data-options="([^"]+)"', client.get(path).content.decode())
    assert found
    return html.unescape(found[1])


def add_passkey(client: Client, device: Device, label: str = "办公室") -> int:
    made = device.made(options_on(client, "/account/second-factor/passkey"))
    sent = {"credential": made, "label": label, "password": PASSWORD}
    return client.post("/account/second-factor/passkey", sent).status_code


def test_a_passkey_is_added_and_lets_in() -> None:
    client, device = browser(), Device(origin=f"http://{HOST}")
    typed(client)
    assert add_passkey(client, device) == 200
    way_in = browser()
    assert typed(way_in) == "/login/second"
    answer = device.used(options_on(way_in, "/login/second"))
    way_in.post("/login/second", {"way": "passkey", "credential": answer})
    assert is_in(way_in)
    assert verbs() == [("factor.added", "passkey"), ("factor.passed", "passkey")]


def test_a_passkey_without_a_name_is_called_by_the_day_of_the_office(clock: Clock) -> None:
    clock.now = clock.now.replace(hour=16, minute=30)  # UTC: half past midnight in Jilin
    client, device = browser(), Device(origin=f"http://{HOST}")
    typed(client)
    assert add_passkey(client, device, label=" ") == 200
    with acting_as(SYSTEM):
        assert Passkey.objects.get().label == timezone.localdate(clock.now).isoformat()


def test_a_passkey_that_proves_nothing_lets_nobody_in() -> None:
    client, device = browser(), Device(origin=f"http://{HOST}")
    typed(client)
    add_passkey(client, device)
    way_in = browser()
    typed(way_in)
    right = device.used(options_on(way_in, "/login/second"))
    stranger = Device(origin=f"http://{HOST}", identifier=device.identifier, count=7)
    elsewhere = Device(origin="http://services.example.net", identifier=device.identifier, count=8)
    elsewhere.key = device.key
    options_of_old = json.dumps({"challenge": "b2xk"})
    for forge in (
        lambda asked: stranger.used(asked),  # another key
        lambda asked: elsewhere.used(asked),  # a page that only looks like ours
        lambda asked: device.used(options_of_old),  # another challenge
        lambda asked: "{}",
    ):
        typed(way_in)
        asked = options_on(way_in, "/login/second")
        sent = {"way": "passkey", "credential": forge(asked)}
        assert way_in.post("/login/second", sent).status_code == 422
        assert not is_in(way_in)
    typed(way_in)
    way_in.get("/login/second")
    assert way_in.post("/login/second", {"way": "passkey", "credential": right}).status_code == 422


def test_a_copied_passkey_is_noticed_by_its_counter() -> None:
    client, device = browser(), Device(origin=f"http://{HOST}")
    typed(client)
    add_passkey(client, device)
    for count, lets_in in ((5, True), (2, False)):  # the copy stands where the device stood
        way_in = browser()
        typed(way_in)
        device.count = count
        answer = device.used(options_on(way_in, "/login/second"))
        way_in.post("/login/second", {"way": "passkey", "credential": answer})
        assert is_in(way_in) is lets_in


def test_a_passkey_belongs_to_one_account_and_is_offered_under_a_name_alone() -> None:
    client, other, device = browser(), browser(), Device(origin=f"http://{HOST}")
    typed(client)
    typed(other, "shencha")
    assert add_passkey(client, device) == 200
    assert add_passkey(other, device) == 422
    by_number = browser("127.0.0.1")
    typed(by_number, "jueding")
    assert by_number.get("/account/second-factor/passkey").status_code == 404
    assert "用 IP 地址不行" in page(by_number, "/account/second-factor")


def test_a_change_takes_the_password_and_the_last_factor_takes_the_codes_along(
    clock: Clock,
) -> None:
    client = browser()
    typed(client)
    add_app(client, clock)
    app = re.search(
        r'href="(/account/second-factor/[^"]+/remove)"', page(client, "/account/second-factor")
    )
    assert app
    wrong = client.post(app[1], {"password": "not it"})
    assert wrong.status_code == 422
    assert "这是最后一种" in page(client, app[1])
    assert client.post(app[1], {"password": PASSWORD})["Location"] == "/account/second-factor"
    with acting_as(SYSTEM):
        assert not Totp.objects.exists()
        assert not RecoveryCode.objects.exists()
    assert typed(browser()) == "/office/"
    assert verbs()[-1] == ("factor.removed", "totp")


def test_nobody_sees_or_removes_factors_of_others(clock: Clock) -> None:
    client, other = browser(), browser()
    typed(client)
    add_app(client, clock)
    typed(other, "shencha")
    with acting_as(SYSTEM):
        factor = Totp.objects.get().pk
    assert other.post(f"/account/second-factor/{factor}/remove").status_code == 404
    shencha = actor_by_login("shencha")
    assert shencha is not None
    with acting_as(shencha):
        assert not Totp.objects.exists()
        assert not RecoveryCode.objects.exists()


def test_the_database_holds_no_secret_in_clear(clock: Clock) -> None:
    client = browser()
    typed(client)
    secret, codes = add_app(client, clock)
    with acting_as(SYSTEM):
        kept = bytes(Totp.objects.get().secret)
        hashes = b"".join(bytes(one.fingerprint) for one in RecoveryCode.objects.all())
    assert secret.encode() not in kept
    assert not [code for code in codes if code.replace("-", "").encode() in hashes]


@pytest.fixture
def demanded(settings: Settings) -> None:
    settings.SECOND_FACTOR = "required"


@pytest.mark.usefixtures("demanded")
def test_a_new_official_adds_a_factor_at_the_first_log_in_and_is_let_in(clock: Clock) -> None:
    client = browser()
    client.post("/login?next=/office/overdue", {"login": "duban", "password": PASSWORD})
    assert not is_in(client)
    assert "请现在添加一种" in page(client, "/account/second-factor")
    client.post("/account/second-factor/app/begin")
    secret = secret_on(page(client, "/account/second-factor/app"))
    wrong = client.post("/account/second-factor/app", {"code": "000000"})
    assert wrong.status_code == 422
    code = totp.code_at(secret, totp.step_of(clock.now))
    answer = client.post("/account/second-factor/app", {"code": code})
    assert "/office/overdue" in answer.content.decode()
    assert is_in(client)
    assert typed(browser(), "wang") == "/"  # a citizen need not


@pytest.mark.usefixtures("demanded")
def test_an_official_of_before_has_days_of_grace_then_none(
    clock: Clock,
) -> None:
    actor = actor_by_login("shouli")
    assert actor is not None
    with connection.cursor() as cursor:  # as the migration does, which is the tables' owner
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("INSERT INTO authentication_grace (account_id) VALUES (%s)", [actor.account])
        cursor.execute("SET LOCAL ROLE xiangyun_runtime")
    client = browser()
    assert typed(client) == "/account/second-factor?next=%2Foffice%2F"
    assert "以后再说" in page(client, "/account/second-factor?next=/office/")
    assert is_in(client)
    clock.forward(days=15)
    late = browser()
    assert typed(late) == "/account/second-factor"
    assert not is_in(late)


@pytest.mark.usefixtures("demanded")
def test_the_last_factor_stays_where_one_is_demanded(clock: Clock) -> None:
    client = browser()
    client.post("/login", {"as": "shouli"})
    add_app(client, clock)
    with acting_as(SYSTEM):
        app = Totp.objects.get().pk
    answer = client.post(f"/account/second-factor/{app}/remove", {"password": PASSWORD})
    assert "最后一种不能停用" in answer.content.decode()
    assert add_passkey(client, Device(origin=f"http://{HOST}")) == 302
    client.post(f"/account/second-factor/{app}/remove", {"password": PASSWORD})
    with acting_as(SYSTEM):
        assert (Totp.objects.count(), Passkey.objects.count()) == (0, 1)


def test_a_reset_takes_all_factors_and_is_written_down(clock: Clock) -> None:
    client = browser()
    typed(client)
    add_app(client, clock)
    actor, by = actor_by_login("shouli"), actor_by_login("fabu")
    assert actor is not None
    assert actor.account is not None
    assert by is not None
    assert actions.reset(actor.account, by=by, reason="手机遗失", at=clock.now) == 1
    assert typed(browser()) == "/office/"
    assert verbs()[-1] == ("factor.reset", None)
    with acting_as(SYSTEM):
        entry = Entry.objects.filter(verb="factor.reset").get()
    assert (entry.actor, entry.private["reason"]) == (by.account, "手机遗失")
