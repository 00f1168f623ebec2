"""What is wrong and what is right in inquiries: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_PAGE = "docs/reference/inquiries.md"
EXPLAINED: Mapping[str, Explained] = {
    "inquiry.E001": Explained(
        "inquiries/tax_grade.yaml alone", "inquiries/tax_grade.yaml and tax_grade.dmn", _PAGE
    ),
    "inquiry.E002": Explained("decision: answers", "decision: answer", _PAGE),
    "inquiry.E003": Explained('hitPolicy="COLLECT"', 'hitPolicy="FIRST"', _PAGE),
    "inquiry.E004": Explained(
        "text_en: “{grade} is too low.”", "text_en: “Some year is below the grade.”", _PAGE
    ),
    "inquiry.E005": Explained(
        "a decision over grades and weather", "one over grades, what is chosen, and `on`", _PAGE
    ),
    "inquiry.E006": Explained("answer: true, and the row says false", "answer: false", _PAGE),
    "inquiry.E007": Explained("least: E", "least: B", _PAGE),
}
