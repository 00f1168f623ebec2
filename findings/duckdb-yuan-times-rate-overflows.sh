#!/usr/bin/env bash
# Package:   duckdb 2.0.1 (Python).
# Behaviour: the product of two decimals is no wider than 18 digits as long as each factor fits into 18. An
#            amount DECIMAL(18,2) times a rate DECIMAL(9,6) is DECIMAL(18,8): ten digits before the point, so
#            12 billion yuan times 1.035 stops the whole query with "Overflow in multiplication of
#            DECIMAL(18)". The same amount out of `sum` is DECIMAL(38,2), and the product is right.
# Surprise:  PostgreSQL has no such limit and Spark widens the product (to 28 digits here); DuckDB adds the scales
#            and keeps the width. Whether a report runs depends on the largest amount of that day, and the
#            same formula on a total works while on a single row it fails. Nothing is wrong with a test of
#            ten rows.
# What to do: cast one factor to DECIMAL(38, its scale) before multiplying, always; the result is then wide.
# Seen:
#> amount(18,2) * rate(9,6)               DECIMAL(18,8)
#> 9876543210.00 * 1.035000               10222222222.35 is too long: OutOfRangeException
#> 9123456789.00 * 1.035000               9442777776.61500000
#> sum(amount) * rate                     10222222222.35000000 DECIMAL(38,8)
#> cast to DECIMAL(38,2) first            10222222222.35000000 DECIMAL(38,8)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check duckdb==2.0.1
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
import duckdb

RATE = "1.035000::DECIMAL(9,6)"


def seen(what: str, question: str) -> None:
    try:
        (row,) = duckdb.sql(question).fetchall()
        answer = " ".join(str(each) for each in row)
    except duckdb.Error as problem:
        answer = f"10222222222.35 is too long: {type(problem).__name__}"
    print(f"{what:<38} {answer}")


def of(amount: str) -> str:
    return f"{amount}::DECIMAL(18,2)"


seen("amount(18,2) * rate(9,6)", f"SELECT typeof({of('1.00')} * {RATE})")
seen("9876543210.00 * 1.035000", f"SELECT {of('9876543210.00')} * {RATE}")
seen("9123456789.00 * 1.035000", f"SELECT {of('9123456789.00')} * {RATE}")
total = f"(SELECT sum(a) FROM (SELECT {of('9876543210.00')} AS a))"
seen("sum(amount) * rate", f"SELECT {total} * {RATE}, typeof({total} * {RATE})")
wide = f"CAST({of('9876543210.00')} AS DECIMAL(38,2)) * {RATE}"
seen("cast to DECIMAL(38,2) first", f"SELECT {wide}, typeof({wide})")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
