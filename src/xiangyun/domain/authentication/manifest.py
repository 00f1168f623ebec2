"""Authentication: how an account proves, besides its password, whose it is."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("accounts",),
    rotates="xiangyun.domain.authentication.rotation:encrypt_anew",
    modules={
        "rotation": "secrets of apps encrypted anew",
        "demand": "whether an account needs a second factor now, later or not at all",
        "identities": "who an account is at a provider of OpenID Connect",
        "passkeys": "what WebAuthn asks of a browser and what its answer proves",
        "recovery": "codes on paper for whoever lost the second factor",
        "totp": "codes of an authenticator app, without Django",
    },
    verbs=(
        Verb("factor.added", Text("启用了第二重验证：{kind}", "Second factor added: {kind}")),
        Verb(
            "factor.removed",
            Text("停用了第二重验证：{kind}", "Second factor removed: {kind}"),
            grave=True,
        ),
        Verb(
            "factor.reset",
            Text("第二重验证被重置", "Second factor reset"),
            notes=("reason",),
            grave=True,
        ),
        Verb("factor.passed", Text("通过第二重验证登录：{kind}", "Logged in with: {kind}")),
        Verb(
            "factor.missed",
            Text(
                "密码正确，但第二重验证多次错误",
                "The password was right, the second factor wrong several times",
            ),
            grave=True,
        ),
        Verb("identity.linked", Text("关联了登录服务：{at}", "Linked with a provider: {at}")),
        Verb(
            "identity.unlinked",
            Text("取消关联登录服务：{at}", "No longer linked with: {at}"),
            grave=True,
        ),
        Verb("identity.passed", Text("通过登录服务登录：{at}", "Logged in by a provider: {at}")),
        Verb("codes.made", Text("生成了新的恢复码", "New recovery codes were made")),
    ),
)
