#!/usr/bin/env bash
# Package:   cpca 0.5.5 (province, city and county out of a Chinese address).
# Behaviour: the everyday short name of an autonomous county is placed in Chongqing. 长白县 (长白朝鲜族自治县,
#            220623), 前郭县 (220721) and 伊通县 (220323) all come back as 重庆市, "city" 县, code 500200.
#            With the province and the city before it the county is left empty and its name stays in the
#            rest of the address.
# Surprise:  the division codes have a level named plainly 县 (5002xx, the counties that Chongqing governs
#            directly). The matcher knows 长白朝鲜族自治县 only in full, but the lone character 县 is a name
#            too, so a miss is not a miss: it is a confident hit more than 2,000 km away, with a valid code.
# What to do: put the short names into the address first (a table of the province's autonomous counties), or
#            refuse every row whose city is 县, 市辖区 or 省直辖县级行政区划, and every row of another
#            province. Never count by `adcode` without that.
# Seen:
#> 长白县                      -> 重庆市 / 县 / - / 500200
#> 前郭县                      -> 重庆市 / 县 / - / 500200
#> 伊通县                      -> 重庆市 / 县 / - / 500200
#> 吉林省白山市长白县长白镇    -> 吉林省 / 白山市 / - / 220600
#> 长白朝鲜族自治县            -> 吉林省 / 白山市 / 长白朝鲜族自治县 / 220623
#> 汪清县                      -> 吉林省 / 延边朝鲜族自治州 / 汪清县 / 222424
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check cpca==0.5.5 pandas==3.1.1
"$work/venv/bin/python" - <<'PY' | tee "$work/seen"
import cpca

addresses = ["长白县", "前郭县", "伊通县", "吉林省白山市长白县长白镇", "长白朝鲜族自治县", "汪清县"]
table = cpca.transform(addresses)
for address, (province, city, county, _rest, code) in zip(addresses, table.itertuples(index=False)):
    shown = [part if isinstance(part, str) and part else "-" for part in (province, city, county, code)]
    print(f"{address}{'  ' * (14 - len(address))}-> {' / '.join(shown)}")
PY
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
