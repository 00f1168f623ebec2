"""What pages made of the catalogue stands until something is published or withdrawn."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.models import F

from xiangyun.domain import editions
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries
from xiangyun.domain.catalogue.models import DeclarationVersion, ServiceVersion
from xiangyun.domain.reading import reading
from xiangyun.domain.registers.models import Register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_a_withdrawn_service_is_gone_from_the_next_page() -> None:
    code = queries.current_services()[0].code
    with acting_as(SYSTEM):
        ServiceVersion.objects.filter(code=code).update(current=False)
    assert code not in {each.code for each in queries.current_services()}


def test_what_was_rolled_back_was_never_known() -> None:
    before = queries.names_of([("service", queries.current_services()[0].code)])
    with acting_as(SYSTEM):
        mark = transaction.savepoint()
        ServiceVersion.objects.update(current=False)
        assert queries.names_of(before) == {}
        transaction.savepoint_rollback(mark)
    assert queries.names_of(before) == before


def test_while_a_page_is_read_the_mark_is_asked_once_and_afterwards_again() -> None:
    with acting_as(SYSTEM), reading():
        first = editions.now("catalogue")
        DeclarationVersion.objects.filter(kind="role").update(current=False)
        assert editions.now("catalogue") == first
    assert editions.now("catalogue") != first


def test_each_app_marks_its_own_tables() -> None:
    catalogue, registers = editions.now("catalogue"), editions.now("registers")
    with acting_as(SYSTEM):
        Register.objects.update(version=F("version"))
    assert editions.now("registers") != registers
    assert editions.now("catalogue") == catalogue
