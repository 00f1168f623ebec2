"""What is wrong and what is right in matchings: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_MATCHING = "docs/reference/matching.md"
EXPLAINED: Mapping[str, Explained] = {
    "matching.E001": Explained(
        "matchings/loan.yaml alone", "matchings/loan.yaml and matchings/loan.dmn", _MATCHING
    ),
    "matching.E002": Explained("decision: requirement", "decision: requirements", _MATCHING),
    "matching.E003": Explained(
        'hitPolicy="FIRST"', 'hitPolicy="COLLECT" aggregation="COUNT"', _MATCHING
    ),
    "matching.E004": Explained(
        "as: product, and no <inputData name=product>",
        'as: product, and <inputData name="product"> with a type of components',
        _MATCHING,
    ),
    "matching.E005": Explained(
        "a decision over product, company and weather", "one over product and company", _MATCHING
    ),
    "matching.E006": Explained("as: record, twice", "as: product, and as: wish", _MATCHING),
    "matching.E007": Explained(
        "a row with the annotation text only",
        "a row with text, text_en, change and change_en",
        _MATCHING,
    ),
    "matching.E008": Explained("unmet: [years]", "unmet: [years, amount]", _MATCHING),
    "matching.E009": Explained(
        "--pair P-1 W-9, where no demand is called W-9", "--pair P-1 W-1", _MATCHING
    ),
}
