"""Every page and every operation of the interface, opened as each role: nothing of a case is shown
to whom the case is not shown, whatever the address is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
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
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, as_owner, submitted
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.certificates.models import Certificate
from xiangyun.faces.api.urls import api
from xiangyun.faces.cli import demonstration, story
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.service.secrecy import SEALED

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.slow(minutes=1.5),
]

MARKET = "market/company-registration"
FOUNDERS = {"wang": "王样云", "zheng": "郑样专", "zhou": "周样密"}
"""Whose cases are looked for: everybody's own, his handlers' alone, and sealed."""
BRANDS = ("样普", "样专", "样密")
LOGINS = (
    "",
    *("zheng", "zhou", "gongzhuling", "lianshen", "minzheng", "yanglao", "zhuguan"),
    *("wang", "shouli", "shencha", "jueding", "bangban", "duban", "fabu"),
)
# What does something besides showing: it would end the log-in or change who is asked about.
LEFT_OUT = {"logout", "end_sessions", "set_language", "jsi18n", "login"}


@dataclass(frozen=True)
class Secret:
    """A case that is not everybody's: what to put into addresses, and what must not come back."""

    login: str
    """Who has applied."""
    case: Case
    arguments: dict[str, str]
    number: str
    brand: str
    name: str
    certificate: str

    def told(self, said: str, asked: str) -> set[str]:
        """Its words that an answer says and that were not in the question."""
        words = {self.number, self.brand, self.name, self.certificate}
        return told_of(words, said, asked)


def of_class(secrecy_class: str, version: int) -> None:
    """The service published anew: only their handlers may know its cases; or sealed besides."""
    files = read_folder(packs()[MARKET])
    text = files["service.yaml"].replace(
        "\ndepartment:", f"\nclass: {secrecy_class}\ndepartment:", 1
    )
    files["service.yaml"] = text.replace("\nversion: 1", f"\nversion: {version}")
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


def sent_by(login: str, brand: str, known: Mapping[str, object]) -> Secret:
    """A case of the service as it stands, decided on, with all that hangs on it."""
    name = FOUNDERS[login]
    told = {**known, "brand": brand, "applicant_name": name}
    case = submitted(actor(login), MORNING, **told)
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
    return Secret(login, case, given, case.number, brand, name, certificate.identifier)


@pytest.fixture
def ordinary() -> Secret:
    """A case that is everybody's whose mandate reaches it."""
    return sent_by("wang", BRANDS[0], {})


@pytest.fixture
def secrets(ordinary: Secret) -> list[Secret]:
    """A case of each class beside the others: each stays with the version that it was sent by."""
    made = [ordinary]
    for version, secrecy_class in enumerate(("handlers", "sealed"), 2):
        of_class(secrecy_class, version)
        login, brand = list(FOUNDERS)[version - 1], BRANDS[version - 1]
        accounts.open_account(
            login=login, password=demonstration.PASSWORD, name=FOUNDERS[login], kind="person"
        )
        person = {"name": FOUNDERS[login], "id_number": "11010519491231002X"}
        known = {"applicant_id": person["id_number"], "contact_phone": "13800138000"}
        made.append(sent_by(login, brand, {**story.example_answers(person), **known}))
    return made


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


def told_of(words: Iterable[str], said: str, asked: str) -> set[str]:
    """Which of these words were said without having been in the question."""
    return {word for word in words if word in said and word not in asked}


def words_of(answer: Any) -> str:
    """The text of an answer, whichever way it is sent."""
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content).decode("utf-8", "replace")
    said: str = answer.content.decode("utf-8", "replace")
    return said


def pages(secrets: list[Secret]) -> list[str]:
    """Every address of a page once for each way in which the secrets fill it."""
    return list(
        dict.fromkeys(
            filled(address, secret.arguments)
            for address, name in patterns()
            if not address.startswith("api/") and name not in LEFT_OUT and "static" not in address
            for secret in secrets
        )
    )


