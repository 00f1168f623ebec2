"""Offers and demands: found by everybody, entered by whom they are about, met and followed."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("offers/", "xiangyun.faces.offers.urls"),),
    links=(
        Link(Text("供需对接", "Offers and demands"), "offers:all", "more", rank=32),
        Link(
            Text("我的供需", "My offers"),
            "offers:mine",
            "account",
            when="xiangyun.domain.accounts.access:applies",
            rank=63,
        ),
    ),
)
