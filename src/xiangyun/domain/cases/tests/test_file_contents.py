"""The content of a file lies outside of the database, wherever it came from."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from xiangyun.adapters.filestores import store
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Material
from xiangyun.domain.files import actions as files
from xiangyun.domain.journal import checks

from .situations import actor, as_owner, submitted

pytestmark = pytest.mark.usefixtures("demonstration")
LEASE = b"%PDF-1.4"


def test_a_file_of_an_earlier_build_is_shown_from_where_it_lies() -> None:
    founder = actor("wang")
    case = submitted(founder)
    older = b"%PDF-1.4 handed in long ago"
    digest = hashlib.sha256(older).hexdigest()
    with as_owner():  # as the earlier build left it
        Material.objects.filter(draft_id=case.pk).update(content=older, digest=digest)
    with acting_as(founder):
        [lease] = cases.materials_of(case)
        assert cases.material_content(founder, case.pk, lease.pk).content == older
    assert store().get(digest) is None


def test_the_audit_finds_a_content_that_is_gone() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        assert checks.compared() == []
        [lease] = Material.objects.filter(draft_id=case.pk)
        store().remove(lease.digest)
        assert {found.id for found in checks.compared()} == {"audit.E005"}
        store().put(lease.digest, LEASE)


def test_a_sweep_leaves_what_cases_and_drafts_name() -> None:
    case = submitted(actor("wang"))
    orphan = files.put(b"%PDF-1.4 never sent")
    files.sweep(timezone.now() + timedelta(days=3))
    with acting_as(SYSTEM):
        [lease] = Material.objects.filter(draft_id=case.pk)
    assert store().get(lease.digest) == LEASE
    assert store().get(orphan) is None
