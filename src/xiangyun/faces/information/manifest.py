"""News, policies and answers to common questions, for everybody."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("information/", "xiangyun.faces.information.urls"),),
    links=(
        Link(
            Text("消息、政策、常见问题", "News, policies, questions"),
            "information:all",
            "more",
            rank=12,
        ),
    ),
)
