"""Loans for small companies: one meaning of what fits, the declared order, who may answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xiangyun.adapters.calendar import chinese_calendar_with
from xiangyun.kernel.connector.mapping import context_of, text_of
from xiangyun.kernel.dmn import decide
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.matching import Matching
from xiangyun.kernel.pack import Known, Pack, read_contents, read_pack, registers_in, rehearse
from xiangyun.kernel.pack.outcome import Rehearsal
from xiangyun.kernel.pack.tests.shipped import files

CODE = "finance/sme-financing"
CONTENTS = read_contents(files(CODE), CODE).declarations
PACK = read_pack(files(CODE))
GRADES = {5: "A", 4: "B", 3: "M", 2: "C", 1: "D"}


def rehearsed(key: str, pack: Pack = PACK) -> Rehearsal:
    example = next(each for each in pack.examples if each.key == key)
    declared = (*CONTENTS, *read_contents(files("credit/files"), "credit/files").declarations)
    known = registers_in(Known(declared))
    return rehearse(pack, example, chinese_calendar_with({}), registers=known)


def matching() -> Matching:
    found: Matching = next(each.value for each in CONTENTS if each.kind == "matching")
    return found


@pytest.mark.parametrize("at", range(len(matching().examples)))
def test_a_request_asks_what_the_matching_asks(at: int) -> None:
    """The rules of the case and the table of the matching refuse by the same rows."""
    example = matching().examples[at]
    product: dict[str, Value] = {k: from_json(v) for k, v in example.offer.items()}
    wish: dict[str, Value] = {k: from_json(v) for k, v in example.demand.items()}
    on = wish["wanted_on"]
    assert isinstance(on, date)
    years = int(Decimal(str(wish.get("years", 0))))
    grade = GRADES.get(int(Decimal(str(wish.get("tax_grade", 0)))))
    fields: dict[str, Value] = {
        **dict.fromkeys(("most_rate", "industry"), None),
        **wish,
        "division": str(wish.get("prefecture")) + "00000000",
        "security": "yes" if wish["security"] else "no",
        "founded": on.replace(year=on.year - years),
    }
    empty: Value = {"prefecture": None, "industry": None, "bank": "B", "name": "N", **product}
    graded: Value = [{"year": Decimal(2025), "grade": grade}] if grade else []
    given: dict[str, Value] = {
        "application": fields,
        "products": [empty],
        "grades": graded,
        "filed_on": on,
    }
    assert PACK.rules is not None
    decided = decide(PACK.rules, "fit", given).value
    assert isinstance(decided, dict)
    found = decided["findings"]
    assert isinstance(found, list)
    refused = {str(each["id"]).removeprefix("requirements.") for each in found}
    assert refused == set(example.unmet)


def test_offers_come_by_rate_and_nothing_else_is_weighed() -> None:
    walked = rehearsed("02-three-banks")
    assert walked.findings == ()
    ranked: Any = walked.variables["ranked"]
    assert [each["product"] for each in ranked["offers"]] == ["P-003", "P-002", "P-001"]


def test_a_bank_that_is_silent_is_noted_and_hinders_no_other() -> None:
    walked = rehearsed("06-silent-and-offered")
    assert walked.findings == ()
    replies: Any = walked.variables["replies"]
    assert [each["result"] for each in replies] == ["offered", "silent"]
    assert walked.outcome == "loan_granted"


def test_the_key_of_an_answer_names_who_signed_it_whatever_the_message_says() -> None:
    connector: Any = next(each.value for each in CONTENTS if each.kind == "connector")
    for name in ("answered", "surveyed", "contracted", "lent"):
        received = connector.receives[name]
        body = {"number": "N-1", "sender": "91220101MA0XYBNK16"}
        context = context_of(body, date(2026, 11, 2), "k", "91220101MA0XYBN251")
        assert text_of(received.key, context) == "91220101MA0XYBN251/N-1"
