"""Accounts: who acts, for whom, in which role."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("divisions", "journal"),
    modules={"roles": "what a mandate lets its holder do, in words, without Django"},
    roles={"desk": Text("帮办窗口", "desk")},
)
