"""What indicators and data sets are read by alike: rows, measures, codes."""

from __future__ import annotations

import re
from typing import Final

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole, wrong_kind
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.projection.model import ALL_CASES, CASE_FIELDS, MEASURES, Measure, Over

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CODE = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_A_FIELD = Text("新字段名：小写字母、数字和下划线", "a new field: small letters, digits and _")
MOST_DECIMALS: Final = 8


def name_in(f: Fields, key: str) -> str:
    """A name that formulas and columns are called by."""
    return _fitting(f, key, _NAME, Text("小写字母、数字和下划线", "small letters, digits and _"))


def code_in(f: Fields, key: str) -> str:
    """A code that an address is made of."""
    return _fitting(f, key, _CODE, Text("小写字母、数字和短横线", "small letters, digits and -"))


def _fitting(f: Fields, key: str, pattern: re.Pattern[str], wanted: Text) -> str:
    found = f.string(key)
    if found and not pattern.fullmatch(found):
        f.report(wrong_kind(key, f.node.get(key) or f.node, wanted))
    return found


def over_in(f: Fields) -> Over | None:
    """`{register: company, at: founded}`, `{cases: all}`, `{bookings: all, at: day}`; else told."""
    inner = f.section("over")
    if inner is None:
        return None
    at = inner.string("at", required=False)
    if sum(map(inner.has, ("register", "cases", "bookings"))) != 1:
        f.report(
            fault(
                "projection.E001",
                Text(
                    "over 要写 register、cases、bookings 之一。",
                    "`over` names one register, or cases, or bookings.",
                ),
                inner.node.place,
                Text(
                    "例如 over: {example}。",
                    "Such as over: {example}.",
                    example="{register: company}",
                ),
            )
        )
        return None
    if inner.has("register"):
        found = Over("register", inner.string("register"), at, inner.place("register"))
    elif inner.has("bookings"):
        code = inner.string("bookings") or ALL_CASES
        found = Over("bookings", code, at, inner.place("bookings"))
    else:
        code = inner.string("cases") or ALL_CASES
        answers = inner.strings("answers", required=False)
        findings = _findings_in(inner)
        found = Over("cases", code, at, inner.place("cases"), answers, findings=findings)
    inner.done()
    return found


def _findings_in(f: Fields) -> dict[str, tuple[str, ...]]:
    """`findings: {deemed: [gate.silence]}`: names of fields, and ids of findings."""
    inner = f.section("findings", required=False)
    found: dict[str, tuple[str, ...]] = {}
    for key, node in inner.node.items() if inner else ():
        if not _NAME.fullmatch(key) or key in CASE_FIELDS:
            f.report(wrong_kind(key, node, _A_FIELD))
            continue
        found[key] = inner.strings(key) if inner else ()
    return found


def measure_in(f: Fields, key: str = "measure") -> Measure | None:
    """`count`, or one of the others with its formula: `{sum: =capital}`."""
    node = f.take(key)
    if node is None:
        return None
    if node.value == "count":
        return Measure("count")
    if isinstance(node.value, dict) and len(node.value) == 1:
        (kind, inner), *_ = node.items()
        if kind in MEASURES:
            formula = node_formula(inner, f.report)
            return Measure(kind, formula) if formula is not None else None
    f.report(_no_measure(node))
    return None


def _no_measure(node: Node) -> Finding:
    return fault(
        "projection.E002",
        Text("不认识这种算法。", "This is no measure."),
        node.place,
        Text(
            "写 count，或者 {kinds} 之一加上公式，例如 {example}。",
            "Write count, or one of {kinds} with a formula, such as {example}.",
            kinds=[kind for kind in MEASURES if kind != "count"],
            example="{average: =days}",
        ),
    )


def optional_formula(f: Fields, key: str) -> Formula | None:
    """A formula that may be absent."""
    node = f.take(key, required=False)
    return None if node is None else node_formula(node, f.report)


def decimals_in(f: Fields) -> int:
    """How many decimal places are shown, 0 where none is said."""
    found = whole(f, "decimals") if f.has("decimals") else 0
    return min(found, MOST_DECIMALS)


def twice(kind: Text, name: str, place: Place) -> Finding:
    """Two things of a file with one name."""
    return fault(
        "projection.E003",
        Text("{kind}“{name}”写了两次。", "The {kind} “{name}” stands there twice.",
             kind=kind, name=name),
        place,
        Text("请换一个名字。", "Give it another name."),
    )  # fmt: skip


__all__ = [
    "Report",
    "code_in",
    "decimals_in",
    "measure_in",
    "name_in",
    "optional_formula",
    "over_in",
    "twice",
]
