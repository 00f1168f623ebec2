"""Logging in by a real provider of OpenID Connect, Canaille, which runs beside the test."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import yaml
from django.test import Client
from django.utils import timezone
from joserfc.jwk import RSAKey
from pytest_django import Settings

from xiangyun.adapters import openid
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.accounts.queries import account_id_of, actor_by_account
from xiangyun.domain.authentication.models import Identity
from xiangyun.domain.staff import people
from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration", "configured")]
BACK = "http://testserver/login/with/province/back"
HOME = "http://testserver/"
ROOT = Path(__file__).resolve().parents[5]
PYTHON = ROOT / "build" / "bench" / "provider" / "bin" / "python"


@pytest.fixture(scope="module")
def provider() -> Iterator[SimpleNamespace]:
    """The provider with one client and two people, as a process of its own."""
    if not PYTHON.exists():
        pytest.skip("the provider is not installed: make test does it")
    command = [str(PYTHON), str(ROOT / "tests" / "openid_provider.py")]
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    asked = {
        "client": "xiangyun",
        "secret": "secret-of-the-client",
        "back": BACK,
        "home": HOME,
        "people": {"jiangyang": "姜样扬", "yinyang": "尹样洋"},
        "password": "correct-horse",
    }
    with (
        pytest.MonkeyPatch.context() as patch,
        subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=bare) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        yield SimpleNamespace(**json.loads(process.stdout.readline()))
        process.stdin.close()


@pytest.fixture
def configured(provider: SimpleNamespace, settings: Settings, tmp_path: Path) -> Path:
    """This instance knows the provider, as the file of an operator says."""
    file = tmp_path / "providers.yaml"
    (tmp_path / "secret").write_text("secret-of-the-client\n")
    entry = {
        "code": "province",
        "name": {"zh": "省统一身份认证", "en": "the province"},
        "issuer": provider.issuer,
        "client": "xiangyun",
        "secret_file": "secret",
    }
    file.write_text(yaml.safe_dump({"providers": [entry]}))
    settings.PROVIDERS = str(file)
    return file


def change(file: Path, **entry: object) -> None:
    """Say something else of the provider."""
    there = yaml.safe_load(file.read_text())
    there["providers"][0] |= entry
    file.write_text(yaml.safe_dump(there))
    os.utime(file, ns=(file.stat().st_mtime_ns + 1, file.stat().st_mtime_ns + 1))


def there(url: str, login: str, browser: requests.Session | None = None) -> str:
    """Walk the provider's pages as a person does; the address here to which it leads back."""
    browser = browser or requests.Session()
    sent: dict[str, str] | None = None
    for _ in range(12):
        answer = (
            browser.post(url, sent, allow_redirects=False)
            if sent is not None
            else browser.get(url, allow_redirects=False)
        )
        sent = None
        if to := answer.headers.get("Location"):
            url = requests.compat.urljoin(url, to)
            if url.startswith("http://testserver"):
                return url
            continue
        if 'name="password"' in answer.text:
            sent = {"password": "correct-horse"}
        elif 'name="login"' in answer.text:
            sent = {"login": login}
        elif 'value="accept"' in answer.text:
            sent = {"answer": "accept"}
        elif 'value="logout"' in answer.text:
            sent = {"answer": "logout"}
        else:
            raise AssertionError(f"{answer.status_code} {url} {answer.text[:2000]}")
    raise AssertionError("the provider leads nowhere")


def asks(url: str, browser: requests.Session) -> bool:
    """Whether the provider asks who it is, instead of leading back at once."""
    for _ in range(6):
        answer = browser.get(url, allow_redirects=False)
        if "Location" not in answer.headers:
            return True
        url = requests.compat.urljoin(url, answer.headers["Location"])
        if url.startswith("http://testserver"):
            return False
    raise AssertionError("the provider leads nowhere")


def begun(client: Client, more: str = "") -> str:
    answer = client.get(f"/login/with/province{more}")
    assert answer.status_code == 302, answer
    return str(answer["Location"])


def here(client: Client, url: str) -> str:
    """Come back from the provider; where that leads."""
    parts = urlsplit(url)
    return str(client.get(f"{parts.path}?{parts.query}")["Location"])


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def said(client: Client, path: str = "/login") -> str:
    return client.get(path).content.decode().partition("<main")[2]


