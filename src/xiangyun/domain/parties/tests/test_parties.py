"""Who and what things are about, and who acts for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.models import Mandate
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.parties import actions, queries
from xiangyun.domain.parties.models import Party, Representation
from xiangyun.kernel.codes.department import DEPARTMENTS, number_of
from xiangyun.kernel.findings import Forbidden, NotFound, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DESK = "bangban"
PLATFORM = actions.By(None, SYSTEM.name, "", timezone.now())


def company(number: int) -> Party:
    with acting_as(SYSTEM):
        return actions.ensure(
            "organisation", f"91222404MA0XY{number:04}X", f"样代{number}公司（虚构）",
            division=222404000000,
        )  # fmt: skip


def director_of(*companies: Party, **how: object) -> Actor:
    wang = actor("wang")
    assert wang.account
    for each in companies:
        representing.represent(
            SYSTEM, party=each.pk, representative=wang.account, proof="register",
            reference="企业登记库", at=timezone.now(), **how,  # type: ignore[arg-type]
        )  # fmt: skip
    return wang


def chosen(who: Actor) -> list[representing.Choice]:
    with acting_as(who):
        return representing.choices(who)


def test_every_account_is_a_party_with_its_own_id() -> None:
    wang = actor("wang")
    with acting_as(wang):
        own = queries.party(wang.account)  # type: ignore[arg-type]
        assert (own.name, own.kind, own.code) == (wang.name, "person", "222404199203150027")
    assert wang.subject == wang.account
    assert not wang.acts_for_another


def test_the_province_has_141_departments_with_numbers_that_stay() -> None:
    with acting_as(SYSTEM):
        actions.load_departments()
    offices = Party.objects.exclude(department=0)
    with acting_as(ANONYMOUS):
        assert offices.count() == len(DEPARTMENTS) == 141
        assert offices.filter(fictitious=True).count() == 41
        assert all("虚构" in each.name for each in offices.filter(fictitious=True))
    assert sorted(each.number for each in DEPARTMENTS.values()) == list(range(1, 142))
    # What stands in rows cannot be given a new number.
    assert [number_of(key) for key in ("fire", "housing", "civil-affairs")] == [46, 13, 7]


def test_a_director_chooses_one_of_three_companies() -> None:
    three = [company(number) for number in range(3)]
    wang = director_of(*three)
    assert [each.party for each in chosen(wang)] == [each.pk for each in three]
    acting = representing.for_party(wang, three[1].pk)
    assert acting is not None
    assert (acting.account, acting.subject) == (wang.account, three[1].pk)
    assert acting.acts_for_another
    assert acting.subject_name == three[1].name
    assert representing.for_party(actor("li"), three[1].pk) is None


@pytest.mark.parametrize(
    "term",
    [
        {"from_on": date.today() + timedelta(days=2)},
        {"from_on": date(2026, 1, 1), "to_on": date(2026, 1, 2)},
    ],
)
def test_a_representation_outside_of_its_days_gives_nothing(term: dict[str, date]) -> None:
    one = company(1)
    wang = actor("wang")
    with acting_as(SYSTEM):
        actions.represent(
            one, queries.party(wang.account),  # type: ignore[arg-type]
            matters=(), proof="register", reference="", by=PLATFORM, **{"to_on": None, **term},
        )  # fmt: skip
    assert representing.for_party(wang, one.pk) is None
    assert chosen(wang) == []


def test_what_has_ended_gives_nothing_at_the_next_request() -> None:
    one = company(1)
    wang = director_of(one)
    session = _session(wang, one)
    assert account_reads.actor_by_session(session).subject == one.pk
    given = chosen(wang)[0].representation
    representing.end(wang, given, reason="离任", at=timezone.now())
    assert account_reads.actor_by_session(session).subject == wang.account
    with acting_as(SYSTEM):
        said = Entry.objects.filter(subject=f"party/{one.pk}").order_by("pk")
        assert [each.verb for each in said] == [
            "party.represented",
            "party.representation_ended",
        ]
        assert all(wang.name not in str(each.data) for each in said)


def _session(who: Actor, party: Party) -> dict[str, str]:
    from xiangyun.domain.accounts.models import Account  # noqa: PLC0415  only its proof is asked

    with acting_as(SYSTEM):
        proof = Account.objects.get(pk=who.account).get_session_auth_hash()
    return {"account": str(who.account), "proof": proof, "subject": str(party.pk)}


def test_nobody_lets_himself_act_for_another() -> None:
    one, wang, li = company(1), actor("wang"), actor("li")
    assert wang.account
    assert li.account
    for who in (wang, li, actor("shencha"), ANONYMOUS):
        for proof in ("consent", "register"):
            with pytest.raises((Forbidden, Refused)):
                representing.represent(
                    who, party=one.pk, representative=wang.account, proof=proof,
                    reference="x", at=timezone.now(),
                )  # fmt: skip
    with acting_as(SYSTEM):
        assert not Representation.objects.exists()


def test_a_person_lets_another_act_by_name_and_number() -> None:
    wang, li = actor("wang"), actor("li")
    at = timezone.now()
    for name, number in (("李样山", "222404198807210015"), ("别人", "222404198807210014")):
        with pytest.raises(NotFound) as unknown:
            representing.consent(wang, id_number=number, name=name, at=at)
        assert unknown.value.findings[0].id == "party.E005"
    representing.consent(
        wang, id_number="222404198807210014", name="李样山", departments=["housing"], at=at
    )
    acting = representing.for_party(li, wang.account)  # type: ignore[arg-type]
    assert acting is not None
    assert acting.speaks_for(wang.account, number_of("housing"))
    assert not acting.speaks_for(wang.account, number_of("fire"))
    assert not acting.speaks_for(wang.account)
    # Who acts in some matters lets nobody else act.
    with pytest.raises(Forbidden):
        representing.represent(
            acting, party=wang.account, representative=actor("shouli").account,  # type: ignore[arg-type]
            proof="consent", at=at,
        )  # fmt: skip


def test_a_desk_enters_a_guardian_by_proof_and_never_itself() -> None:
    desk, wang, li = actor(DESK), actor("wang"), actor("li")
    kinship = {"party": wang.account, "proof": "kinship", "at": timezone.now()}
    with pytest.raises(Refused, match=r"party\.E008"):
        representing.represent(desk, representative=li.account, **kinship)  # type: ignore[arg-type]
    with pytest.raises(Forbidden, match=r"party\.E007"):
        representing.represent(
            desk,
            representative=desk.account,
            reference="户口簿",
            **kinship,  # type: ignore[arg-type]
        )
    given = representing.represent(
        desk,
        representative=li.account,
        reference="户口簿第 3 页",
        **kinship,  # type: ignore[arg-type]
    )
    assert given.given_by == desk.account
    # A stranger can neither see nor end it, and both sides can.
    with acting_as(actor("shencha")):
        assert not Representation.objects.exists()
    with pytest.raises(NotFound):
        representing.end(actor("shencha"), given.pk, reason="", at=timezone.now())
    ended = representing.end(wang, given.pk, reason="", at=timezone.now())
    assert ended.ended_by == wang.account


def test_persons_are_hidden_and_organisations_are_public() -> None:
    one = company(1)
    li = actor("li")
    with acting_as(li):
        assert {each.name for each in Party.objects.filter(kind="person")} == {li.name}
        assert Party.objects.filter(pk=one.pk).exists()
    wang = director_of(one)
    with acting_as(li):
        assert not Party.objects.filter(pk=wang.account).exists()


def test_only_the_platform_writes_parties_and_representations() -> None:
    one, wang = company(1), actor("wang")
    for change in (
        lambda: Party.objects.create(kind="person", name="某（虚构）"),
        lambda: Representation.objects.create(
            party=one, representative_id=wang.account, from_on=date(2026, 1, 1), proof="consent",
            given_at=timezone.now(),
        ),
        lambda: connection.cursor().execute(
            "SELECT xiangyun_merge_party(%s, %s)", [wang.account, one.pk]
        ),
    ):  # fmt: skip
        with acting_as(wang), pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_a_person_known_before_the_first_log_in_is_joined_with_the_account() -> None:
    number = "222404195001010012"
    with acting_as(SYSTEM):
        known = actions.ensure("person", number, "王样母", division=222404001001)
    wang = director_of(known)
    account = accounts.open_account(
        login="muqin", password="xiangyun", name="王样母", kind="person", id_number=number
    )
    mother = actor("muqin")
    assert mother.subjects == (account.pk, known.pk)
    assert mother.speaks_for(known.pk)
    (choice,) = chosen(wang)
    assert choice.party == account.pk
    acting = representing.for_party(wang, account.pk)
    assert acting is not None
    assert known.pk in acting.subjects


def test_a_mandate_outside_of_its_days_gives_nothing_at_the_next_request() -> None:
    shencha = actor("shencha")
    assert shencha.holds("reviewer:market_supervision", 222404000000)
    today = timezone.localdate()
    for first, last in ((today + timedelta(days=1), None), (None, today - timedelta(days=1))):
        with acting_as(SYSTEM):
            Mandate.objects.filter(account=shencha.account).update(from_on=first, to_on=last)
        asking = account_reads.actor_by_login("shencha")
        assert asking is not None
        assert not asking.holds("reviewer:market_supervision", 222404000000)
        assert asking.scope == ()
        assert not account_reads.desks_of([("reviewer:market_supervision", 222404000000)])


def test_a_publisher_whose_term_is_over_publishes_nothing() -> None:
    fabu = actor("fabu")
    with acting_as(SYSTEM):
        Mandate.objects.filter(account=fabu.account).update(to_on=date(2026, 1, 1))
    with acting_as(fabu), connection.cursor() as cursor:
        cursor.execute("SELECT xiangyun_publishes()")
        assert cursor.fetchone() == (False,)


def test_a_mandate_across_departments_gives_the_role_of_each() -> None:
    duban = actor("duban")
    assert duban.holds("supervisor", 222404000000)
    assert duban.holds("supervisor:fire", 222404000000)
    fire = actor("lianshen")
    assert fire.holds("reviewer:fire", 222404000000)
    assert not fire.holds("reviewer:market_supervision", 222404000000)
