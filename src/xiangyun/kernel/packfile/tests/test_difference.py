"""Two versions of a file: what changed is said by its place, whatever moved."""

from __future__ import annotations

import pytest

from xiangyun.kernel.packfile.difference import Change, difference, differences

OLD = """\
code: company
fields:
  - {name: code, type: text}
  - {name: capital, type: number, scale: 2}
readers: [desk]
"""


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("scale: 2", "scale: 4", [Change("fields.capital.scale", "2", "4")]),
        (", scale: 2", "", [Change("fields.capital.scale", "2", None)]),
        ("[desk]", "[desk, reviewer]", [Change("readers.2", None, "reviewer")]),
        ("code: company", "# a remark\ncode: company", []),
    ],
)
def test_a_change_is_said_by_its_place(old: str, new: str, changes: list[Change]) -> None:
    assert difference(OLD, OLD.replace(old, new, 1)) == changes


def test_fields_in_another_order_are_no_change() -> None:
    lines = OLD.splitlines()
    moved = "\n".join([*lines[:2], lines[3], lines[2], *lines[4:]])
    assert difference(OLD, moved) == []


def test_what_cannot_be_read_and_what_is_new_are_changes_too() -> None:
    assert difference("a: [", "a: 1") == [Change("", "a: [", None), Change("a", None, "1")]
    assert differences({}, {"x.yaml": "a: 1"}) == {"x.yaml": [Change("a", None, "1")]}