def official(login: str) -> Client:
    """An official who has logged in with the password."""
    client = Client()
    client.post("/login", {"login": login, "password": PASSWORD})
    return client


def linked(login: str, name: str) -> Client:
    """An account that was linked with somebody's identity at the provider, by its owner."""
    client = official(login)
    leading = client.post("/account/with/province/link")
    assert leading["Refresh"] == "0; url=/login/with/province"
    assert here(client, there(begun(client), name)) == "/account"
    return client


def test_the_way_there_carries_a_state_a_nonce_and_a_challenge() -> None:
    asked = parse_qs(urlsplit(begun(Client())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["redirect_uri"] == [BACK]


def test_an_identity_without_an_account_is_not_let_in_and_is_told_what_to_do() -> None:
    client = Client()
    assert "用省统一身份认证登录" in said(client)
    assert here(client, there(begun(client), "jiangyang")) == "/login"
    assert "还没有账户与这个身份关联" in said(client)
    assert not is_in(client)


def test_an_official_links_the_account_and_is_let_in_by_the_provider() -> None:
    linked("shouli", "jiangyang")
    client = Client()
    way = begun(client, "?next=/office/overdue")
    assert here(client, there(way, "jiangyang")) == "/office/overdue"
    assert is_in(client)
    other = Client()
    here(other, there(begun(other), "yinyang"))
    assert not is_in(other)


def test_an_account_is_known_by_its_subject_and_not_by_its_name() -> None:
    """Somebody at the provider who bears the login of an account here is not that account."""
    people.open_account(
        SYSTEM,
        login="jiangyang",
        name="姜样扬",
        division=222404000000,
        office="某局（虚构）",
        at=timezone.now(),
    )
    client = Client()
    assert here(client, there(begun(client), "jiangyang")) == "/login"
    assert not is_in(client)


def test_one_identity_is_linked_with_one_account_and_taken_away_again() -> None:
    first, second = linked("shouli", "jiangyang"), official("shencha")
    second.post("/account/with/province/link")
    here(second, there(begun(second), "jiangyang"))
    assert "已与一个账户关联" in said(second, "/account")
    with acting_as(SYSTEM):
        identity = Identity.objects.get().pk
    assert second.post(f"/account/identities/{identity}/unlink", follow=True).status_code == 200
    with acting_as(SYSTEM):
        assert Identity.objects.exists()
    first.post(f"/account/identities/{identity}/unlink")
    client = Client()
    here(client, there(begun(client), "jiangyang"))
    assert not is_in(client)


def test_a_first_log_in_opens_an_account_where_the_instance_says_so(configured: Path) -> None:
    change(configured, opens="person", claims={"login": "sub"})
    client = Client()
    assert here(client, there(begun(client), "yinyang")) == "/"
    assert is_in(client)
    account = account_id_of("yinyang")
    assert account is not None
    actor = actor_by_account(account)
    assert actor is not None
    assert (actor.name, actor.kind) == ("尹样洋", "person")
    again = Client()
    here(again, there(begun(again), "yinyang"))
    with acting_as(SYSTEM):
        assert Identity.objects.count() == 1
        identity = Identity.objects.get().pk
    client.post(f"/account/identities/{identity}/unlink")
    assert "没有密码" in said(client, "/account")


def test_an_answer_that_was_not_asked_for_or_is_used_twice_lets_nobody_in() -> None:
    linked("shouli", "jiangyang")
    victim, other = Client(), Client()
    answer = there(begun(other), "jiangyang")
    assert here(victim, answer) == "/login"  # begun in another browser
    assert not is_in(victim)
    begun(victim)
    assert here(victim, answer) == "/login"  # with the state of another browser
    assert not is_in(victim)
    here(other, answer)
    assert is_in(other)
    other.post("/logout")
    begun(other)
    here(other, answer)
    assert not is_in(other)


@pytest.mark.parametrize("changed", ["state", "code", "error", "iss"])
def test_an_answer_that_was_changed_on_the_way_lets_nobody_in(changed: str) -> None:
    linked("shouli", "jiangyang")
    client = Client()
    back = there(begun(client), "jiangyang")
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    changed_to = {
        "state": {"state": "x"},
        "code": {"code": "no-code-of-theirs"},
        "error": {"error": "access_denied"},
        "iss": {"iss": "https://id.example.net"},
    }
    assert here(client, f"{BACK}?{urlencode(query | changed_to[changed])}") == "/login"
    assert "没有确认您的身份" in said(client)
    assert not is_in(client)


@pytest.mark.parametrize("forged", ["nonce", "audience", "key", "none"])
def test_a_token_of_another_nonce_audience_or_key_lets_nobody_in(
    forged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked("shouli", "jiangyang")
    client = Client()
    back = there(begun(client), "jiangyang")
    if forged == "nonce":
        for name, kept in client.session.items():
            if name.startswith("_state_"):
                session = client.session
                session[name] = kept | {"data": kept["data"] | {"nonce": "of another log-in"}}
                session.save()
    elif forged == "audience":
        app = openid._app(openid.providers()["province"])
        monkeypatch.setattr(app, "client_id", "another", raising=True)
        monkeypatch.setattr(app, "fetch_access_token", _before(app, "xiangyun"))
    elif forged == "key":
        stranger = RSAKey.generate_key(2048).as_dict(private=False)
        app = openid._app(openid.providers()["province"])
        monkeypatch.setattr(app, "fetch_jwk_set", lambda force=False: {"keys": [stranger]})
    else:
        app = openid._app(openid.providers()["province"])
        fetch = app.fetch_access_token
        unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJqaWFuZ3lhbmcifQ."
        monkeypatch.setattr(
            app, "fetch_access_token", lambda **given: fetch(**given) | {"id_token": unsigned}
        )
    assert here(client, back) == "/login"
    assert not is_in(client)


def _before(app: Any, client_id: str) -> Any:
    """Fetch the token under the right name, though it is judged under another."""
    fetch = app.fetch_access_token

    def fetched(**given: object) -> object:
        name, app.client_id = app.client_id, client_id
        try:
            return fetch(**given)
        finally:
            app.client_id = name

    return fetched


def test_the_second_factor_is_asked_for_here_unless_the_provider_asks(
    configured: Path, settings: Settings
) -> None:
    linked("shouli", "jiangyang")
    settings.SECOND_FACTOR = "required"
    client = Client()
    assert here(client, there(begun(client), "jiangyang")) == "/account/second-factor"
    assert not is_in(client)
    change(configured, second_factor="provider")
    assert here(client, there(begun(client), "jiangyang")) == "/office/"
    assert is_in(client)


def test_a_locked_account_is_not_let_in_by_the_provider() -> None:
    linked("shouli", "jiangyang")
    account = account_id_of("shouli")
    assert account is not None
    people.lock(SYSTEM, account, reason="调离", at=timezone.now())
    client = Client()
    here(client, there(begun(client), "jiangyang"))
    assert "已停用" in said(client)
    assert not is_in(client)


def test_logging_out_here_logs_out_there() -> None:
    linked("shouli", "jiangyang")
    client, browser = Client(), requests.Session()
    here(client, there(begun(client), "jiangyang", browser))
    assert not asks(begun(Client()), browser)  # still known there
    leading = client.post("/logout")
    assert not is_in(client)
    url = leading["Refresh"].removeprefix("0; url=")
    assert re.search(r"[?&]id_token_hint=", url)
    assert there(url, "jiangyang", browser).startswith(HOME)
    assert asks(begun(Client()), browser)


def test_a_provider_that_does_not_answer_or_is_another_is_told(configured: Path) -> None:
    client = Client()
    change(configured, issuer="http://localhost:9")
    assert client.get("/login/with/province")["Location"] == "/login"
    assert "现在没有应答" in said(client)
    assert client.get("/login/with/nowhere").status_code == 404


def test_metadata_of_another_issuer_are_not_taken(
    configured: Path, provider: SimpleNamespace
) -> None:
    change(configured, issuer=provider.issuer.replace("localhost", "127.0.0.1"))
    client = Client()
    assert client.get("/login/with/province")["Location"] == "/login"


@pytest.mark.parametrize(
    "entry",
    [{"issuer": "http://id.example.org"}, {"name": None}, {"shoe": 1}, {"secret_file": "x"}],
)
def test_a_file_that_is_wrong_says_what_is_wrong(configured: Path, entry: dict[str, Any]) -> None:
    change(configured, **entry)
    with pytest.raises(openid.Refused, match=r"provider\.E001"):
        openid.providers()
