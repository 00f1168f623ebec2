#!/usr/bin/env bash
# Package:   lunardate 0.3.0, zhdate 0.1, lunar_python 1.4.8 (the Chinese lunar calendar).
# Behaviour: lunardate begins a month a day early in 1933, 1954 and 1978, so that all of its days lie one off:
#            who was born on the fifteenth of the eighth month of 1978 was born on 16 September for lunardate and
#            on the 17th for the two others. In 2057 lunardate and zhdate begin the ninth month on 29 September,
#            lunar_python on the 28th. Over 190 years that is all: any test with recent years agrees.
# Surprise:  new moons close to midnight fall on another day by another table. Elderly people give their
#            birthday by the lunar calendar, and a difference of a day decides from when an allowance is paid.
# What to do: never turn a lunar birthday into a date by a library; keep the date of the identity number; show a
#            lunar date as a convenience only.
# Seen:
#> 1933 months that begin on another day for lunardate: 1, zhdate: 0
#> 1954 months that begin on another day for lunardate: 1, zhdate: 0
#> 1978 months that begin on another day for lunardate: 1, zhdate: 0
#> 2057 months that begin on another day for lunardate: 1, zhdate: 1
#> fifteenth of the eighth month of 1978: lunardate 1978-09-16, zhdate 1978-09-17, lunar_python 1978-09-17
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
cd "$work"
python3 -m venv v
v/bin/pip install -q --disable-pip-version-check lunardate==0.3.0 zhdate==0.1 lunar_python==1.4.8
cat > run.py <<'P'
from collections import Counter
from datetime import datetime, timedelta

from lunar_python import Lunar, Solar
from lunardate import LunarDate
from zhdate import ZhDate

days = Counter()
day = datetime(1910, 1, 1)
while day < datetime(2100, 1, 1):
    third = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    known = (third.getYear(), abs(third.getMonth()), third.getDay())
    one = LunarDate.from_solar_date(day.year, day.month, day.day)
    two = ZhDate.from_datetime(day)
    days["lunardate", day.year] += known != (one.year, one.month, one.day)
    days["zhdate", day.year] += known != (two.lunar_year, two.lunar_month, two.lunar_day)
    day += timedelta(days=1)
for year in sorted({year for (_, year), n in days.items() if n}):
    # a month of thirty days that begins a day early or late moves all of its days
    told = ", ".join(f"{k}: {days[k, year] // 30}" for k in ("lunardate", "zhdate"))
    print(f"{year} months that begin on another day for {told}")
one = LunarDate(1978, 8, 15).to_solar_date()
two = ZhDate(1978, 8, 15).to_datetime().date()
third = Lunar.fromYmd(1978, 8, 15).getSolar().toYmd()
print(f"fifteenth of the eighth month of 1978: lunardate {one}, zhdate {two}, lunar_python {third}")
P
v/bin/python run.py | tee seen
sed -n 's/^#> //p' "$here" | diff - seen
