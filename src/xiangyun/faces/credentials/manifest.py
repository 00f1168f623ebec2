"""Credentials: what other people's software asks, the holder's wallet, the office's page."""

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
        Link(
            Text("证照", "Certificates"),
            "credentials:office-find",
            "office",
            when="xiangyun.domain.certificates.access:ends_some",
            rank=42,
        ),
    ),
)
