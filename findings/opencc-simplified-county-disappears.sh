#!/usr/bin/env bash
# Package:   OpenCC 1.4.2, hanziconv 0.3.2, zhconv 1.4.3 (Python).
# Behaviour: a text that is written in simplified characters already is not left alone by the conversion from
#            traditional ones. 乾 is a simplified character where it is read qian, and 干 where it is read gan;
#            OpenCC knows 乾隆 and 乾坤 as words and no county, so 乾安县 (Jilin) and 乾县 (Shaanxi) become 干安县
#            and 干县, which do not exist. hanziconv does the same and loses 乾隆 too. zhconv keeps both counties,
#            and changes surnames and given names instead: 锺 to 钟, 昇 to 升, 甯 to 宁, which the list of standard
#            characters of 2013 keeps for names.
# Surprise:  one expects "to simplified" to be idempotent and harmless on simplified input, and so runs it over every
#            name before comparing or indexing. A county disappears, and two different people get one spelling; which
#            of the two depends on the library. The other way (干安 to traditional) does not bring it back.
# What to do: convert what is searched for and what is indexed alike and keep the original beside it; never write
#            a converted name into a register; take names of divisions out before converting.
# Seen:
#> given, OpenCC, its way back, hanziconv, zhconv
#> 乾安县 干安县 干安县 干安县 乾安县
#> 乾县 干县 干县 干县 乾县
#> 乾隆 乾隆 乾隆 干隆 乾隆
#> 李乾 李干 李干 李干 李干
#> 锺灵 锺灵 钟灵 锺灵 钟灵
#> 李昇 李昇 李昇 李昇 李升
#> 郭甯 郭甯 郭甯 郭甯 郭宁
#> 长白县 长白县 长白县 长白县 长白县
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check OpenCC==1.4.2 hanziconv==0.3.2 zhconv==1.4.3
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
import opencc
import zhconv
from hanziconv import HanziConv

simplified = opencc.OpenCC("t2s")
traditional = opencc.OpenCC("s2t")
print("given, OpenCC, its way back, hanziconv, zhconv")
for name in ("乾安县", "乾县", "乾隆", "李乾", "锺灵", "李昇", "郭甯", "长白县"):
    there = simplified.convert(name)
    print(
        name,
        there,
        simplified.convert(traditional.convert(there)),
        HanziConv.toSimplified(name),
        zhconv.convert(name, "zh-cn"),
    )
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
