"""Pages of fairs: plan, booths and talks; own interviews and pass; arrivals."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(
        Addresses("fairs/", "xiangyun.faces.fairs.urls"),
        Addresses("office/fairs/", "xiangyun.faces.fairs.officeurls"),
    ),
    links=(
        Link(Text("招聘会和对接会", "Fairs"), "fairs:declared", "more", rank=31),
        Link(
            Text("签到", "Arrivals"),
            "fairdesk:declared",
            "office",
            when="xiangyun.faces.fairs.known:may_receive",
            rank=48,
        ),
    ),
    queue="fairs",
    stylesheet="fairs/fairs.css",
)
