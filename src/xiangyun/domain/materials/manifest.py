"""What stands instead of a paper: a certificate, a promise, a paper to follow, an earlier file."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "certificates", "messaging"),
    queue="materials",
    modules={"offering": "the ways that a material allows, with what somebody has for each"},
    verbs=(
        Verb("material.supplied", Text("补交了容缺的材料", "A paper that was to follow came")),
        Verb(
            "material.awaited",
            Text("容缺的材料逾期没有补交", "A paper that was to follow did not come in time"),
        ),
        Verb(
            "promise.kept",
            Text("核查承诺：属实", "The promise was checked: it holds"),
            notes=("note",),
        ),
        Verb(
            "promise.broken",
            Text("核查承诺：不实", "The promise was checked: it does not hold"),
            notes=("note",),
            grave=True,
        ),
    ),
)
