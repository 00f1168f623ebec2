"""Supervision: how the offices below stand, urging, and orders that are to be answered."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "messaging"),
    verbs=(
        Verb("supervision.urged", Text("催办：{task}", "Urged: {task}")),
        Verb(
            "supervision.ordered",
            Text(
                "督办，应于{due:weekday}前答复", "To be answered to the overseer by {due:weekday}"
            ),
        ),
        Verb(
            "supervision.answered",
            Text("已答复督办", "The overseer was answered"),
        ),
    ),
)
