#!/usr/bin/env bash
# Packages:  PostgreSQL 18.7 as PGlite 0.5.17 (npm @electric-sql/pglite), row-level security on.
# Behaviour: under a row-level policy `due < date '2020-01-02'` on an indexed timestamptz column reads the
#            whole table, and `due < timestamptz '2020-01-02'` or an untyped literal uses the index. An
#            index on a numeric column is never used, the same number as bigint is. Without the policy all
#            of them use their index.
# Surprise:  the planner puts only leakproof operators before a policy. LIKE is known for not being one;
#            that `numeric < numeric` and every comparison ACROSS date, timestamp and timestamptz are not
#            either is not written where one looks. A driver decides it: a query parameter bound as a date
#            is another operator than one bound as a moment. The result is right, only the time grows with
#            the table, and only for users under the policy, not for the owner who tries the query.
# What to do: give a timestamptz column a timestamptz (`$1::date::timestamptz`, evaluated before the scan),
#            keep money that is searched as bigint (cents), and look at plans as the role that will run them.
# Seen:
#> due < timestamptz '2020-01-02'           owner: index        under the policy: index
#> due < '2020-01-02'                       owner: index        under the policy: index
#> due < date '2020-01-02'                  owner: index        under the policy: whole table
#> due < timestamp '2020-01-02'             owner: index        under the policy: whole table
#> due < (date '2020-01-02')::timestamptz   owner: index        under the policy: index
#> fee < 10                                 owner: index        under the policy: whole table
#> cents < 10                               owner: index        under the policy: index
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$work" @electric-sql/pglite@0.5.17
cat > "$work/run.mjs" <<'JS'
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
await db.exec(`
  set timezone = 'Asia/Shanghai';
  create table cases (division text, due timestamptz, fee numeric, cents bigint);
  insert into cases select '2224' || lpad((i % 100)::text, 2, '0'),
    timestamptz '2020-01-01' + i * interval '1 minute', i, i from generate_series(1, 50000) i;
  create index on cases (due); create index on cases (fee); create index on cases (cents);
  analyze cases;
  alter table cases enable row level security;
  create policy place on cases using (division like current_setting('app.division') || '%');
  create role clerk; grant select on cases to clerk;
  set app.division = '2224';`);
const scan = async (where) => {
  const plan = (await db.query(`explain (costs off) select * from cases where ${where}`)).rows;
  return plan.some((row) => row['QUERY PLAN'].includes('Seq Scan')) ? 'whole table' : 'index';
};
const wheres = [
  "due < timestamptz '2020-01-02'", "due < '2020-01-02'", "due < date '2020-01-02'",
  "due < timestamp '2020-01-02'", "due < (date '2020-01-02')::timestamptz", 'fee < 10', 'cents < 10',
];
for (const where of wheres) {
  const owner = await scan(where);
  await db.exec('set role clerk');
  const clerk = await scan(where);
  await db.exec('reset role');
  console.log(`${where.padEnd(40)} owner: ${owner.padEnd(12)} under the policy: ${clerk}`);
}
await db.close();
JS
node "$work/run.mjs" | tee "$work/seen"
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
