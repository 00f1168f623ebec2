"""What a second factor is refused for, in words."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Text

WRONG_CODE = Finding(
    "authentication.E001",
    "error",
    Text("验证码不对，或已经用过。", "The code is wrong, or was used before."),
    hint=Text(
        "请等应用显示下一个验证码再输；手机时间须准确。",
        "Wait for the next code of the app; the telephone's clock has to be right.",
    ),
)
WRONG_RECOVERY_CODE = Finding(
    "authentication.E002",
    "error",
    Text("恢复码不对，或已经用过。", "The recovery code is wrong, or was used before."),
    hint=Text(
        "每个恢复码只能用一次；都用完了，请找本单位管理员重置。",
        "Each is good once. When none is left, ask the administrator of your office for a reset.",
    ),
)
NOTHING_OFFERED = Finding(
    "authentication.E003",
    "error",
    Text("没有正在添加的验证应用。", "No authenticator app is being added."),
    hint=Text("请重新开始添加。", "Begin again."),
)
NO_PASSKEY = Finding(
    "authentication.E004",
    "error",
    Text("通行密钥没有通过验证。", "The passkey could not be verified."),
    hint=Text(
        "请再试一次，或改用验证应用的验证码。", "Try again, or use a code of the authenticator app."
    ),
)
KNOWN_PASSKEY = Finding(
    "authentication.E005",
    "error",
    Text("这把通行密钥已经登记过。", "This passkey is known already."),
    hint=Text("请换一台设备，或换一把密钥。", "Take another device or another key."),
)
LAST_FACTOR = Finding(
    "authentication.E006",
    "error",
    Text(
        "工作人员必须有第二重验证，最后一种不能停用。",
        "Officials must have a second factor: the last one cannot be removed.",
    ),
    hint=Text("请先添加另一种，再停用这一种。", "Add another one first, then remove this one."),
)
LINKED = Finding(
    "authentication.E008",
    "error",
    Text("这个身份已与一个账户关联。", "This identity is linked with an account already."),
    hint=Text("请先在那个账户中取消关联。", "Take it from that account first."),
)
LAST_IDENTITY = Finding(
    "authentication.E009",
    "error",
    Text(
        "账户没有密码，最后一个关联不能取消。",
        "The account has no password: its last identity stays.",
    ),
)
KNOWN_PERSON = Finding(
    "authentication.E010",
    "error",
    Text("这个身份号码已有账户。", "There is an account for this identity number."),
    hint=Text(
        "请用原账户登录，再在“账户安全”中关联。",
        "Log in with that account, then link it under “Account”.",
    ),
)
NO_IDENTITY = Finding(
    "authentication.E011",
    "error",
    Text("没有这个关联。", "There is no such identity."),
)
TOO_MANY = Finding(
    "authentication.E007",
    "error",
    Text("通行密钥最多登记 {most} 把。", "At most {most} passkeys can be kept.", most=20),
    hint=Text("请先停用不用的。", "Remove one that is not used any more."),
)

OTHER_CONTENT = Finding(
    "signature.E002",
    "error",
    Text(
        "签名的不是这份内容，没有提交。", "Something else was signed than this; nothing was sent."
    ),
    hint=Text(
        "内容可能刚改过：请重新核对，再签一次。",
        "It may have been changed meanwhile: look at it again, then sign.",
    ),
)
OTHER_SITE = Finding(
    "signature.E003",
    "error",
    Text("签名是在别的网站上作出的。", "The signature was made at another site."),
    hint=Text("请在本网站的地址上重新签名。", "Sign it again at the address of this site."),
)
KEY_REMOVED = Finding(
    "signature.E005",
    "error",
    Text(
        "签名用的通行密钥不是您的，或者已经停用。",
        "The passkey that signed is not yours, or was removed.",
    ),
    hint=Text("请换一把登记过的通行密钥再签。", "Sign with a passkey that your account has."),
)
NOTHING_TO_SIGN_WITH = Finding(
    "signature.E006",
    "error",
    Text("您还没有通行密钥，不能签名。", "You have no passkey to sign with."),
    hint=Text(
        "请在“账户安全”中添加；没有也可以在纸上签名，把文件传上来，如果这一步允许。",
        "Add one under “Account”; or sign on paper and attach the file, where the step allows it.",
    ),
)
PROVES_NOTHING = Finding(
    "signature.E009",
    "error",
    Text("签名没有通过验证。", "The signature could not be verified."),
    hint=Text("请再签一次。", "Sign once more."),
)
