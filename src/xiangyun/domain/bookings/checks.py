"""What a booking is refused for, beside the rules of its resource."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack.kind import Declaration

from .models import OPEN, Booking

NO_PARTY = Finding(
    "booking.E020",
    "error",
    Text("预约要以个人或者单位的名义。", "A booking is made for a person or an organisation."),
    hint=Text("请用个人或者单位账号登录。", "Log in as a person or an organisation."),
)
NOT_HERE = Finding(
    "booking.E021",
    "error",
    Text("这里没有您可以办理的这个预约。", "There is no such booking here that you could change."),
    hint=Text("请核对预约号，或者换用预约时的账号。",
              "Check the number, or log in as whoever booked."),
)  # fmt: skip
NOBODY_WAITS = Finding(
    "booking.E022",
    "error",
    Text("没有人在等候叫号。", "Nobody who has checked in waits to be called."),
    hint=Text("有人签到以后再叫号。", "Call again once somebody has checked in."),
)


def no_resource(code: str) -> Finding:
    """Nothing of this code can be booked."""
    return Finding(
        "booking.E023",
        "error",
        Text("没有可以预约的“{code}”。", "Nothing called “{code}” can be booked.", code=code),
        hint=Text(
            "可以预约的都在“预约”页上。", "What can be booked stands on the page of bookings."
        ),
    )


def still_booked(declaration: Declaration, at: datetime) -> Iterator[Finding]:
    """Why a resource cannot be withdrawn: somebody has booked what is still to come."""
    with acting_as(SYSTEM):
        coming = Booking.objects.filter(
            resource=declaration.code, state__in=OPEN, slot__ends__gt=at
        ).count()
    if coming:
        yield Finding(
            "booking.E024",
            "error",
            Text("“{name}”还有 {n} 个没有到时间的预约。",
                 "{n} {n|booking is|bookings are} still to come for “{name}”.",
                 name=declaration.name, n=coming),
            hint=Text("请先取消这些预约。", "Cancel them first."),
        )  # fmt: skip
