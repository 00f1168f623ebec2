"""Questions inside a case: the service says who answers them and within what term."""

from __future__ import annotations

import pytest

from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.pack.tests.shipped import broken

RULE = "asked_in_case: {role: acceptor, days: 1}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("asked_in_case: {role: accepter, days: 1}", {"pack.E660"}),
        ("asked_in_case: {role: applicant, days: 1}", {"pack.E660"}),
        ("asked_in_case: {role: acceptor, days: 0}", {"pack.E660"}),
        ("asked_in_case: {role: acceptor, days: 1}\nclass: handlers", {"pack.E661"}),
        (RULE, set()),
    ],
)
def test_a_rule_names_a_role_of_the_service_and_a_term(written: str, said: set[str]) -> None:
    found = check_pack(broken("service.yaml", RULE, written))
    assert {each.id for each in found} & {"pack.E660", "pack.E661"} == said
