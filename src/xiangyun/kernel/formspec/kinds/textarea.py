"""Several lines of text."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.writing import writing

KIND = writing(
    "textarea",
    Text("多行文字", "Several lines of text"),
    Text("理由、说明等成段的文字。", "Reasons and explanations, in paragraphs."),
    10_000,
    looks=frozenset({"autoSize", "rows"}),
)
