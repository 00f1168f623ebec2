"""A certificate with a term from its issue to renewal, change and cancellation, by a pack."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.queries import history
from xiangyun.domain.cases.tests.situations import MORNING, act, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import actions, copies, queries, statuses
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.certificates.ports import signer
from xiangyun.domain.journal import algorithms
from xiangyun.kernel.credential import statuslist
from xiangyun.kernel.credential.sdjwt import Term
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import from_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

PACK = "market/food-licence"
WHOLE = {"division": "222404001001", "promise": True}
NEW = {"matter": "new", "premises": "样街 8 号", "business": "sale"}


def filed(company: Actor, at: datetime, **answers: object) -> Case:
    with acting_as(company):
        draft = drafts.start_draft(PACK, actor=company, at=at)
        form = catalogue.pack(draft.version_id).form
        name = {"company_name": company.name, "company_code": "91222404MA0XY0029L"}
        reading = from_json(form, {**WHOLE, **name, **answers})
        given = {key: value for key, value in reading.answers.items() if value is not None}
        drafts.keep_answers(draft.id, given, actor=company, at=at)
        return cases.submit_case(draft.id, actor=company, at=at)


def licence_of(case: Case) -> Certificate:
    with acting_as(SYSTEM):
        return Certificate.objects.get(case_number=case.number)


def granted(company: Actor, at: datetime, **answers: object) -> Certificate:
    case = filed(company, at, **answers)
    act("jueding", case, "approve", at=at)
    return licence_of(case)


def test_a_licence_is_renewed_changed_and_cancelled_and_each_names_the_next():
    company = actor("cangchu")
    first = granted(company, MORNING, **NEW)
    assert (first.valid_until.year, first.replaces_id) == (MORNING.year + 5, None)
    numbered = {"licence_number": first.number}

    later = MORNING.replace(year=MORNING.year + 5) - timedelta(days=30)
    renewed = granted(company, later, matter="renew", **numbered)
    assert (renewed.replaces_id, renewed.number) == (first.pk, first.number)
    assert renewed.valid_until > first.valid_until
    stays = ("premises", "business")
    assert [said(first, key) for key in stays] == [said(renewed, key) for key in stays]

    changed = granted(
        company, later, matter="change", premises="样街 10 号", business="catering", **numbered
    )
    assert changed.valid_until == renewed.valid_until
    assert said(changed, "premises") == "样街 10 号"

    # Each that was replaced says by which, and each new one, signed, which it replaces.
    assert renewed.pk in queries.standing(first.pk).text.zh
    assert changed.pk in queries.standing(renewed.pk).text.zh
    assert changed.content["replaces"] == renewed.pk
    assert queries.standing(changed.pk, later.date()).in_force

    with acting_as(company):  # that stands in the history of the case which issued the next
        (last, *_) = copies.history_of(Certificate.objects.get(pk=first.pk))
    assert (last.what.en, str(last.purpose.en)) == (
        "Certificate replaced",
        "Replaced after a change",
    )

    case = filed(company, later, matter="cancel", why="不再经营。", **numbered)
    act("jueding", case, "approve", at=later)
    with acting_as(SYSTEM):
        changed.refresh_from_db()
        assert (changed.status, changed.reason_code) == ("cancelled", "05")
        assert "certificate.revoked" in [each.verb for each in history(case)]
        statuses.publish(later, signer("ES256"))
        entries = {each: each.entries.get(kind="certificate") for each in (first, changed)}
        keys = {id_: algorithms.jwk_of(pem) for id_, pem in signer("ES256").trusted.items()}
        found = {}
        for each, entry in entries.items():
            uri = statuses.uri_of(entry.list)
            text, term = queries.published_list(uri), Term(int(later.timestamp()), 60)
            listed = statuslist.opened(text, uri, keys, algorithms.holds, term)
            found[each.pk] = listed[entry.index]
    assert found == {first.pk: statuses.REPLACED, changed.pk: statuslist.INVALID}


def said(of: Certificate, key: str) -> str:
    return next(each["value"]["zh"] for each in of.content["fields"] if each["key"] == key)


def test_nobody_renews_what_another_holds():
    first = granted(actor("cangchu"), MORNING, **NEW)
    later = MORNING.replace(year=MORNING.year + 5) - timedelta(days=30)
    case = filed(actor("peijian"), later, matter="renew", licence_number=first.number)
    with acting_as(SYSTEM):
        assert Case.objects.get(pk=case.pk).outcome == "not_held"
        assert not Certificate.objects.filter(case_number=case.number).exists()
        assert queries.standing(first.pk, later.date()).in_force


def test_a_case_ends_no_certificate_of_another_party(issued):
    with pytest.raises(Refused, match=r"pack\.E570"):
        actions.end_own(
            issued.pk,
            owner=actor("peijian").subject,
            reason="05",
            case_number="1",
            actor=SYSTEM,
            at=MORNING,
        )
