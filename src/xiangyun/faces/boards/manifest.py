"""Boards: figures by place and over time, for officials and, as far as open, for everybody."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    stylesheet="look/charts.css",
    addresses=(
        Addresses("office/figures/", "xiangyun.faces.boards.urls"),
        Addresses("figures/", "xiangyun.faces.boards.publicurls"),
    ),
    links=(
        Link(Text("公开指标", "Public figures"), "figures:board", "more", rank=61),
        Link(
            Text("指标", "Figures"),
            "boards:board",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            rank=47,
        ),
    ),
)
