"""Credit files for everybody, and grants for companies and banks."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("credit/", "xiangyun.faces.credit.urls"),),
    links=(
        Link(Text("信用信息", "Credit"), "credit:find", "more", rank=62),
        Link(
            Text("授权查看", "Grants"),
            "credit:grants",
            "more",
            when="xiangyun.domain.accounts.access:may_be_organisation",
            rank=63,
        ),
    ),
)