def test_no_page_shows_a_case_to_whom_it_is_not_shown(secrets: list[Secret]) -> None:
    wrong, opened = [], 0
    strangers, shown = dict.fromkeys(FOUNDERS, 0), dict.fromkeys(FOUNDERS, 0)
    for login in LOGINS:
        who = actor(login) if login else ANONYMOUS
        sees = {secret.login for secret in secrets if may_see(who, secret)}
        client = Client(raise_request_exception=False)
        if login:
            client.post("/login", {"as": login})
        for secret in secrets:
            strangers[secret.login] += secret.login not in sees
        for asked in pages(secrets):
            answer = client.get(asked)
            opened += answer.status_code == 200
            if answer.status_code >= 500:
                wrong.append(f"{login or 'nobody'} {asked}: {answer.status_code}")
            said = words_of(answer)
            for secret in secrets:
                told = secret.told(said, asked)
                if secret.login not in sees:
                    # The register of companies and the list of fictitious accounts are public.
                    told -= set(FOUNDERS.values()) if "/login" in asked else set()
                    if told:
                        wrong.append(f"{login or 'nobody'} {asked}: {told}")
                    continue
                shown[secret.login] += bool(told & {secret.number, secret.brand})
                # Nobody has open work in it any more: of a sealed one officials read masks.
                masked = {secret.brand, secret.name} if secret.case.need == SEALED else set()
                if login != secret.login and told & masked:
                    wrong.append(f"{login} {asked}: {told & masked} instead of masks")
    assert not wrong, "\n".join(wrong)
    assert min(strangers.values()) >= 5
    # Whoever may see it is shown it: the words are those of pages. Of a case for its handlers
    # alone there are fewer who may.
    assert all(shown[secret.login] >= (5 if secret.case.need else 10) for secret in secrets), shown
    assert opened > 100


def operations() -> Iterator[tuple[str, str]]:
    """Every operation of the interface: its method and its path."""
    for path, by_method in api.get_openapi_schema()["paths"].items():
        for method in by_method:
            yield method, path


def argument_of(secret: Secret, found: re.Match[str]) -> str:
    """What stands in a path of an operation in the place of an argument."""
    return secret.arguments.get(found[1], "1")


def test_no_operation_shows_a_case_to_whom_it_is_not_shown(secrets: list[Secret]) -> None:
    wrong, asked_of = [], 0
    declared = list(operations())
    for login in LOGINS:
        who = actor(login) if login else ANONYMOUS
        hidden = [secret for secret in secrets if not may_see(who, secret)]
        headers = {}
        if login:
            with acting_as(who):
                token = accounts.issue_token(who, label="测试", at=timezone.now())
            headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        program = Client(raise_request_exception=False)
        asking = dict.fromkeys(
            (method, re.sub(r"\{([^}]+)\}", partial(argument_of, secret), path))
            for method, path in declared
            for secret in hidden
        )
        for method, asked in asking:
            answer = program.generic(
                method.upper(), asked, b"{}", content_type="application/json", **headers
            )
            asked_of += 1
            if answer.status_code >= 500:
                wrong.append(f"{login or 'nobody'} {method} {asked}: {answer.status_code}")
            said = words_of(answer)
            for secret in hidden:
                if told := secret.told(said, asked):
                    wrong.append(f"{login or 'nobody'} {method} {asked}: {told}")
    assert not wrong, "\n".join(wrong)
    assert asked_of > 150
    with acting_as(SYSTEM):
        now = {case.pk: case.revision for case in Case.objects.all()}
    assert [now[secret.case.pk] for secret in secrets] == [
        secret.case.revision for secret in secrets
    ]


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


def test_what_is_sent_to_any_page_by_whom_it_is_forbidden_changes_nothing(ordinary: Secret) -> None:
    before, wrong, sent = stands(), [], 0
    for login in ("", "li", "gongzhuling", "minzheng"):
        assert not may_see(actor(login) if login else ANONYMOUS, ordinary)
        client = Client(raise_request_exception=False)
        if login:
            client.post("/login", {"as": login})
        for asked in pages([ordinary]):
            answer = client.post(asked, BODY)
            sent += 1
            if answer.status_code >= 500:
                wrong.append(f"{login or 'nobody'} {asked}: {answer.status_code}")
            if told := ordinary.told(words_of(answer), asked) - {ordinary.name}:
                wrong.append(f"{login or 'nobody'} {asked}: {told}")
    assert not wrong, "\n".join(wrong)
    assert sent > 200
    assert stands() == before
