"""Wrong and right around a case: questions, substitutes, names, keeping, taking over."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_BEFORE = "docs/reference/packs.md#before-the-application"
_INSTEAD = "docs/reference/packs.md#instead-of-a-paper"
_SAMPLES = "docs/reference/packs.md#samples-and-blank-forms"
_SERVICE = "docs/reference/packs.md#serviceyaml"
_TAKEOVER = "docs/how-to/take-over-another-system.md"
EXPLAINED: Mapping[str, Explained] = {
    "pack.E660": Explained(
        "asked_in_case: {role: clerk, days: 0}",
        "asked_in_case: {role: reviewer, days: 2}",
        _SERVICE,
    ),
    "pack.E661": Explained(
        "need: sealed\nasked_in_case: {role: reviewer, days: 2}", "need: sealed", _SERVICE
    ),
    "pack.E662": Explained(
        "- name: {zh-Hans: 住所证明, en: Proof of premises}\n"
        "  instead: {later: {days: 20, remind: 5}}",
        "- name: {zh-Hans: 住所证明, en: Proof of premises}\n  question: premises_proof\n"
        "  instead: {later: {days: 20, remind: 5}}",
        _INSTEAD,
    ),
    "pack.E663": Explained(
        "later: {days: 5, remind: 20}", "later: {days: 20, remind: 5}", _INSTEAD
    ),
    "pack.E664": Explained("checked_by: inspector", "checked_by: reviewer", _INSTEAD),
    "pack.E665": Explained(
        "which_case: {questions: [brand]}", "which_case: {questions: [premises_kind]}", _BEFORE
    ),
    "pack.E666": Explained(
        "decisions: {reinstatement: reinstatment_rate}",
        "decisions: {reinstatement: reinstatement_rate}",
        _BEFORE,
    ),
    "pack.E667": Explained("variant: trade, days: 0", "variant: brand, days: 60", _BEFORE),
    "pack.E668": Explained(
        "from: 2026-05-01\nuntil: 2026-04-01", "from: 2026-04-01\nuntil: 2026-05-01", _SERVICE
    ),
    "pack.E670": Explained("blank: neighbors-consent", "blank: neighbours-consent", _SAMPLES),
    "pack.E671": Explained(
        "lines: [{words: {zh-Hans: 请写明情况。, en: Say what happened.}}]",
        "lines: [{field: {zh-Hans: 姓名, en: Name}, sample: {zh-Hans: 样某, en: Yang Mou}}]",
        _SAMPLES,
    ),
    "pack.E672": Explained("sample: 01-issued", "sample: 01-issued-same-day", _SAMPLES),
    "pack.E673": Explained("sample: 07-withdrawn", "sample: 01-issued-same-day", _SAMPLES),
    "pack.E680": Explained(
        "retention: {online_months: 120, kept_years: 10}",
        "retention: {online_months: 24, kept_years: 10}",
        _SERVICE,
    ),
    "pack.E681": Explained(
        "{to: state, column: 状态, value: open}", "{to: state, column: 状态}", _TAKEOVER
    ),
    "pack.E682": Explained("group: street", "group: state", _TAKEOVER),
    "pack.E683": Explained("{to: nmae, column: 姓名}", "{to: name, column: 姓名}", _TAKEOVER),
    "pack.E684": Explained(
        "columns: [{to: number, column: 编号}]",
        "columns: [{to: number, column: 编号}, {to: name, column: 姓名}]",
        _TAKEOVER,
    ),
    "pack.E685": Explained("gives: {fee: 12}", "gives: {fee: 12.50}", _TAKEOVER),
    "pack.E686": Explained("codes: {在办: open}", "codes: {在办: open, 办结: ended}", _TAKEOVER),
    "pack.E687": Explained('days: "%Y-%m-%d"  # 2009/4/1', 'days: "%Y/%m/%d"', _TAKEOVER),
    "pack.E688": Explained(
        "xiangyun takeover old-aproval old.csv", "xiangyun takeover old-approval old.csv", _TAKEOVER
    ),
}
