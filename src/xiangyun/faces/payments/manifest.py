"""Payments: the payer's pages, where a provider calls, and the day of who looks after fees."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(
        Addresses("payments/", "xiangyun.faces.payments.urls"),
        Addresses("office/payments/", "xiangyun.faces.payments.officeurls"),
    ),
    links=(
        Link(
            Text("我的缴费", "My fees"),
            "payments:mine",
            "account",
            when="xiangyun.domain.accounts.access:applies",
            rank=63,
        ),
        Link(
            Text("收费", "Fees"),
            "fees:today",
            "office",
            when="xiangyun.domain.payments.access:keeps_fees",
            rank=49,
        ),
    ),
)
