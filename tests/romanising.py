"""Writes what towns and villages are called in English, by one rule, into the data of divisions.

There is no standard for it: the own name in Hanyu Pinyin as one word without tones (GB/T 16159),
the kind translated, a nationality by its English name. What a bracket adds is left out, and so are
the names of the places above, which some villages repeat. What bears no kind stays one word of
pinyin.
Readings come from the tables that registers are searched by.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from xiangyun.domain.registers.names import readings

DATA = Path(__file__).resolve().parent.parent / "src/xiangyun/domain/divisions/data"
_VILLAGE, _COMMUNITY = "Village", "Community"
KINDS = {
    **dict.fromkeys(("村民委员会", "村委会", "村子委会", "村委", "村"), _VILLAGE),
    **dict.fromkeys(("社区居委会", "居民委员会", "社区居民委员会", "居委会", "社区"), _COMMUNITY),
    **dict.fromkeys(("街道办事处", "街道"), "Subdistrict"),
    "镇": "Town",
    "乡": "Township",
    "虚拟生活区": "Residential Area (nominal)",
    "生活区": "Residential Area",
    "经济技术开发区": "Economic and Technological Development Zone",
    "高新技术产业开发区": "High-tech Industrial Development Zone",
    "高新技术开发区": "High-tech Development Zone",
    "旅游经济开发区": "Tourism Development Zone",
    "经济开发区": "Economic Development Zone",
    "开发区": "Development Zone",
    "工业集中区": "Industrial Zone",
    "工业区": "Industrial Zone",
    "产业园区": "Industrial Park",
    "边境经济合作区": "Border Economic Cooperation Zone",
    "林业局": "Forestry Bureau",
    "林业有限公司": "Forestry Company",
    "国有林保护中心": "State Forest Protection Centre",
    "国有林总场": "State Forest Farm",
    "机械林场": "Forest Farm",
    "林场": "Forest Farm",
    "农场": "Farm",
    "牧场": "Pasture",
    "渔场": "Fishery",
    **dict.fromkeys(("种畜场", "种马场", "种牛场", "种猪场", "种羊场"), "Stud Farm"),
    **dict.fromkeys(("马场", "牛场", "猪场", "鹿场"), "Stock Farm"),
    **dict.fromkeys(("良种繁育场", "良种繁殖场", "良种场", "原种场"), "Seed Farm"),
    "灌区管理局": "Irrigation Bureau",
    "水库": "Reservoir",
}
NATIONALITIES = {"满族": "Manchu", "朝鲜族": "Korean", "蒙古族": "Mongol", "回族": "Hui"}
_KIND = re.compile(f"({'|'.join(sorted(KINDS, key=len, reverse=True))})$")
_NATIONS = re.compile(f"((?:{'|'.join(NATIONALITIES)})+)$")
_BRACKETS = re.compile(r"（[^）]*）")


def pinyin(name: str) -> str:
    """A name as one word: Jingbian, Ying'an."""
    # ü is a v to searches; 长 in the name of a place is long, and never a head of one.
    read = [each.replace("v", "ü") for each in readings(name)]
    read = ["chang" if sign == "长" else each for sign, each in zip(name, read, strict=True)]
    joined = "".join(f"'{each}" if n and each[0] in "aoe" else each for n, each in enumerate(read))
    return joined[:1].upper() + joined[1:]


def in_english(name: str, above: Mapping[str, str] | tuple[str, ...] = ()) -> str:
    """A town's or village's name by the rule; `above` are the Chinese names of what it lies in."""
    bare = _BRACKETS.sub("", name)
    for place in above:
        if bare.startswith(place) and bare[len(place) :] not in KINDS and bare != place:
            bare = bare[len(place) :]
    found = _KIND.search(bare)
    kind = KINDS[found[1]] if found else ""
    own = bare[: found.start()] if found else bare
    if kind == _VILLAGE and own.endswith("村") and len(own) > 2:
        own = own[:-1]  # 白木匠村村民委员会
    nations = []
    if found and (told := _NATIONS.search(own)):
        own = own[: told.start()]
        nations = [NATIONALITIES[each] for each in re.findall("|".join(NATIONALITIES), told[1])]
    parts = (pinyin(own) if own else "", " and ".join(nations), kind)
    return " ".join(filter(None, parts))


def rows() -> Iterator[tuple[str, str]]:
    """Code and name of every town and village."""
    text = lzma.decompress((DATA / "divisions.csv.xz").read_bytes()).decode("utf-8")
    names = {row["code"]: row["name"] for row in csv.DictReader(io.StringIO(text))}
    for code, name in names.items():
        if code.endswith("000000"):
            continue
        uppers = [code[:4].ljust(12, "0"), code[:6].ljust(12, "0"), code[:9].ljust(12, "0")]
        yield code, in_english(name, tuple(names[c] for c in uppers if c != code and c in names))


def main() -> None:
    """Write the file anew."""
    out = io.StringIO()
    made = csv.writer(out, lineterminator="\n")
    made.writerow(("code", "name"))
    made.writerows(rows())
    (DATA / "lower.csv.xz").write_bytes(lzma.compress(out.getvalue().encode("utf-8"), preset=9))


if __name__ == "__main__":
    main()
