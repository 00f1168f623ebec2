"""Parties: who and what things are about, and who acts for whom."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    modules={"succession": "parties, divisions, departments that go on in another; and deaths"},
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
        Verb("party.absorbed", Text("被{into}合并", "Absorbed by {into}"), notes=("why",)),
        Verb("party.died", Text("已去世", "Has died"), notes=("why",)),
        Verb("division.merged", Text("区划{old}并入{new}", "Division {old} goes on in {new}")),
        Verb("department.merged", Text("部门{old}并入{new}", "Department {old} goes on in {new}")),
    ),
)
