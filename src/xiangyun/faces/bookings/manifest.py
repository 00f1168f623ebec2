"""Bookings: what is free, one's own, the day of an office, the screen of called numbers."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(
        Addresses("bookings/", "xiangyun.faces.bookings.urls"),
        Addresses("office/bookings/", "xiangyun.faces.bookings.officeurls"),
    ),
    links=(
        Link(Text("预约", "Bookings"), "bookings:all", "more", rank=55),
        Link(
            Text("我的预约", "My bookings"),
            "bookings:mine",
            "account",
            when="xiangyun.domain.accounts.access:applies",
            rank=62,
        ),
        Link(
            Text("预约", "Bookings"),
            "booking-office:all",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            rank=48,
        ),
    ),
)
