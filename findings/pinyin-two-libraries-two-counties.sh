#!/usr/bin/env bash
# Package:   pypinyin 0.55.0, xpinyin 0.7.7, pinyin-pro 3.29.4 (Chinese characters to pinyin).
# Behaviour: no two of them spell the same counties of one province right. Changbai (长白) and Changling (长岭)
#            begin with zhang for pypinyin, Hunchun (珲春) is hui chun for pypinyin and pinyin-pro, Qian'an
#            (乾安) is gan an for xpinyin, which also reads 朝鲜族 (Korean) as zhao xian zu. Words that the
#            phrase tables know are right: 长春 and 长白山 are chang for all, so a test with the capital passes.
# Surprise:  the names are ordinary county names, whole and in context, and the readings meet in real work: the
#            server sorts and indexes by one library, the browser completes what is typed by another.
# What to do: put a table of one's own before the library's (places, surnames); let one side only, the server,
#            turn names into letters; index every reading of a character that has several.
# Seen:
#> 珲春市            hunchun shi            pypinyin -   xpinyin ok  pinyin-pro -
#> 长白县            changbai xian          pypinyin -   xpinyin ok  pinyin-pro ok
#> 长岭县            changling xian         pypinyin -   xpinyin ok  pinyin-pro ok
#> 乾安县            qian'an xian           pypinyin ok  xpinyin -   pinyin-pro ok
#> 长春市            changchun shi          pypinyin ok  xpinyin ok  pinyin-pro ok
#> 朝鲜族            chaoxianzu             pypinyin ok  xpinyin -   pinyin-pro ok
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
cd "$work"
python3 -m venv v
v/bin/pip install -q --disable-pip-version-check pypinyin==0.55.0 xpinyin==0.7.7
npm install --silent --ignore-scripts --no-audit --no-fund pinyin-pro@3.29.4
cat > names.txt <<'N'
珲春市|hunchun shi
长白县|changbai xian
长岭县|changling xian
乾安县|qian'an xian
长春市|changchun shi
朝鲜族|chaoxianzu
N
cat > run.mjs <<'J'
import { readFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';
for (const line of readFileSync('names.txt', 'utf8').trim().split('\n'))
  console.log(pinyin(line.split('|')[0], { toneType: 'none', type: 'array' }).join(''));
J
node run.mjs > browser.txt
cat > run.py <<'P'
from pypinyin import lazy_pinyin
from xpinyin import Pinyin

letters = lambda text: text.replace(" ", "").replace("'", "")
rows = zip(open("names.txt", encoding="utf-8"), open("browser.txt", encoding="utf-8"))
for line, browser in rows:
    name, right = line.strip().split("|")
    read = {
        "pypinyin": "".join(lazy_pinyin(name)),
        "xpinyin": Pinyin().get_pinyin(name, ""),
        "pinyin-pro": browser.strip(),
    }
    said = "  ".join(f"{k} {'ok' if v == letters(right) else '- '}" for k, v in read.items())
    print(f"{name}            {right:<22} {said}".rstrip())
P
v/bin/python run.py | tee seen
sed -n 's/^#> //p' "$here" | diff - seen
