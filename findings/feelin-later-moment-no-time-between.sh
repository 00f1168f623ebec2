#!/usr/bin/env bash
# Package:   feelin 8.2.0 (FEEL of DMN and of Camunda 8's forms, JavaScript).
# Behaviour: comparison and subtraction of two moments in different offsets contradict each other. Two
#            moments that `=` calls equal lie PT8H apart, and of two moments of which `>` says that one is
#            later the difference is PT0S.
# Surprise:  comparison works on instants, subtraction on what the clocks on the wall show. With one offset
#            everywhere nothing is ever wrong; it appears where a form sends Beijing time (+08:00) and a
#            server stamps UTC, and then it is exactly eight hours, a whole working day of a promised time.
# What to do: bring both sides to one offset before a decision sees them, and in rules compare with a limit
#            (`submitted + duration("PT8H") < now`) rather than measure a difference.
# Seen:
#> 08:00:00+08:00 and 00:00:00Z       equal: true, later: false, difference: PT8H
#> 08:00:00Z      and 08:00:00+08:00  equal: false, later: true, difference: PT0S
#> 16:00:00+08:00 and 08:00:00+08:00  equal: false, later: true, difference: PT8H
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$work" feelin@8.2.0
cat > "$work/run.mjs" <<'JS'
import { evaluate } from 'feelin';

const moment = (text) => `date and time("2026-03-02T${text}")`;
const pairs = [['08:00:00+08:00', '00:00:00Z'], ['08:00:00Z', '08:00:00+08:00'], ['16:00:00+08:00', '08:00:00+08:00']];
for (const [left, right] of pairs) {
  const [a, b] = [moment(left), moment(right)];
  const [equal, later, between] = [`${a} = ${b}`, `${a} > ${b}`, `${a} - ${b}`].map((e) => evaluate(e).value);
  console.log(`${left.padEnd(14)} and ${right.padEnd(14)}  equal: ${equal}, later: ${later}, difference: ${between}`);
}
JS
node "$work/run.mjs" | tee "$work/seen"
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
