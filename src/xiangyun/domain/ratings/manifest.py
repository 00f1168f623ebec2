"""Ratings: what people thought of a case or a counter; the rated office never learns who it was."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases",),
    modules={
        "tags": "the words beside the stars: data of GB/T 39734",
        "rectifying": "what a bad rating sets going, and what follows when that has ended",
    },
    owned="xiangyun.domain.ratings.queries:owned",
    follows_journal="xiangyun.domain.ratings.rectifying:take",
    verbs=(
        Verb("rating.given", Text("收到一条评价（{stars} 星）",
                                  "A rating came in: {stars} {stars|star|stars}")),
        Verb("rating.again", Text("整改以后再次评价（{stars} 星）",
                                  "Rated again after rectification: {stars} {stars|star|stars}")),
    ),
)  # fmt: skip
