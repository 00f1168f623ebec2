"""The pages of sites: plans, compared, drawn, downloaded and put forward."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("office/siting/", "xiangyun.faces.siting.urls"),),
    links=(
        Link(
            Text("布点", "Sites"),
            "siting:declared",
            "office",
            when="xiangyun.faces.siting.planning:may_plan",
            rank=47,
        ),
    ),
)
