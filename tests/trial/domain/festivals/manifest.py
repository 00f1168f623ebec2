"""Village festivals: a page, a job, a table and a verb."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("accounts",),
    queue="festivals",
    roles={"steward": Role(Text("会务", "steward"), Text("办节庆。", "Runs the festival."))},
    verbs=(Verb("festival.planned", Text("筹办活动：{name}", "Festival planned: {name}")),),
    modules={"programme": "how the day is cut: a noun of the field"},
)
