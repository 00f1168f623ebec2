#!/usr/bin/env bash
# Package:   segno 1.6.6 (QR codes); read back by zxing-cpp 3.1.1.
# Behaviour: `segno.make("安图")` writes four of Jilin's counties and cities into a QR symbol as other
#            characters. 图 is not in Shift-JIS, so segno falls back to UTF-8; it then asks of those BYTES
#            whether they look like Shift-JIS pairs, finds that E5AE 89E5 9BBE do, and marks the segment
#            "kanji". Every reader decodes that honestly, to nonsense.
# Surprise:  it is a property of the bytes, not of the characters: 安图 is lost and 安图县 is right, 珲春 is
#            right and 舒兰 is lost. Only texts of an even number of bytes can be hit (two characters, four,
#            ...), so a test with one name, or with a sentence, passes.
# What to do: give the mode, `segno.make(text, mode="byte", encoding="utf-8")`, or put only ASCII (an
#            address with percent-encoding) into the symbol; read each symbol back before it is printed.
# Seen:
#> 安图    kanji  -> 螳牙崟
#> 舒兰    kanji  -> 闊貞�
#> 辉南    kanji  -> 霎牙漉
#> 抚松    kanji  -> 謚壽收
#> 珲春    byte   -> 珲春
#> 安图县  byte   -> 安图县
#> 安图    byte   -> 安图 (mode and encoding given)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check segno==1.6.6 zxing-cpp==3.1.1 numpy==2.4.6
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
import numpy, segno, zxingcpp


def read(symbol):
    dots = [[0 if dark else 255 for dark in row] for row in symbol.matrix_iter(scale=4, border=4)]
    return zxingcpp.read_barcodes(numpy.array(dots, dtype=numpy.uint8))[0].text


for name in ("安图", "舒兰", "辉南", "抚松", "珲春", "安图县"):
    symbol = segno.make(name, micro=False)
    print(f"{name}{'  ' * (4 - len(name))}{symbol.mode:6} -> {read(symbol)}")
given = segno.make("安图", micro=False, mode="byte", encoding="utf-8")
print(f"安图    {given.mode:6} -> {read(given)} (mode and encoding given)")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
