"""Every page and every operation of the interface, opened as each role: nothing of a case is shown
to whom the case is not shown, whatever the address is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from xiangyun.adapters.packs import packs
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, secrecy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Material, WorkItem
from xiangyun.domain.cases.tests.situations import act, actor, as_owner, submitted
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.certificates.models import Certificate
from xiangyun.faces.api.urls import api
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.service.secrecy import SEALED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

BRAND, MARKET = "样密", "market/company-registration"
LOGINS = (
    "",
    *("li", "gongzhuling", "lianshen", "minzheng", "yanglao", "zhuguan"),
    *("wang", "shouli", "shencha", "jueding", "bangban", "duban", "fabu"),
)
# What does something besides showing: it would end the log-in or change who is asked about.
LEFT_OUT = {"logout", "end_sessions", "set_language", "jsi18n", "login"}


@dataclass(frozen=True)
class Secret:
    """A case that is not everybody's: what to put into addresses, and what must not come back."""

    case: Case
    arguments: dict[str, str]
    words: tuple[str, ...]


def of_class(secrecy_class: str) -> None:
    """The service published anew: only their handlers may know its cases; or sealed besides."""
    files = read_folder(packs()[MARKET])
    text = files["service.yaml"].replace(
        "\ndepartment:", f"\nclass: {secrecy_class}\ndepartment:", 1
    )
    files["service.yaml"] = text.replace("\nversion: 1", "\nversion: 2")
    if secrecy_class == "sealed":
        secret = (
            '"properties": {"sensitive": "true"}, "validate": {"required": true, "maxLength": 20}'
        )
        for open_, closed in (
            ('"source": "person.name"', '"sensitive": "true", "source": "person.name"'),
            ('"validate": {"required": true, "maxLength": 20}', secret),  # first of all the brand
        ):
            assert open_ in files["form.json"]
            files["form.json"] = files["form.json"].replace(open_, closed)
    with acting_as(SYSTEM) as platform:
        catalogue.publish(MARKET, files, actor=platform, at=timezone.now())


def take_over(login: str) -> None:
    """An official takes over what is a line without names; in an ordinary case there is none."""
    with acting_as(actor(login)) as official:
        for line in cases.untaken():
            secrecy.take_over(line.item, actor=official, at=timezone.now())


@pytest.fixture(params=["ordinary", "handlers", "sealed"])
def secret(request: pytest.FixtureRequest) -> Secret:
    if request.param != "ordinary":
        of_class(request.param)
    case = submitted(actor("wang"), brand=BRAND)
    take_over("shencha")
    act("shencha", case, "agree")
    take_over("jueding")
    act("jueding", case, "approve")
    with acting_as(SYSTEM):
        case = Case.objects.get(pk=case.pk)
        certificate = Certificate.objects.get(case_number=case.number)
        item = WorkItem.objects.filter(case=case)[0]
        material = Material.objects.filter(draft_id=case.pk)[0]
    given = {
        **dict.fromkeys(("case_id", "draft_id", "key", "case"), str(case.pk)),
        **dict.fromkeys(("number", "subject"), case.number),
        **dict.fromkeys(("material_id", "material"), str(material.pk)),
        **dict.fromkeys(("task", "token", "element"), item.token),
        **dict.fromkeys(("code", "service"), MARKET),
    }
    return Secret(case, given, (case.number, BRAND, "王样云", certificate.identifier))


