"""Damaged files: whatever a hand or a tool has done to a model, the answer is a finding."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiangyun.kernel.bpmn.tests.test_damaged import DAMAGE, damaged
from xiangyun.kernel.dmn import check_model, decide, read_model
from xiangyun.kernel.dmn.tests.test_decisions import OLD_AGE, table
from xiangyun.kernel.findings import Refused

RULES = table(rules=OLD_AGE)
CELLS = st.text("0123456789.,-+*/<>=()[]{}\"' abcxifthenforsome?@", max_size=40)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(DAMAGE)
def test_a_damaged_model_is_answered_with_findings_and_never_with_a_crash(damage) -> None:
    text = damaged(RULES, damage)
    for finding in check_model(text):
        assert finding.id.startswith(("dmn.", "feel."))
        assert finding.message.zh
    try:
        model = read_model(text)
    except Refused:
        return
    for decision, _ in model.decisions:
        decide(model, decision, {})


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000), CELLS)
def test_whatever_stands_in_a_cell_is_read_or_told(where: int, typed: str) -> None:
    parts = RULES.split("<text>")
    place = 1 + where % (len(parts) - 1)
    cell = typed.replace("&", "").replace("<", "&lt;")
    parts[place] = f"{cell}</text>{parts[place].partition('</text>')[2]}"
    text = "<text>".join(parts)
    try:
        model = read_model(text)
    except Refused:
        return
    for decision, _ in model.decisions:
        decide(model, decision, {})


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_whatever_is_no_model_is_one_finding(text: str | bytes) -> None:
    assert check_model(text)
