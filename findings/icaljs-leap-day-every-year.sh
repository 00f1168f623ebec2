#!/usr/bin/env bash
# Packages:  ical.js 2.2.1 (JavaScript) and recurring-ical-events 3.8.2 with icalendar 7.3.2 (Python).
# Behaviour: one calendar file, a yearly duty whose first day is 29 February 2024. The Python library gives
#            2024, 2028, 2032; ical.js gives a day in every year, 1 March where there is no 29 February.
# Surprise:  RFC 5545, 3.3.10: instances with an invalid date MUST be ignored and MUST NOT be counted. And
#            ical.js keeps to it elsewhere: the same yearly rule with its day written out
#            (BYMONTH=2;BYMONTHDAY=29), and FREQ=MONTHLY on the 31st with BYMONTHDAY, skip. So a COUNT=3
#            duty ends in 2026 in the browser and in 2032 on the server.
# What to do: never leave the day to DTSTART. Say what is meant: BYMONTH=2;BYMONTHDAY=-1 (last day of
#            February, every year) or BYMONTH=2;BYMONTHDAY=29 (leap years); both libraries then agree.
# Seen:
#> FREQ=YEARLY;COUNT=3                             ical.js 2024-02-29 2025-03-01 2026-03-01
#> FREQ=YEARLY;COUNT=3                             python  2024-02-29 2028-02-29 2032-02-29
#> FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=29     ical.js 2024-02-29 2028-02-29 2032-02-29
#> FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=29     python  2024-02-29 2028-02-29 2032-02-29
#> FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=-1     ical.js 2024-02-29 2025-02-28 2026-02-28
#> FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=-1     python  2024-02-29 2025-02-28 2026-02-28
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check icalendar==7.3.2 recurring-ical-events==3.8.2
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$work" ical.js@2.2.1
cat > "$work/run.mjs" <<'JS'
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], 'utf8')));
const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
const days = [];
for (const next = event.iterator(); ;) {
  const day = next.next();
  if (!day) break;
  days.push(day.toString());
}
console.log(days.join(' '));
JS
cat > "$work/run.py" <<'PY'
import sys, icalendar, recurring_ical_events

with open(sys.argv[1], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())
found = recurring_ical_events.of(calendar).between((2024, 1, 1), (2040, 1, 1))
print(*sorted(event["DTSTART"].dt.isoformat() for event in found))
PY
for rule in 'FREQ=YEARLY;COUNT=3' 'FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=29' \
  'FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=-1'; do
  printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example//duty//ZH BEGIN:VEVENT UID:duty@example.org \
    DTSTAMP:20240101T000000Z 'DTSTART;VALUE=DATE:20240229' "RRULE:$rule" SUMMARY:年度检查 END:VEVENT END:VCALENDAR \
    > "$work/duty.ics"
  printf '%-47s ical.js %s\n' "$rule" "$(node "$work/run.mjs" "$work/duty.ics")"
  printf '%-47s python  %s\n' "$rule" "$("$work/venv/bin/python" "$work/run.py" "$work/duty.ics")"
done | tee "$work/seen"
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
