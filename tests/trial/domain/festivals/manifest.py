"""Village festivals: a page, a job, a table and a verb."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("accounts",),
    queue="festivals",
    roles={"steward": Text("会务", "steward")},
    modules={"programme": "how the day is cut: a noun of the field"},
)
