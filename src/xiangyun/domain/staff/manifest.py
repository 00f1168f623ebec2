"""Staff: who works for which office, with which mandates, and who stands in for whom."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("accounts", "authentication", "catalogue"),
    modules={
        "roles": "what may be given: the roles of apps and of published packs",
        "people": "accounts of officials: opened, locked, given a password",
        "mandates": "mandates given and ended, deputies in absence",
        "sheets": "people and mandates as CSV: read line by line, done all or not at all",
    },
    roles={
        "administrator": Role(
            Text("组织管理员", "administrator"),
            Text(
                "管理本单位及下级的人员、职责和代理。",
                "Manages the people of the office and of those below it: mandates and deputies.",
            ),
            across=True,
            sees_records=False,
        )
    },
    verbs=(
        Verb("account.opened", Text("开通账户", "Account opened")),
        Verb("account.locked", Text("停用账户", "Account locked"), notes=("reason",), grave=True),
        Verb("account.unlocked", Text("恢复账户", "Account unlocked"), notes=("reason",)),
        Verb("account.password_set", Text("重设了密码", "A new password was set"), grave=True),
        Verb("mandate.given", Text("授予职责：{role}", "Mandate given: {role}")),
        Verb("mandate.ended", Text("终止职责：{role}", "Mandate ended: {role}"), grave=True),
        Verb("deputy.named", Text("由{deputy}代理", "{deputy} stands in"), notes=("reason",)),
        Verb(
            "deputy.ended", Text("{deputy}的代理终止", "{deputy} no longer stands in"), grave=True
        ),
    ),
)
