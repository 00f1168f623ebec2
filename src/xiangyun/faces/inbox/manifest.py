"""The inbox: pages for citizens and officials alike."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("messages/", "xiangyun.faces.inbox.urls"),),
    links=(
        Link(
            Text("消息", "Messages"),
            "inbox:inbox",
            "account",
            when="xiangyun.domain.accounts.access:is_known",
            rank=60,
            count="xiangyun.domain.messaging.queries:unread_messages",
        ),
        Link(
            Text("消息", "Messages"),
            "inbox:inbox",
            "office",
            rank=80,
            count="xiangyun.domain.messaging.queries:unread_messages",
        ),
    ),
)
