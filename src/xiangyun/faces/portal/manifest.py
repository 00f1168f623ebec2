"""The portal: the pages of citizens and companies."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("", "xiangyun.faces.portal.urls"),),
    links=(
        Link(
            Text("我的办件", "My cases"),
            "portal:cases",
            "account",
            when="xiangyun.domain.accounts.access:applies",
        ),
        Link(
            Text("我代办的", "Filed by me"),
            "portal:cases",
            "office",
            when="xiangyun.domain.accounts.access:files_for_others",
            rank=60,
        ),
        Link(
            Text("账户安全", "Account"),
            "portal:account",
            "account",
            when="xiangyun.domain.accounts.access:is_known",
            rank=90,
        ),
        Link(Text("办事首页", "All services"), "portal:home", "foot", rank=10),
        Link(Text("查看不具名报告", "Follow a report"), "portal:report", "foot", rank=15),
        Link(Text("核验证照", "Verify a certificate"), "portal:verify", "foot", rank=20),
    ),
)
