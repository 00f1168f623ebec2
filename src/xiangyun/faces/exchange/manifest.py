"""Exchange: where messages of other systems come in, and the pages of operators."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("exchange/", "xiangyun.faces.exchange.urls"),),
    links=(
        Link(Text("一次提供", "Once only"), "exchange:once-only", "foot", rank=33),
        Link(
            Text("往来", "Exchange"),
            "exchange:map",
            "office",
            when="xiangyun.domain.exchange.access:is_operator",
            rank=75,
            count="xiangyun.domain.exchange.queries:stuck_count",
        ),
    ),
)
