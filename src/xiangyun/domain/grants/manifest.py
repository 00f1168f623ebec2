"""Grants: a company lets a named bank look into its records, for a purpose, until a day."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("registers", "catalogue"),
    modules={
        "asking": "questions answered under a grant, without the figures",
        "following": "grants that follow joined organisations",
        "using": "looks under a grant: what row-level security is told, and the journal",
    },
    owned="xiangyun.domain.grants.queries:owned",
    succeeds="xiangyun.domain.grants.following:succeed",
    verbs=(
        Verb("grant.given", Text("授权 {bank} 查看档案", "{bank} was let look into the file")),
        Verb("grant.amended", Text("更改了对 {bank} 的授权", "The grant to {bank} was amended")),
        Verb("grant.revoked", Text("收回了对 {bank} 的授权", "The grant to {bank} was revoked")),
        Verb("grant.followed", Text("授权随机构合并转移", "The grant follows its organisation")),
        Verb(
            "grant.asked",
            Text("{bank} 凭授权提问", "{bank} asked a question, by its grant"),
            look=True,
        ),
        Verb(
            "grant.used", Text("{bank} 凭授权查看了档案", "{bank} looked, by its grant"), look=True
        ),
    ),
)
