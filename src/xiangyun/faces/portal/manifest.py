"""The portal: the pages of citizens and companies."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("", "xiangyun.faces.portal.urls"),),
    stylesheet="portal/portal.css",
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
        Link(Text("全部栏目", "All pages"), "portal:more", "foot", rank=12),
        Link(Text("查进度", "Follow a case"), "portal:progress", "foot", rank=14),
        Link(Text("查看不具名报告", "Follow a report"), "portal:report", "more", rank=15),
        Link(Text("核验证照", "Verify a certificate"), "portal:verify", "foot", rank=20),
        Link(Text("使用帮助", "Help"), "portal:using", "foot", rank=70),
        Link(Text("无障碍声明", "Accessibility"), "portal:accessibility", "foot", rank=71),
        Link(Text("隐私说明", "Privacy"), "portal:privacy", "foot", rank=72),
    ),
)
