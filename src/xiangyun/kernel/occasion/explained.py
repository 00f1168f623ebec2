"""What is wrong and what is right, for each refusal of a booking: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_HOW = "docs/reference/resources.md"
EXPLAINED: Mapping[str, Explained] = {
    "booking.E001": Explained("a slot of yesterday", "a slot of tomorrow", _HOW),
    "booking.E002": Explained('slot: "2026-04-13 08:17"', 'slot: "2026-04-13 08:30"', _HOW),
    "booking.E003": Explained("a slot in a year, with opens: P30D", "a slot in a week", _HOW),
    "booking.E004": Explained("lane: tabel", "lane: table", _HOW),
    "booking.E005": Explained("weeks: 11, with series: 10", "weeks: 10", _HOW),
    "booking.E006": Explained("to confirm what has expired", "to book anew", _HOW),
    "booking.E007": Explained("to cancel an hour before, with cancel: PT2H", "earlier", _HOW),
    "booking.E008": Explained("to book while barred", "to book after the bar", _HOW),
    "booking.E009": Explained("to confirm without a booking", "to book first", _HOW),
    "booking.E010": Explained("to check in a day before", "to check in on the day", _HOW),
    "booking.E011": Explained("eight days, with extension: {days: 7, …}", "seven days", _HOW),
    "booking.E012": Explained("a full slot, with waiting: 0", "another slot", _HOW),
    "booking.E013": Explained(
        "02:30 on the night when the clock is put back", "02:30+01:00, say which", _HOW
    ),
    "booking.E014": Explained("hours: 19:00-17:00", "hours: 17:00-19:00", _HOW),
    "booking.E015": Explained("begins: tomorrow", "begins: 2026-04-09 08:30", _HOW),
    "booking.E016": Explained("first: Monday", 'first: =date("2026-04-13")', _HOW),
    "booking.E020": Explained("to book without an account", "to log in and book", _HOW),
    "booking.E021": Explained("to cancel the booking of another", "to cancel one's own", _HOW),
    "booking.E022": Explained("to call before anybody checked in", "to call afterwards", _HOW),
    "booking.E023": Explained("eldercare/centre:meal", "eldercare/centre:meals", _HOW),
    "booking.E024": Explained("to withdraw what is booked", "to cancel the bookings first", _HOW),
    "booking.E025": Explained("lane: fresh, for a lorry with timber", "lane: freight", _HOW),
    "booking.E026": Explained("a third hold, with limit: {on_hold: 2}", "to confirm one", _HOW),
    "booking.E027": Explained("a list whose line 37 has no slot", "a list that fits", _HOW),
    "booking.E028": Explained("400 vehicles for 300 places", "a shorter list", _HOW),
    "booking.E029": Explained("a list without a line", "one with a vehicle", _HOW),
    "booking.E030": Explained("to book a gate without a vehicle", "to apply for clearance", _HOW),
    "booking.E031": Explained("items: =1", "items: =application.vehicles", _HOW),
}
