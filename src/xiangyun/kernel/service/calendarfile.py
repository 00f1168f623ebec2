"""Appointments as calendars take them: iCalendar (RFC 5545, with names of RFC 7986).

Hours are written in universal time, so that no rules of a time zone travel with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FOLD = 75
"""Octets of a line, without its end (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of a calendar: all day from `first` to `last`, or from `starts` to `ends`.

    `uid` stays; whoever has it already takes it anew when `sequence` is higher.
    """

    uid: str
    sequence: int
    changed_at: datetime
    title: str
    body: str = ""
    place: str = ""
    url: str = ""
    first: date | None = None
    last: date | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    cancelled: bool = False


def calendar_file(appointments: Iterable[Appointment], name: str = "") -> str:
    """A file of appointments; `name`: of the calendar, for a feed that is read again and again."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Xiangyun//Xiangyun//ZH"]
    if name:
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
        lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT1H"]
    else:
        lines += ["METHOD:PUBLISH"]
    for each in appointments:
        lines += _event(each)
    lines += ["END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(one: Appointment) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{_text(one.uid)}", f"SEQUENCE:{one.sequence}")
    yield f"DTSTAMP:{_moment(one.changed_at)}"
    if one.first is not None:
        last = max(one.first, one.last or one.first)
        yield f"DTSTART;VALUE=DATE:{one.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    elif one.starts is not None:
        yield f"DTSTART:{_moment(one.starts)}"
        if one.ends is not None and one.ends > one.starts:
            yield f"DTEND:{_moment(one.ends)}"
    yield f"SUMMARY:{_text(one.title)}"
    if one.body:
        yield f"DESCRIPTION:{_text(one.body)}"
    if one.place:
        yield f"LOCATION:{_text(one.place)}"
    if one.url:
        yield f"URL:{one.url}"
    yield f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Words as a value of type TEXT (3.3.11): no control sign, and no sign that ends a value."""
    lines = "\n".join(words.splitlines())
    kept = "".join(sign for sign in lines if sign == "\n" or sign == "\t" or sign.isprintable())
    for sign in "\\;,":
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which ends within a character."""
    pieces, piece, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    return "\r\n".join([*pieces, piece])