def patterns(found: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address as it is declared, with its name."""
    for each in (found or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield before + str(each.pattern), each.name or ""


def filled(address: str, given: dict[str, str]) -> str:
    """An address with the secret's ids where it takes arguments; other arguments are made up."""

    def argument(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        made = {"int": "1", "uuid": given["case_id"], "slug": "x"}.get(kind, "x")
        return given.get(name, made)

    return "/" + re.sub(r"<([^>]+)>", argument, address).lstrip("/^").rstrip("$")


def may_see(who: Actor, secret: Secret) -> bool:
    if who is ANONYMOUS:
        return False
    with acting_as(who):
        return access.cases_of(who).filter(pk=secret.case.pk).exists()


def told(answer: Any, words: tuple[str, ...], asked: str) -> list[str]:
    """Words of the secret that an answer says and that were not in the question."""
    if getattr(answer, "streaming", False):
        said = b"".join(answer.streaming_content).decode("utf-8", "replace")
    else:
        said = answer.content.decode("utf-8", "replace")
    return [word for word in words if word in said and word not in asked]


def test_no_page_shows_a_case_to_whom_it_is_not_shown(secret: Secret) -> None:
    wrong, strangers, opened, shown = [], 0, 0, 0
    for login in LOGINS:
        who = actor(login) if login else ANONYMOUS
        sees = may_see(who, secret)
        strangers += not sees
        client = Client(raise_request_exception=False)
        if login:
            client.post("/login", {"as": login})
        for address, name in patterns():
            if address.startswith("api/") or name in LEFT_OUT or "static" in address:
                continue
            asked = filled(address, secret.arguments)
            answer = client.get(asked)
            opened += answer.status_code == 200
            if answer.status_code >= 500:
                wrong.append(f"{login or 'nobody'} {asked}: {answer.status_code}")
            if sees:
                shown += bool(told(answer, secret.words[:2], asked))
                # Nobody has open work in it any more: of a sealed one officials read masks.
                hidden = secret.words[1:3] if secret.case.need == SEALED and login != "wang" else ()
                if said := told(answer, hidden, asked):
                    wrong.append(f"{login} {asked}: {said} instead of masks")
            elif said := told(answer, secret.words, asked):
                # The register of companies and the list of fictitious accounts are public.
                public = {"王样云"} if "/login" in asked else set()
                if leaked := [word for word in said if word not in public]:
                    wrong.append(f"{login or 'nobody'} {asked}: {leaked}")
    assert not wrong, "\n".join(wrong)
    assert strangers >= 5
    # Whoever may see it is shown it: the words are those of pages. Of a case for its handlers
    # alone there are fewer who may.
    assert shown >= (5 if secret.case.need else 10)
    assert opened > 100


def operations() -> Iterator[tuple[str, str]]:
    """Every operation of the interface: its method and its path."""
    for path, by_method in api.get_openapi_schema()["paths"].items():
        for method in by_method:
            yield method, path


def test_no_operation_shows_a_case_to_whom_it_is_not_shown(secret: Secret) -> None:
    wrong, asked_of = [], 0
    for login in LOGINS:
        who = actor(login) if login else ANONYMOUS
        if may_see(who, secret):
            continue
        headers = {}
        if login:
            with acting_as(who):
                token = accounts.issue_token(who, label="测试", at=timezone.now())
            headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        program = Client(raise_request_exception=False)
        for method, path in operations():
            asked = re.sub(r"\{([^}]+)\}", lambda found: secret.arguments.get(found[1], "1"), path)
            answer = program.generic(
                method.upper(), asked, b"{}", content_type="application/json", **headers
            )
            asked_of += 1
            if answer.status_code >= 500:
                wrong.append(f"{login or 'nobody'} {method} {asked}: {answer.status_code}")
            if said := told(answer, secret.words, asked):
                wrong.append(f"{login or 'nobody'} {method} {asked}: {said}")
    assert not wrong, "\n".join(wrong)
    assert asked_of > 50
    with acting_as(SYSTEM):
        now = Case.objects.get(pk=secret.case.pk)
    assert now.revision == secret.case.revision


BODY = dict.fromkeys(("action", "note", "reason", "why", "stars", "words", "field", "code"), "x")
STANDS = (
    "SELECT md5(string_agg(c::text, '' ORDER BY c.id)) FROM cases_case c",
    "SELECT md5(string_agg(w::text, '' ORDER BY w.id)) FROM cases_workitem w",
    "SELECT md5(string_agg(c::text, '' ORDER BY c.identifier)) FROM certificates_certificate c",
    "SELECT md5(string_agg(m::text, '' ORDER BY m.id)) FROM accounts_mandate m",
    "SELECT md5(string_agg(r::text, '' ORDER BY r.id)) FROM parties_representation r",
    "SELECT md5(string_agg(r::text, '' ORDER BY r.id)) FROM registers_record r",
    "SELECT md5(string_agg(d::text, '' ORDER BY d.id)) FROM cases_draft d WHERE d.sent",
)


def stands() -> list[object]:
    """What nobody changes who may not, as its owner reads it."""
    with as_owner(), connection.cursor() as cursor:
        found: list[object] = []
        for question in STANDS:
            cursor.execute(question)
            found += cursor.fetchone()
        return found


@pytest.mark.parametrize("secret", ["ordinary"], indirect=True)
def test_what_is_sent_to_any_page_by_whom_it_is_forbidden_changes_nothing(secret: Secret) -> None:
    before, wrong, sent = stands(), [], 0
    for login in ("", "li", "gongzhuling", "minzheng"):
        assert not may_see(actor(login) if login else ANONYMOUS, secret)
        client = Client(raise_request_exception=False)
        if login:
            client.post("/login", {"as": login})
        for address, name in patterns():
            if address.startswith("api/") or name in LEFT_OUT or "static" in address:
                continue
            asked = filled(address, secret.arguments)
            answer = client.post(asked, BODY)
            sent += 1
            if answer.status_code >= 500:
                wrong.append(f"{login or 'nobody'} {asked}: {answer.status_code}")
            if said := [word for word in told(answer, secret.words, asked) if word != "王样云"]:
                wrong.append(f"{login or 'nobody'} {asked}: {said}")
    assert not wrong, "\n".join(wrong)
    assert sent > 200
    assert stands() == before
