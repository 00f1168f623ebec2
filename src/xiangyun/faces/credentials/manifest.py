"""Credentials: what other people's software asks, and the holder's wallet page."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("", "xiangyun.faces.credentials.urls"),),
    links=(
        Link(
            Text("证照包", "Wallet"),
            "credentials:wallet",
            "account",
            when="xiangyun.domain.accounts.access:is_known",
            rank=55,
        ),
    ),
)
