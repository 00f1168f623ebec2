"""Results by post: asked for and followed by applicants, sent by officials."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(
        Addresses("post/", "xiangyun.faces.post.urls"),
        Addresses("office/post/", "xiangyun.faces.post.officeurls"),
    ),
    links=(
        Link(
            Text("邮寄", "Post"),
            "parcels:list",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            rank=24,
        ),
    ),
)
