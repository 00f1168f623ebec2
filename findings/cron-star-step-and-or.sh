#!/usr/bin/env bash
# Packages:  croniter 7.0.0, cronsim 2.8 (Python), cron-parser 5.10.6 (npm).
# Behaviour: `0 9 */2 * 1` is every odd day OR Monday to croniter and cron-parser (19 runs in March 2026),
#            and every odd day AND Monday to cronsim (2 runs). `0 9 1-31/2 * 1` selects the very same days
#            of the month, and all three say OR.
# Surprise:  everybody knows the rule "day of month and day of week are joined by OR if both are given".
#            Vixie's and Debian's cron test whether a field BEGINS with a star, so */2 counts as not given
#            and the fields are joined by AND; cronsim follows that, the other two test the set of days.
#            Two equal sets of days thus give two calendars, and moving a schedule from the machine's
#            crontab into an application multiplies the runs by nine without any error.
# What to do: never use both day fields in one expression; write the odd days as 1-31/2 if OR is meant, and
#            for AND test the weekday in the job. List the next ten runs beside every schedule that a
#            person can edit.
# Seen (the number is that of the runs in March 2026):
#> 0 9 */2 * 1      croniter      19
#> 0 9 1-31/2 * 1   croniter      19
#> 0 9 */2 * 1      cronsim        2
#> 0 9 1-31/2 * 1   cronsim       19
#> 0 9 */2 * 1      cron-parser   19
#> 0 9 1-31/2 * 1   cron-parser   19
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check croniter==7.0.0 cronsim==2.8
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$work" cron-parser@5.10.6
{
  "$work/venv/bin/python" - <<'PY'
from datetime import datetime
from itertools import takewhile
from croniter import croniter
from cronsim import CronSim

start, end = datetime(2026, 2, 28, 23), datetime(2026, 4, 1)
for name, runs in (
    ("croniter", lambda rule: croniter(rule, start).all_next(datetime)),
    ("cronsim", lambda rule: CronSim(rule, start)),
):
    for rule in ("0 9 */2 * 1", "0 9 1-31/2 * 1"):
        print(f"{rule:16} {name:12} {len(list(takewhile(lambda run: run < end, runs(rule)))):3}")
PY
  cat > "$work/run.mjs" <<'JS'
import { CronExpressionParser } from 'cron-parser';

for (const rule of ['0 9 */2 * 1', '0 9 1-31/2 * 1']) {
  const runs = CronExpressionParser.parse(rule, { currentDate: '2026-02-28T23:00:00Z', tz: 'UTC' });
  let count = 0;
  while (runs.next().toDate() < new Date('2026-04-01T00:00:00Z')) count += 1;
  console.log(`${rule.padEnd(16)} ${'cron-parser'.padEnd(12)} ${String(count).padStart(3)}`);
}
JS
  node "$work/run.mjs"
} | tee "$work/seen"
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
