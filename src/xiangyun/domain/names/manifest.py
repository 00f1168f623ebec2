"""Names declared by oneself: compared with those of a register, and reserved for a term."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "registers"),
    admits="xiangyun.domain.names.queries:against",
    modules={"similar": "why one name is too near to another"},
    verbs=(
        Verb("name.reserved", Text("预留名称，至{until}", "Name reserved until {until}")),
        Verb("name.released", Text("放弃预留的名称", "Reserved name given up")),
    ),
)
