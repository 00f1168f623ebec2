"""Accounts: who acts, for whom, in which role."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("parties",),
    succeeds="xiangyun.domain.accounts.following:succeed",
    modules={
        "keys": "the verb that encrypts anew what all apps keep encrypted",
        "following": "mandates that follow merged divisions, departments, duplicates; deaths",
        "desks": "whom a desk finds to enter who acts for whom",
        "representing": "for whom an account acts: verbs and the choice at log-in",
        "declaredroles": "the roles of apps as declarations, beside those of packs",
        "roles": "what a mandate lets its holder do, in words, without Django",
        "sessions": "log-ins that are open: what the settings name as the store of sessions",
        "jobs": "the queue finds jobs by this name",
    },
    queue="accounts",
    owned="xiangyun.domain.accounts.queries:owned",
    publishes={"role": "xiangyun.domain.accounts.actions:publish_role"},
    in_use={"role": "xiangyun.domain.accounts.actions:holders_of"},
    verbs=(
        Verb(
            "person.searched",
            Text("按身份号码查询了本人", "Looked up by identity number"),
            look=True,
        ),
        Verb("keys.rotated", Text("更换了加密密钥", "The keys of sensitive values were rotated")),
        Verb("instance.begun", Text("建立了实例", "The instance was begun")),
    ),
    roles={
        "desk": Role(
            Text("帮办窗口", "desk"),
            Text("在窗口替群众填写申请。", "Fills in applications for citizens at the counter."),
            across=True,
        )
    },
)
