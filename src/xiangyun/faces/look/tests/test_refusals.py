"""The kinds of refusal, and what each face makes of them."""

from __future__ import annotations

from typing import get_args

from xiangyun.faces.cli.telling import EXIT
from xiangyun.faces.look.refusals import STATUS
from xiangyun.kernel.bpmn.engine.refusals import NotWaiting
from xiangyun.kernel.feel import FeelSyntaxError
from xiangyun.kernel.findings import (
    Conflict,
    Forbidden,
    NotFound,
    Place,
    RefusalKind,
    Refused,
    Stale,
)
from xiangyun.kernel.worktime import NotCovered


def test_every_kind_has_a_status_and_an_exit_code() -> None:
    kinds = set(get_args(RefusalKind))
    assert {each.kind for each in (Refused, NotFound, Forbidden, Stale, Conflict)} == kinds
    assert STATUS.keys() == EXIT.keys() == kinds
    assert all(400 <= status < 500 for status in STATUS.values())
    assert all(EXIT.values())


def test_what_was_refused_before_is_of_a_kind_now() -> None:
    kinds = {each: each.kind for each in (NotWaiting, NotCovered, FeelSyntaxError)}
    assert kinds == {NotWaiting: "stale", NotCovered: "conflict", FeelSyntaxError: "invalid"}


def test_a_place_is_in_a_file_or_at_a_question() -> None:
    assert str(Place("form.json", 3, 5)) == "form.json:3:5"
    assert str(Place(question="capital")) == "capital"
