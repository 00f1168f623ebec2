"""Any of some options, each with a box."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.choices import several

KIND = several(
    "checklist",
    Text("多选", "Several of some"),
    Text("选任意几项，全部列出。", "Any of some options, all of them in sight."),
)
