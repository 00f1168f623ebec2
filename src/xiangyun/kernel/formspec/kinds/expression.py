"""A value that follows from other answers: shown, kept and never asked (form-js `expression`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.properties import Property, count, one_of, text
from xiangyun.kernel.formspec.questionkind import QuestionKind, Shown
from xiangyun.kernel.language import CHINESE
from xiangyun.kernel.packfile.display import NUMBERS, Format, written


def _typed(question: Question, sent: Sequence[str]) -> Value | Finding:
    return None  # nobody types it


def _given(question: Question, value: object) -> Value | Finding:
    found: Value = from_json(value)
    return found


def _words(question: Question, value: Value) -> Shown:
    form = question.rules.format
    if isinstance(value, Decimal) and form in NUMBERS:
        return written(value, Format(form, question.rules.decimals), CHINESE)
    return value


def _retyped(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


KIND = QuestionKind(
    "expression",
    Text("算出的值", "A computed value"),
    Text(
        "由前面的答案按 FEEL 算出，页面上随填随算；以服务器算的为准，发来的值不作数。",
        "Follows by FEEL from answers before it, and changes on the page with them; what counts is "
        "what the server computes, whatever was sent.",
    ),
    Text(
        "表达式的值：数字、文字、日期或是否", "what the expression gives: a number, a text, a day"
    ),
    "12.50",
    _typed,
    _given,
    words=_words,
    retyped=_retyped,
    properties=(
        Property(
            "expression",
            Text(
                "以“=”开头的 FEEL，只用前面的问题；列表的行里也用本行的。",
                "FEEL that begins with “=”, over questions before it; in a row also those of the "
                "row.",
            ),
            text,
        ),
        Property(
            "computeOn",
            Text(
                "change 或 presubmit，这里都一样。",
                "`change` or `presubmit`; here they are the same.",
            ),
            one_of("change", "presubmit"),
        ),
        Property(
            "decimalDigits",
            Text("数字四舍五入到几位小数。", "To how many decimals a number is rounded."),
            count,
            rule="decimals",
        ),
        Property(
            "format",
            Text(
                "money：794,958.90；money_in_words：大写金额；plain：不加千分位。",
                "`money`: 794,958.90; `money_in_words`: in Chinese capitals; `plain`: no commas.",
            ),
            one_of(*NUMBERS),
            rule="format",
            within="properties",
        ),
    ),
)
