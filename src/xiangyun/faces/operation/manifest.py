"""Operation: how the instance is, for whoever runs it."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest, Role

manifest = Manifest(
    addresses=(Addresses("operation/", "xiangyun.faces.operation.urls"),),
    roles={
        "operator": Role(
            Text("系统运维", "operator"),
            Text(
                "查看平台的运行状态、密钥期限和审计结果，不看办件。",
                "Sees how the platform runs, how long keys last and what audits found; no cases.",
            ),
            across=True,
            sees_records=False,
        )
    },
    links=(
        Link(
            Text("运维", "Operation"),
            "operation:state",
            "office",
            when="xiangyun.faces.operation.access:is_operator",
            rank=90,
        ),
    ),
)
