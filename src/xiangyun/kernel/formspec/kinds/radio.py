"""One of a few options, all of them before the eyes."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.choices import one

KIND = one(
    "radio",
    Text("单选", "One of a few"),
    Text("选项少时选一项，全部列出。", "One of a few options, all of them in sight."),
    frozenset(),
)
