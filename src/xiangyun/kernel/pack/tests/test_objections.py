"""An objection that is rehearsed ends as a real one does, also where a real one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from xiangyun.kernel.pack import Known, check_pack, read_contents, read_pack, registers_in, rehearse
from xiangyun.kernel.pack.tests.shipped import files
from xiangyun.kernel.record import Register

OBJECTION, COMPANIES = "records/record-objection", "market/companies"
LET = f"objection: {OBJECTION}"


def stuck(changes: Mapping[str, str], known: Mapping[str, Register]) -> str:
    """What keeps the first example of the shipped service from its end, with changed answers."""
    pack = read_pack(files(OBJECTION))
    example = pack.examples[0]
    told = rehearse(pack, replace(example, answers={**example.answers, **changes}), registers=known)
    return " ".join(str(each.message) for each in told.findings)


def declared(old: str = "", new: str = "") -> Mapping[str, Register]:
    path = "registers/company.yaml"
    text = files(COMPANIES)[path].replace(old, new)
    return registers_in(Known(read_contents({path: text}, COMPANIES).declarations))


def test_what_may_be_put_right_is_put_right() -> None:
    assert stuck({}, declared()) == ""


@pytest.mark.parametrize(
    ("changes", "known", "said"),
    [
        ({}, declared(LET), "不能在网上提出异议"),  # no objection is taken at all
        ({}, declared(LET, "objection: records/another"), "不能在网上提出异议"),
        ({"field": "code"}, declared(), "不能在网上提出异议"),  # the key names the record
        ({"field": "none"}, declared(), "不能在网上提出异议"),
        ({"register": "nowhere"}, declared(), "不能在网上提出异议"),
        ({"value": "样昨"}, declared(), "已经改成“样详”"),  # it says another thing by now
    ],
)
def test_a_rehearsal_is_refused_as_a_real_case_is(
    changes: dict[str, str], known: Mapping[str, Register], said: str
) -> None:
    assert said in stuck(changes, known)


def test_a_form_that_asks_in_clear_for_a_sensitive_value_is_told() -> None:
    path = "registers/company.yaml"
    before = files(COMPANIES)[path]
    text = before.replace("{name: brand, ", "{name: brand, sensitive: true, ")
    assert text != before
    service = files(OBJECTION)
    service["form.json"] = service["form.json"].replace('"sensitive": "true"', '"a": "b"')
    known = Known(read_contents(service, OBJECTION).declarations)
    found = check_pack({path: text}, COMPANIES, known)
    (told,) = [each for each in found if each.id == "pack.W100"]
    assert "brand" in str(told.message)
    known = Known(read_contents(files(OBJECTION), OBJECTION).declarations)
    assert "pack.W100" not in [each.id for each in check_pack({path: text}, COMPANIES, known)]
