"""The archive: closed cases move to files by their retention."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("evidence",),
    queue="archive",
    owned="xiangyun.domain.archive.queries:owned",
    modules={"volumes": "what the file of a case holds, and whether it is as it was written"},
    verbs=(
        Verb(
            "archive.destroyed",
            Text("销毁了档案", "Destroyed the file"),
            notes=("why",),
            grave=True,
        ),
    ),
)
