"""Any of some options; form-js shows them as tags, here they are boxes like a checklist's."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.choices import several

KIND = several(
    "taglist",
    Text("标签多选", "Tags"),
    Text("与 checklist 相同，列出来勾选。", "The same as a checklist, and shown as one."),
)
