"""What is wrong and right in indicators and data sets: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_INDICATORS = "docs/reference/indicators.md"
_DATASETS = "docs/reference/datasets.md"
_CATALOGUE = "GB/T 21063, as read from a guide to the compilation of catalogues"
EXPLAINED: Mapping[str, Explained] = {
    "projection.E001": Explained("over: {}", "over: {register: company}", _INDICATORS),
    "projection.E002": Explained("measure: mean", "measure: {average: =days}", _INDICATORS),
    "projection.E003": Explained(
        "- id: companies, twice", "- id: companies and - id: companies_founded", _INDICATORS
    ),
    "pack.E150": Explained("few: 1", "few: 5, with measure: count", _INDICATORS),
    "pack.E151": Explained(
        "over: {register: child_in_need}, a register of class sealed, without `few`",
        "few: 5",
        _INDICATORS,
    ),
    "pack.E451": Explained(
        "points: 20 over parts of 5, 7 and 6", "points: 18, or another part of 2", _INDICATORS
    ),
    "pack.E452": Explained("levels: [4, 15], over five parts", "levels: [5, 15]", _INDICATORS),
    "pack.E453": Explained(
        "share: =x / 100 beside missing: …", "share: =x / 100, or missing: …", _INDICATORS
    ),
    "pack.E450": Explained(
        "open: true over cases, counted to the last one", "open: true, and few: 5", _INDICATORS
    ),
    "projection.E004": Explained("id: companies_before", "id: companies", _INDICATORS),
    "projection.E005": Explained(
        "catalogue_code: 3/1", "catalogue_code: 3060120/00001", _CATALOGUE
    ),
    "projection.E006": Explained(
        "sharing: none",
        "sharing: none, with laws: [{law: …, article: 第三条, verified: false}]",
        _DATASETS,
    ),
    "projection.E007": Explained(
        "open: conditional",
        "open: conditional, with condition: {zh-Hans: 实名申请, en: On request by name}",
        _DATASETS,
    ),
    "projection.E008": Explained(
        "{name: month, type: date, words: {…}}",
        "{name: month, type: date, words: {…}, of: =period}",
        _DATASETS,
    ),
    "projection.E009": Explained(
        "disclosure: {threshold: 3}, and no column with a measure",
        "{name: cases, type: integer, words: {…}, measure: count}",
        _DATASETS,
    ),
    "projection.E010": Explained(
        "code: companies in datasets/company.yaml", "code: company", _DATASETS
    ),
    "projection.E011": Explained("measure: {sum: =name}", "measure: {sum: =capital}", _INDICATORS),
    "projection.E012": Explained("when: =capital", "when: =capital > 0", _INDICATORS),
    "projection.E013": Explained(
        "of: =cases / people, where cases is monthly and people yearly",
        "both with period: year",
        _INDICATORS,
    ),
    "projection.E014": Explained(
        "id: growth, of: =growth + 1", "of: =companies - companies_before", _INDICATORS
    ),
    "projection.E015": Explained(
        "over: {register: person}, columns: [{name: name, of: =name, …}]",
        "columns: [{name: people, type: integer, words: {…}, measure: count}]",
        _DATASETS,
    ),
    "projection.E016": Explained(
        "over: {cases: all}, and no disclosure", "disclosure: {threshold: 3}", _DATASETS
    ),
    "projection.E017": Explained(
        "disclosure: {threshold: 3, group: cases}, over: {cases: all, at: submitted}",
        "disclosure: {threshold: 3, group: cases}, over: {cases: all, at: ended}",
        _DATASETS,
    ),
    "projection.E018": Explained('item: "6"', 'item: "06"', _DATASETS),
}
