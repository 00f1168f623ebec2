"""Boards: figures for officials, by place and over time."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    stylesheet="look/charts.css",
    addresses=(Addresses("office/figures/", "xiangyun.faces.boards.urls"),),
    links=(
        Link(
            Text("指标", "Figures"),
            "boards:board",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            rank=47,
        ),
    ),
)
