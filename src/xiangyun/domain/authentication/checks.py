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
