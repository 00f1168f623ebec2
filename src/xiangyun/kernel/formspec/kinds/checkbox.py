"""A box to tick: a promise, a consent, a yes."""

from __future__ import annotations

from collections.abc import Sequence

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.faults import wrong_type
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.properties import REQUIRED, Property, WrongValue, default, flag
from xiangyun.kernel.formspec.questionkind import QuestionKind


def _typed(question: Question, sent: Sequence[str]) -> Value | Finding:
    return bool(sent) and sent[-1].lower() in ("on", "true", "1", "yes")


def _given(question: Question, value: object) -> Value | Finding:
    return value if isinstance(value, bool) else wrong_type(question, "true")


def _retyped(value: Value) -> str:
    return "true" if value else ""


def _unticked(value: object) -> bool:
    if flag(value):
        wanted = Text(" false：替人勾好的不算同意", "false: a box ticked beforehand is no consent")
        raise WrongValue(wanted, "false")
    return False


_DEFAULT: Property = default(
    Text("只能是 false：不替人勾选。", "Only false: nothing is ticked for anybody."), _unticked
)

KIND = QuestionKind(
    "checkbox",
    Text("勾选框", "A box to tick"),
    Text("承诺、同意、是否；必答表示必须勾选。", "A promise, a consent; required means ticked."),
    Text("true 或 false；没问到的为 null", "true or false; null where it was not asked"),
    "true",
    _typed,
    _given,
    retyped=_retyped,
    properties=(REQUIRED, _DEFAULT),
    ask=Text("请阅读并勾选", "Please read and tick"),
)
