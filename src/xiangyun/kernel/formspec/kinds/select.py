"""One of many options, folded until it is opened."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.choices import one

KIND = one(
    "select",
    Text("下拉选择", "A choice from a list"),
    Text("选项多时选一项。", "One of many options."),
    frozenset({"searchable"}),
)
