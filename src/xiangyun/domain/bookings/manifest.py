"""Bookings: slots of declared resources, held, booked, waited for and used."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("messaging",),
    queue="bookings",
    owned="xiangyun.domain.bookings.queries:owned",
    of_case="xiangyun.domain.bookings.queries:OF_CASE",
    modules={
        "feeds": "bookings and programmes as calendars read them",
        "engaging": "when people are where, by cases and by bookings that they attend",
        "telling": "messages to who moves up",
        "statistics": "bookings as rows for statistics",
        "standing": "how a party stands with a resource",
        "rows": "bookings as rows, locked by their slots",
        "lists": "lists that are booked as a whole",
        "following": "bookings that follow joined parties and merged departments",
    },
    appointments="xiangyun.domain.bookings.feeds:appointments",
    succeeds="xiangyun.domain.bookings.following:succeed",
    in_use={"resource": "xiangyun.domain.bookings.checks:still_booked"},
    verbs=(
        Verb("booking.made", Text("预约 {number}（{resource}）", "Booked: {number} ({resource})")),
        Verb("booking.confirmed", Text("确认预约 {number}", "Booking {number} was confirmed")),
        Verb("booking.cancelled", Text("取消预约 {number}", "Booking {number} was cancelled")),
        Verb("booking.checked_in", Text("签到 {number}", "Booking {number}: checked in")),
        Verb("booking.called", Text("叫号：{queue}", "Number {queue} was called")),
        Verb("booking.missed", Text("预约 {number} 未到", "Booking {number} was not kept")),
        Verb("hours.extended", Text("延长开放：{resource}", "{resource} is open longer")),
    ),
)  # fmt: skip
