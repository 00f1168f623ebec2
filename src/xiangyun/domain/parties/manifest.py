"""Parties: who and what things are about, and who acts for whom."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("divisions", "journal"),
    verbs=(
        Verb(
            "party.represented",
            Text("登记代理：{representative}", "{representative} may act for this party"),
        ),
        Verb(
            "party.representation_ended",
            Text("代理终止：{representative}", "{representative} no longer acts for this party"),
            notes=("reason",),
            grave=True,
        ),
        Verb("party.merged", Text("与重复的主体合并", "Joined with its duplicate")),
    ),
)
