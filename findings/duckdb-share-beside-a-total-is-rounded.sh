#!/usr/bin/env bash
# Package:   duckdb 2.0.1 (Python).
# Behaviour: where two decimals meet in one column and digits before the point plus digits behind it would need
#            more than 38, the finer one silently loses its last digits: beside DECIMAL(38,2) the value 0.035
#            becomes 0.04, in UNION ALL, CASE, coalesce and lists alike. `+` of the same two gives 0.035 its
#            digits or stops with an error; beside DECIMAL(18,2) nothing is lost.
# Surprise:  one never writes DECIMAL(38,2): `sum` of any DECIMAL(18,2) is one. So a report that puts a total
#            and a share below each other (UNION ALL) shows a share rounded to cents, and a rule "if there is
#            a sum, the sum, else the rate" rounds the rate, while the same query over plain rows is right.
#            PostgreSQL keeps every digit there. No message, and small amounts show it as well as large ones.
# What to do: cast sums back to what they are, DECIMAL(18,2), or all branches to one type, before they meet.
# Seen:
#> total 1200.50, share 0.035 (UNION ALL)   1200.50 0.04 DECIMAL(38,2)
#> one row's amount, share 0.035            1200.500 0.035 DECIMAL(19,3)
#> CASE: the sum, else the rate             0.04 DECIMAL(38,2)
#> coalesce(sum of nothing, 0.0375)         0.04 DECIMAL(38,2)
#> list of sum and rate                     [1200.50, 0.04] DECIMAL(38,2)[]
#> sum + rate                               1200.535 DECIMAL(38,3)
#> the sum as DECIMAL(18,2), share 0.035    1200.500 0.035 DECIMAL(19,3)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
import duckdb

database = duckdb.connect()
database.execute("CREATE TABLE paid (amount DECIMAL(18,2))")
database.execute("INSERT INTO paid VALUES (1000.25), (200.25)")


def seen(what: str, question: str) -> None:
    rows = database.execute(f"SELECT x, typeof(x) FROM ({question})").fetchall()
    values = " ".join(
        f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
        for value, _ in rows
    )
    print(f"{what:<40} {values} {rows[0][1]}")


seen("total 1200.50, share 0.035 (UNION ALL)", "SELECT sum(amount) AS x FROM paid UNION ALL SELECT 0.035")
seen("one row's amount, share 0.035", "SELECT 1200.50::DECIMAL(18,2) AS x UNION ALL SELECT 0.035")
seen("CASE: the sum, else the rate", "SELECT CASE WHEN count(*) > 9 THEN sum(amount) ELSE 0.035 END AS x FROM paid")
seen("coalesce(sum of nothing, 0.0375)", "SELECT coalesce(sum(amount), 0.0375) AS x FROM paid WHERE amount < 0")
seen("list of sum and rate", "SELECT [sum(amount), 0.035] AS x FROM paid")
seen("sum + rate", "SELECT sum(amount) + 0.035 AS x FROM paid")
seen("the sum as DECIMAL(18,2), share 0.035", "SELECT sum(amount)::DECIMAL(18,2) AS x FROM paid UNION ALL SELECT 0.035")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
