"""A number, exact to its last digit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, Context, Decimal

from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.faults import fault, too_long_a_number, wrong_type
from xiangyun.kernel.formspec.model import MAX_DIGITS, Question
from xiangyun.kernel.formspec.properties import (
    REQUIRED,
    Property,
    count,
    default,
    number,
    one_of,
    positive,
)
from xiangyun.kernel.formspec.questionkind import QuestionKind, Shown
from xiangyun.kernel.language import CHINESE
from xiangyun.kernel.packfile.display import NUMBERS, Format, written

_NUMBER = re.compile(
    rf"[+-]?([0-9]{{1,3}}(,[0-9]{{3}})+|[0-9]{{1,{MAX_DIGITS}}})(\.[0-9]{{1,{MAX_DIGITS}}})?"
)
_EXACT = Context(prec=4 * MAX_DIGITS)


def _typed(question: Question, sent: Sequence[str]) -> Value | Finding:
    text = sent[-1] if sent else ""
    if len(text) > 200:
        return too_long_a_number(question)
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        return fault(
            "form.E107", question, Text("应为数字。", "must be a number."), _example(question)
        )
    return _bounded(question, Decimal(text.replace(",", "")))


def _given(question: Question, value: object) -> Value | Finding:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return wrong_type(question, "12.5")
    if isinstance(value, int) and value.bit_length() > 4 * MAX_DIGITS:
        return too_long_a_number(question)
    found = from_json(value)
    return _bounded(question, found) if found.is_finite() else wrong_type(question, "12.5")


def _bounded(question: Question, found: Decimal) -> Value | Finding:
    exponent = found.normalize(_EXACT).as_tuple().exponent
    long = found and (found.adjusted() >= MAX_DIGITS or int(exponent) < -MAX_DIGITS)
    return too_long_a_number(question) if long else found


def _judge(question: Question, found: Value, on: date | None) -> Finding | None:
    rules = question.rules
    if rules.minimum is not None and found < rules.minimum:
        return fault(
            "form.E108",
            question,
            Text(
                "不能小于 {minimum:,f}，这里是 {found:,f}。",
                "must be {minimum:,f} or more, not {found:,f}.",
                minimum=rules.minimum,
                found=found,
            ),
        )
    if rules.maximum is not None and found > rules.maximum:
        return fault(
            "form.E109",
            question,
            Text(
                "不能大于 {maximum:,f}，这里是 {found:,f}。",
                "must be {maximum:,f} or less, not {found:,f}.",
                maximum=rules.maximum,
                found=found,
            ),
        )
    exponent = found.normalize(_EXACT).as_tuple().exponent
    if rules.decimals is not None and -exponent > rules.decimals:
        words = Text(
            "最多 {most} 位小数。",
            "takes at most {most} {most|decimal|decimals}.",
            most=rules.decimals,
        )
        if not rules.decimals:
            words = Text("应为整数。", "is a whole number.")
        example = f"{round(found, rules.decimals):f}"
        return fault("form.E110", question, words, example)
    if rules.step is not None and _EXACT.remainder(found, rules.step):
        steps = _EXACT.divide(found, rules.step).to_integral_value(ROUND_FLOOR)
        low, high = (_EXACT.multiply(n, rules.step) for n in (steps, steps + 1))
        return fault(
            "form.E125",
            question,
            Text(
                "应为 {step:f} 的整数倍，最近的是 {low:,f} 和 {high:,f}。",
                "goes by steps of {step:f}; the nearest are {low:,f} and {high:,f}.",
                step=rules.step,
                low=low,
                high=high,
            ),
        )
    return None


def _example(question: Question) -> str:
    return f"{question.rules.minimum:f}" if question.rules.minimum is not None else "12000"


def _words(question: Question, value: Value) -> Shown:
    form = question.rules.format
    if isinstance(value, Decimal) and form in NUMBERS:
        return written(value, Format(form, question.rules.decimals), CHINESE)
    return value


def _retyped(value: Value) -> str:
    return f"{value:f}"


KIND = QuestionKind(
    "number",
    Text("数字", "A number"),
    Text(
        "金额、数量、面积；全角数字和千分位逗号也接受。",
        "Amounts, counts, areas; full-width digits and commas between thousands are taken.",
    ),
    Text("十进制数，不经过二进制浮点", "a decimal number, never through binary floating point"),
    "12.5",
    _typed,
    _given,
    _judge,
    words=_words,
    retyped=_retyped,
    properties=(
        REQUIRED,
        Property("min", Text("最小值。", "The least."), number, rule="minimum", within="validate"),
        Property("max", Text("最大值。", "The most."), number, rule="maximum", within="validate"),
        Property(
            "decimalDigits",
            Text("最多几位小数，0 为整数。", "The most decimals; 0 for whole numbers."),
            count,
            rule="decimals",
        ),
        Property(
            "increment",
            Text("必须是它的整数倍，从 0 算起。", "It must be a multiple of this, from 0 on."),
            positive,
            rule="step",
        ),
        Property(
            "format",
            Text(
                "页面、文书和证照上怎样写：money：794,958.90；money_in_words：大写金额；plain：不加千分位。",
                "How pages, letters and certificates write it: `money`: 794,958.90; "
                "`money_in_words`: in Chinese capitals; `plain`: no commas.",
            ),
            one_of(*NUMBERS),
            rule="format",
            within="properties",
        ),
        default(Text("页面上预先填好的数。", "The number that stands there at first."), number),
    ),
    refused={
        "serializeToString": Text(
            "请删去：这里的数本来就精确；规则中需要文字时写 string(…)。",
            "Delete it: numbers are exact here; where a rule wants text, write string(…).",
        )
    },
)
