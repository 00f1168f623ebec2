"""Pages of supervision: how places stand, the cases behind each number, orders and answers."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("office/supervision/", "xiangyun.faces.supervision.urls"),),
    links=(
        Link(
            Text("监督", "Supervision"),
            "supervision:place",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            count="xiangyun.domain.supervision.queries:waiting_orders",
            rank=21,
        ),
    ),
)
