"""Whose signature a drawing asks for: checked, and rehearsed as the examples sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xiangyun.kernel.pack import Pack, check_pack, read_pack, rehearse
from xiangyun.kernel.simulation.plan import situation_of

from .shipped import broken, errors, files

CODE, PROCESS = "enforcement/penalty", "process.bpmn"
WAIVED, ON_PAPER = "examples/15-waived.yaml", "examples/16-waived-on-paper.yaml"


def pack(changed: dict[str, str] | None = None) -> Pack:
    return read_pack(changed or files(CODE))


def told(path: str, old: str, new: str) -> list[str]:
    changed = broken(path, old, new, files(CODE))
    return [each.id for each in errors(check_pack(changed, CODE))]


def test_a_shipped_service_has_a_right_waived_by_passkey_or_on_paper() -> None:
    by_key = {example.key: rehearse(pack(), example) for example in pack().examples}
    for key, way in (("15-waived", "passkey"), ("16-waived-on-paper", "paper")):
        made = by_key[key]
        assert (made.outcome, made.findings) == ("paid", ())
        assert made.variables["stated"]["signature"]["way"] == way  # type: ignore[index,call-overload]
        assert "金样一签名放弃" in made.letters[1].body
    assert "放弃" not in by_key["01-ordinary"].letters[1].body


@pytest.mark.parametrize(
    ("path", "old", "new", "id"),
    [
        (PROCESS, 'name="signature" value="required"', 'name="signature" value="yes"', "pack.E028"),
        (PROCESS, 'value="waive" />', 'value="wave" />', "pack.E028"),
        (PROCESS, 'value="waiver"', 'value="words"', "pack.E410"),
        (PROCESS, 'value="register,notary"', 'value="register,friend"', "pack.E028"),
        (PROCESS, '<zeebe:property name="signature" value="required" />', "", "pack.E411"),
        (WAIVED, " signature: passkey,", "", "pack.E413"),
        (WAIVED, "signature: passkey", "signature: pen", "pack.E006"),
        (ON_PAPER, ", waiver: [waiver.pdf]", "", "pack.E413"),
        (WAIVED, "action: pass, by", "action: pass, signature: passkey, by", "pack.E414"),
    ],
)
def test_what_does_not_fit_is_said(path: str, old: str, new: str, id: str) -> None:
    assert id in told(path, old, new)


def test_who_corrects_an_application_is_asked_for_no_signature() -> None:
    properties = '<zeebe:properties><zeebe:property name="signature" value="offered" />'
    shipped = files()
    drawing = shipped[PROCESS]
    at = drawing.index('value="answers"')
    ends = drawing.index("</zeebe:taskHeaders>", at) + len("</zeebe:taskHeaders>")
    rest = drawing[ends:]
    if rest.startswith("<zeebe:properties>"):
        rest = properties + rest.removeprefix("<zeebe:properties>")
    else:
        rest = f"{properties}</zeebe:properties>{rest}"
    found = check_pack({**shipped, PROCESS: drawing[:ends] + rest}, "market/company-registration")
    assert "pack.E412" in [each.id for each in errors(found)]


def test_an_application_is_signed_where_its_start_asks() -> None:
    drawing = files(CODE)[PROCESS]
    start = drawing.index("<bpmn:startEvent")
    end = drawing.index(">", start) + 1
    asks = (
        '<bpmn:extensionElements><zeebe:properties><zeebe:property name="signature" '
        'value="required" /></zeebe:properties></bpmn:extensionElements>'
    )
    changed = {**files(CODE), PROCESS: drawing[:end] + asks + drawing[end:]}
    found = pack(changed)
    example = found.examples[0]
    assert [each.id for each in rehearse(found, example).findings] == ["pack.E413"]
    signed = replace(example, signature="passkey")
    made = rehearse(found, signed)
    assert made.findings == ()
    assert made.variables["filing"]["signature"]["name"] == example.filed_by  # type: ignore[index,call-overload]
    seen = situation_of(found, signed).variables["filing"]
    assert seen["signature"]["way"] == "passkey"  # type: ignore[index,call-overload]
