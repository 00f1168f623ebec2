"""Grants over the interface: a company's program gives, a bank's looks, nobody else finds them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.grants.tests.situations import BANK, COMPANY, RIVAL, party, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture(autouse=True)
def _firms(demonstration: None) -> None:
    prepare()
    for login, code in (("wang", COMPANY), ("li", BANK), ("li", RIVAL)):
        representing.represent(
            SYSTEM,
            party=party(code).pk,
            representative=actor(login).account,
            proof="register",
            at=timezone.now(),
        )


def asked(login: str, code: str, address: str, body: dict[str, Any] | None = None) -> Any:
    who = actor(login)
    with acting_as(who):
        token = accounts.issue_token(who, label="", at=timezone.now(), days=1)
    headers = {"Authorization": f"Bearer {token}", "Xiangyun-Subject": str(party(code).pk)}
    address = f"/api/grants{address}"
    if body is None:
        answer = Client().get(address, headers=headers)
    else:
        answer = Client().post(address, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_a_bank_looks_by_a_grant_until_it_is_revoked() -> None:
    wish = {"bank": BANK, "purpose": "贷款", "registers": ["firms"]}
    today = timezone.localdate().isoformat()
    status, given = asked("wang", COMPANY, "", {**wish, "until": today})
    assert (status, given["registers"], given["stands"]) == (201, ["firms"], True)
    here = f"/{given['id']}"
    assert [each["id"] for each in asked("li", BANK, "/held")[1]] == [given["id"]]
    status, shown = asked("li", BANK, f"{here}/look", {"version": 1})
    assert [(each["code"], each["record"]["key"]) for each in shown] == [("firms", COMPANY)]
    assert "13804330001" not in str(shown)
    for address, body in ((here, None), (f"{here}/uses", None), (f"{here}/revoke", {})):
        assert asked("li", RIVAL, address, body)[0] == 404, address
    more = {"how": "merge", "version": 1, "registers": ["taxgrades"], "until": today}
    assert asked("wang", COMPANY, f"{here}/amend", more)[1]["version"] == 2
    assert asked("li", BANK, f"{here}/look", {"version": 1})[0] == 409
    assert asked("wang", COMPANY, f"{here}/revoke", {})[1]["stands"] is False
    assert asked("li", BANK, f"{here}/look", {"version": 2})[0] == 403
    uses = [each["verb"] for each in asked("wang", COMPANY, f"{here}/uses")[1]]
    assert uses == ["grant.revoked", "grant.amended", "grant.used", "grant.given"]
