#!/usr/bin/env bash
# Package:   feelin 8.2.0 (FEEL of DMN and of Camunda 8's forms, JavaScript).
# Behaviour: `list contains([date("2026-10-01")], d)` is false for that very day, and `index of` finds
#            nothing, while `d in [...]`, `some x in [...] satisfies x = d` and `distinct values` all know
#            that the two days are equal. Numbers and strings are found by all of them.
# Surprise:  one language has two equalities. DMN defines `list contains` by FEEL's own equality; here dates,
#            times, durations and lists are compared by the identity of an object. A rule "not on a public
#            holiday", written with `list contains`, holds on every holiday, with no warning.
# What to do: write `d in [..]` or `some x in .. satisfies x = d`; test such a rule with a date, for a test
#            with strings ("2026-10-01") passes.
# Seen:
#> true   warnings: 0  list contains(["2026-10-01", "2026-10-02"], "2026-10-01")
#> false  warnings: 0  list contains([date("2026-10-01"), date("2026-10-02")], date("2026-10-01"))
#> 0      warnings: 0  count(index of([date("2026-10-01"), date("2026-10-02")], date("2026-10-01")))
#> true   warnings: 0  date("2026-10-01") in [date("2026-10-01"), date("2026-10-02")]
#> true   warnings: 0  some x in [date("2026-10-01"), date("2026-10-02")] satisfies x = date("2026-10-01")
#> 1      warnings: 0  count(distinct values([date("2026-10-01"), date("2026-10-01")]))
#> false  warnings: 0  list contains([duration("P5D")], duration("P5D"))
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$work" feelin@8.2.0
cat > "$work/run.mjs" <<'JS'
import { evaluate } from 'feelin';

const holidays = '[date("2026-10-01"), date("2026-10-02")]';
for (const expression of [
  'list contains(["2026-10-01", "2026-10-02"], "2026-10-01")',
  `list contains(${holidays}, date("2026-10-01"))`,
  `count(index of(${holidays}, date("2026-10-01")))`,
  `date("2026-10-01") in ${holidays}`,
  `some x in ${holidays} satisfies x = date("2026-10-01")`,
  'count(distinct values([date("2026-10-01"), date("2026-10-01")]))',
  'list contains([duration("P5D")], duration("P5D"))',
]) {
  const { value, warnings } = evaluate(expression);
  console.log(`${String(value).padEnd(6)} warnings: ${warnings.length}  ${expression}`);
}
JS
node "$work/run.mjs" | tee "$work/seen"
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
