"""Draws at the workbench: planned, ordered, revealed by another hand, inspectors recused."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("office/draws/", "xiangyun.faces.orders.urls"),),
    links=(
        Link(
            Text("抽查", "Draws"),
            "orders:orders",
            "office",
            when="xiangyun.domain.draws.access:orders_some",
            rank=57,
        ),
        Link(
            Text("我的检查", "My visits"),
            "orders:mine",
            "office",
            when="xiangyun.domain.draws.access:visits_some",
            rank=58,
        ),
    ),
)
