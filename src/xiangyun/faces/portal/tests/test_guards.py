"""Every address of both faces has a guard; what is open to everybody is listed here by name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from xiangyun.faces.portal.views import errors

OPEN = {
    "set_language",
    "alive",
    "portal:home",
    "papers:types",
    "papers:table",  # types of certificates, which are public
    "portal:search",
    "portal:suggest",  # names of services, which are public
    "elder:choose",  # leads back
    "api-docs",
    "portal:region",
    "portal:places",  # names of divisions, which are public
    "portal:login",
    "offers:all",
    "offers:find",  # registers that are public by their declarations
    "offers:one",
    "portal:logout",
    "portal:provider",  # leads to a provider that the instance names; none is named here
    "portal:provider-back",
    "portal:guide",
    "portal:process",
    "portal:offices",  # offices with their hours, which are public
    "portal:which",  # keeps no answer
    "portal:blank-form",  # made of the pack, which is public
    "portal:paper-sample",
    "portal:paper-blank",
    "portal:sample",
    "portal:sample-paper",
    "portal:more",
    "portal:using",
    "portal:accessibility",
    "portal:privacy",
    "portal:progress",  # a number and four signs are asked for, and wrong ones are counted
    "portal:object",  # leads to the record, and on POST to the login
    "portal:report",  # reports are made by whoever likes, without an account
    "portal:report-sent",
    "portal:report-leave",
    "portal:report-begin",
    "portal:start",  # leads to the guide, and on POST to the login
    "portal:verify",
    "rating:figures",  # public figures
    "figures:board",  # those that their declarations open
    "figures:figure",
    "figures:scheme",
    "figures:scheme-place",
    "rating:thanks",
    "rating:counter",  # for everybody; keeps nothing of who it was
    "rating:code",
    "tasks:worker",  # the script of a device; reads nothing
    "payments:provider",  # another house: whoever has the secret address may pay
    "payments:provider-pay",
    "resumes:lab",  # for everybody; keeps nothing
    "resumes:file",
    "portal:qr",  # draws the identifier it is given; reads nothing
}
VALUES = {
    "uuid": str(uuid.uuid4()),
    "path": "market/company-registration",
    "str": "x1",
    "int": "1",
    "slug": "x",
}


def addresses() -> Iterator[tuple[str, str]]:
    """(name, address) of every pattern of the portal and the workbench."""
    yield from _walk(get_resolver().url_patterns, "/", "")


def _walk(
    patterns: list[URLPattern | URLResolver], before: str, space: str
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif pattern.callback.__module__.startswith(
            ("xiangyun.faces.portal", "xiangyun.faces.workbench", "django.views.i18n")
        ) or space in ("portal:", "workbench:", "tasks:"):
            filled = re.sub(r"<(?:(\w+):)?\w+>", lambda m: VALUES[m[1] or "str"], route)
            yield space + str(pattern.name), filled


def test_there_are_addresses_to_guard() -> None:
    names = {name for name, _ in addresses()}
    assert len(names) > 25
    assert {name for name in OPEN if name.startswith("portal:")} <= names


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_nowhere_without_a_login(method: str, demonstration: None) -> None:
    client = Client()
    for name, address in addresses():
        if name in OPEN:
            continue
        answer = getattr(client, method)(address)
        at_login = answer.status_code == 302 and answer["Location"].startswith("/login")
        assert at_login or answer.status_code in (404, 405), (name, method, answer.status_code)


@pytest.mark.django_db
def test_a_citizen_does_not_find_the_workbench(log_in) -> None:
    client = log_in("wang")
    for name, address in addresses():
        if name.startswith("workbench:"):
            assert client.get(address).status_code in (404, 405), name
            assert client.post(address).status_code in (404, 405), name


@pytest.mark.django_db
def test_open_pages_are_served_to_strangers(demonstration: None) -> None:
    client = Client()
    for address in ("/", "/search?q=公司", "/region", "/login", "/verify"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_login_never_leads_to_another_site(demonstration: None) -> None:
    answer = Client().post("/login", {"as": "wang", "next": "https://example.org/"})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_after_login_the_region_is_where_the_person_lives(log_in) -> None:
    assert "永新社区" in log_in("wang").get("/").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_when_the_database_fails_the_page_that_says_so_needs_none(language: str) -> None:
    with override(language):
        answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert ("没有执行" if language == "zh-hans" else "not carried out") in answer.content.decode()


def test_an_absent_page_says_where_to_go_on() -> None:
    with override("zh-hans"):
        answer = errors.not_found(RequestFactory().get("/nothing"))
    assert answer.status_code == 404
    assert "回到首页" in answer.content.decode()


@pytest.mark.django_db
def test_a_last_slash_too_much_leads_to_the_page_that_was_meant() -> None:
    answer = Client().get("/verify/?code=A1")
    assert (answer.status_code, answer["Location"]) == (301, "/verify?code=A1")
    assert Client().post("/verify/").status_code == 404


@pytest.mark.django_db
def test_an_address_that_looks_like_another_site_never_leads_there() -> None:
    answer = Client().get("//example.org/verify/")
    assert not answer.headers.get("Location", "").startswith("//")
