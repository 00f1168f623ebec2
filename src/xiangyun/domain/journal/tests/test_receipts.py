"""A citizen proves an entry with the receipt alone, and cannot prove what was not recorded."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions, queries
from xiangyun.domain.journal.proof import check_receipt
from xiangyun.domain.journal.verdict import read_json

from .conftest import AT, WANG, KeyInMemory

SUBJECT = "22010420260409000001"


@pytest.fixture
def receipt(record, signer, db):
    """Ms Wang's receipt for three entries among those of others, sealed in two tree heads."""
    with acting_as(SYSTEM):
        for n in range(11):
            record(subject=f"case {n}")
            if n % 5 == 0:
                record("task.done", private={"mobile": "13800000000"})
            if n == 6:
                actions.seal(AT, signer)
        actions.seal(AT, signer)
    with acting_as(WANG):
        return json.loads(json.dumps(queries.receipt(SUBJECT)))


def test_a_receipt_is_valid_without_any_database(receipt, signer):
    verdict = check_receipt(receipt, signer.trusted)
    assert verdict.answer == "valid"
    assert all(step.passed for step in verdict.steps)
    assert [entry["index"] for entry in receipt["entries"]] == [1, 7, 13]
    assert receipt["entries"][0]["opened"]["actor_name"]["value"] == WANG.name


def test_a_verdict_names_the_moment_of_the_head_as_people_read_it(receipt, signer):
    receipt["head"]["at"] = "2026-04-09T16:30:00.076921+00:00"
    said = [step.text.zh for step in check_receipt(receipt, signer.trusted).steps]
    assert any("北京时间2026年4月10日 00:30" in about for about in said)
    receipt["head"]["at"] = "yesterday"
    assert any("yesterday" in step.text.zh for step in check_receipt(receipt, signer.trusted).steps)


def test_a_receipt_stays_valid_with_the_personal_details_taken_out(receipt, signer):
    for entry in receipt["entries"]:
        entry["opened"] = {}
    assert check_receipt(receipt, signer.trusted).answer == "valid"
    assert "王小溪" not in json.dumps(receipt, ensure_ascii=False)
    assert "13800000000" not in json.dumps(receipt)


def _set(path, value):
    def change(receipt):
        target = receipt
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value(target[path[-1]]) if callable(value) else value

    return change


ALTERATIONS = {
    "another day": _set(["entries", 0, "leaf"], lambda s: s.replace("2026-04-09", "2026-04-08")),
    "another verb": _set(["entries", 1, "leaf"], lambda s: s.replace("task.done", "case.ended")),
    "another name": _set(["entries", 0, "opened", "actor_name", "value"], "李山（虚构）"),
    "another salt": _set(["entries", 0, "opened", "actor_name", "salt"], "00" * 32),
    "a detail more": lambda r: r["entries"][0]["opened"].update(
        {"private.income": {"value": 1, "salt": "00" * 32}}
    ),
    "another place": _set(["entries", 0, "index"], 2),
    "a smaller tree": _set(["head", "size"], 13),
    "another root": _set(["head", "root"], "00" * 32),
    "a later moment": _set(["head", "at"], "2027-01-01T00:00:00.000000+00:00"),
    "no proof": _set(["entries", 0, "proof"], []),
    "another subject": _set(["subject"], "22010420260409000002"),
    "words that are not proven": lambda r: r.update(note="已批准"),
    "words in an entry": lambda r: r["entries"][0].update(verb="case.approved"),
    "no entry": _set(["entries"], []),
    "a signature of something else": _set(["head", "signature", "value"], "AAAA"),
    "a signature in bad base64": _set(["head", "signature", "value"], "%"),
    "another algorithm": _set(["head", "signature", "algorithm"], "none"),
    "another format": _set(["format"], "xiangyun-receipt/2"),
    "a proof of text": _set(["entries", 0, "proof"], ["x"]),
    "a list for a leaf": _set(["entries", 0, "leaf"], "[]"),
    "no leaf at all": _set(["entries", 0, "leaf"], "{"),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_altered_receipt_is_found(receipt, signer, name):
    altered = copy.deepcopy(receipt)
    ALTERATIONS[name](altered)
    assert altered != receipt
    assert check_receipt(altered, signer.trusted).answer == "altered"


def test_a_receipt_of_an_unknown_key_proves_nothing(receipt, signer):
    assert check_receipt(receipt, {}).answer == "unknown"
    stranger = KeyInMemory()
    assert check_receipt(receipt, stranger.trusted).answer == "unknown"
    # A trusted name for another key does not help either.
    receipt["head"]["signature"]["key_id"] = stranger.key_id
    assert check_receipt(receipt, stranger.trusted).answer == "altered"


def test_what_waits_for_a_tree_head_is_called_unproven(record, signer, db):
    with acting_as(WANG):
        record("case.submitted")
        fresh = check_receipt(queries.receipt(SUBJECT), signer.trusted)
        assert fresh.answer == "unknown"
        actions.seal(AT, signer)
        record("case.read")
        mixed = check_receipt(queries.receipt(SUBJECT), signer.trusted)
    assert mixed.answer == "valid"
    assert "尚待封存" in mixed.headline.zh
    assert mixed.steps[-1].passed is None


def test_one_entry_has_a_receipt_of_its_own(record, signer, db):
    with acting_as(WANG):
        record()
        entry = record("case.read")
        actions.seal(AT, signer)
        receipt = queries.receipt(entry.pk)
    assert receipt is not None
    assert len(receipt["entries"]) == 1
    assert check_receipt(receipt, signer.trusted).answer == "valid"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(json_values)
def test_no_file_makes_the_check_stumble(value):
    try:
        document = read_json(json.dumps(value))
    except ValueError:
        return
    assert check_receipt(document, {}).answer == "altered"


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', "1e999", '"\\ud800"', "[" * 100_000, "9" * 5000, "NaN", "", "1.5"]
)
def test_a_text_with_two_readings_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason, one kind of refusal
        read_json(text)
