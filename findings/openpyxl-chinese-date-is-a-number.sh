#!/usr/bin/env bash
# Packages:  xlsxwriter 3.3.1 (writes), openpyxl 3.1.5, python-calamine 0.9.1 (Python), exceljs 4.4.0 (npm).
# Behaviour: a date in one of the formats that the file standard keeps for Chinese, Japanese and Korean, ids 27 to
#            36 and 50 to 58, is a number to openpyxl and exceljs: 46353, not 27 November 2026; openpyxl names
#            its format "General". calamine says a date. The same pattern spelt out in the file is a date to all.
# Surprise:  part 1 of ISO/IEC 29500 (18.8.30) lists under zh-cn what 2026年11月27日 (31), 2026年11月 (57) and
#            11月27日 (58) are; a file names the id and no pattern, so its style sheet shows nothing. Whether a
#            column of birthdays or deadlines comes in as dates thus depends on the program that filled it in,
#            one file can have both, and a number of five digits passes as an amount or a code.
# What to do: read with calamine, or give openpyxl the patterns of these ids before reading (BUILTIN_FORMATS);
#            declare the type of every column, and refuse a number where a date must stand.
# Seen:
#> format                openpyxl    exceljs     calamine
#> 14                    2026-11-27  2026-11-27  2026-11-27
#> 27                    46353       46353       2026-11-27
#> 31                    46353       46353       2026-11-27
#> 36                    46353       46353       2026-11-27
#> 50                    46353       46353       2026-11-27
#> 57                    46353       46353       2026-11-27
#> 58                    46353       46353       2026-11-27
#> yyyy"年"m"月"d"日"    2026-11-27  2026-11-27  2026-11-27
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check xlsxwriter==3.3.1 openpyxl==3.1.5 python-calamine==0.9.1
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$work" exceljs@4.4.0
"$work/venv/bin/python" - "$work/dates.xlsx" <<'PY'
import sys

import xlsxwriter

with xlsxwriter.Workbook(sys.argv[1]) as book:
    sheet = book.add_worksheet()
    for row, shown in enumerate((14, 27, 31, 36, 50, 57, 58, 'yyyy"年"m"月"d"日"')):
        sheet.write_string(row, 0, str(shown))
        sheet.write_number(row, 1, 46353, book.add_format({"num_format": shown}))
PY
cat > "$work/run.cjs" <<'JS'
const { Workbook } = require('exceljs');

const book = new Workbook();
book.xlsx.readFile(`${__dirname}/dates.xlsx`).then(() =>
  book.worksheets[0].eachRow((row) => {
    const { value } = row.getCell(2);
    console.log(value instanceof Date ? value.toISOString().slice(0, 10) : value);
  }),
);
JS
node "$work/run.cjs" > "$work/javascript"
"$work/venv/bin/python" - "$work" <<'PY' | tee "$work/seen"
import sys
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

work = Path(sys.argv[1])
sheet = load_workbook(work / "dates.xlsx").active
rust = CalamineWorkbook.from_path(str(work / "dates.xlsx")).get_sheet_by_index(0).to_python()
print("format".ljust(22) + "openpyxl    exceljs     calamine")
for (name, python), javascript, (_, fast) in zip(
    sheet.values, (work / "javascript").read_text().split(), rust, strict=True
):
    wide = sum(ord(letter) > 255 for letter in name)
    print(name.ljust(22 - wide) + f"{str(python)[:10]:12}{javascript:12}{str(fast)[:10]}")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
