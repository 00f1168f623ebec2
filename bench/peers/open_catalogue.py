"""A catalogue of many data sets in an instance of its own: indexed, then searched with facets.

Prints one line of JSON: seconds to index, and for each kind of question its milliseconds and the
processor time of the database and of this process. The data sets are made up and come by a harvest.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

# The addresses of the database stand in the environment already.
os.environ["DJANGO_SETTINGS_MODULE"] = "xiangyun.site.settings"
MANY, ASKED = int(sys.argv[1]), int(sys.argv[2])

import django  # noqa: E402 - as the settings read them

django.setup()

from django.db import connections  # noqa: E402 - settings first

from xiangyun.domain.accounts.access import SYSTEM  # noqa: E402
from xiangyun.domain.datasets import harvesting, searching  # noqa: E402
from xiangyun.domain.datasets.ports import Catalogue  # noqa: E402
from xiangyun.domain.divisions.actions import load_divisions  # noqa: E402
from xiangyun.site.upgrade import bring_up_to_date  # noqa: E402

PLACES = ["长春", "吉林", "四平", "辽源", "通化", "白山", "松原", "白城", "延边", "珲春", "敦化"]
TOPICS = [
    *("空气质量", "水质监测", "道路客运", "公交线路", "学校名录", "医院名录", "药店", "餐饮检查"),
    *(
        "食品抽检",
        "企业登记",
        "行政许可",
        "行政处罚",
        "社会保险",
        "就业培训",
        "养老机构",
        "土地供应",
    ),
    *(
        "房屋交易",
        "能源消费",
        "电价",
        "供热",
        "供水",
        "气象站",
        "森林防火",
        "种子",
        "农机",
        "粮食收购",
    ),
    *(
        "农药",
        "畜牧检疫",
        "渔业",
        "科技项目",
        "专利",
        "旅游景区",
        "文物",
        "图书馆",
        "体育场馆",
        "预算",
    ),
    *("决算", "税收", "审计", "招标", "政府采购", "口岸通行", "进出口", "物流", "邮政", "通信基站"),
    *("地名", "界线", "河道", "水库", "地震", "应急", "儿童福利", "彩票", "殡葬", "慈善"),
]
KINDS = ["名录", "统计", "明细", "月报", "年报", "监测", "清单", "目录"]
OFFICES = [f"样{n}局（虚构）" for n in range(141)]
FORMATS = ("CSV", "XLSX", "JSON", "PARQUET", "XML")


class Made:
    """Another catalogue, made up."""

    def catalogue(self, kind: str, address: str, tag: str) -> Catalogue:
        chance = random.Random(7)
        return Catalogue(tuple(self._package(n, chance) for n in range(MANY)), "")

    def _package(self, number: int, chance: random.Random) -> dict[str, object]:
        place, topic, kind = (chance.choice(words) for words in (PLACES, TOPICS, KINDS))
        columns = "、".join(chance.sample(TOPICS, 4))
        return {
            "id": f"id-{number}",
            "name": f"set-{number}",
            "title": f"{place}{topic}{kind}{number}",
            "notes": f"{place}{topic}数据，按月更新，含{columns}等字段。虚构。",
            "license_id": "CC-BY-4.0",
            "metadata_modified": f"2026-{number % 11 + 1:02}-{number % 27 + 1:02}T03:04:05",
            "tags": [{"name": word} for word in {topic, place, chance.choice(TOPICS)}],
            "organization": {"title": OFFICES[number % len(OFFICES)]},
            "resources": [
                {"format": each, "url": f"https://data.example.org/{number}.{each.lower()}"}
                for each in chance.sample(FORMATS, 2)
            ],
        }


def spent(backend: int) -> float:
    """Seconds of processor time of a process of the database so far."""
    fields = Path(f"/proc/{backend}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def questions(chance: random.Random) -> dict[str, searching.Asked]:
    """One of each kind; the first three are what people ask, the last two the worst there is."""
    place, topic = chance.choice(PLACES), chance.choice(TOPICS)
    number = chance.randrange(MANY)
    tags = {"tags": (chance.choice(TOPICS),)}
    return {
        "topic": searching.Asked(topic, kinds=("dataset",)),
        "place and topic": searching.Asked(f"{place}{topic}", kinds=("dataset",)),
        "one by its name": searching.Asked(f"set-{number}"),
        "narrowed by a tag": searching.Asked(place, tags, kinds=("dataset",)),
        "everything": searching.Asked(start=chance.randrange(20) * 20),
        "a word that all have": searching.Asked("数据"),
    }


def main() -> None:
    """Prepare, index, ask."""
    bring_up_to_date()
    load_divisions()
    harvesting.source = Made  # the port of this process
    harvesting.add("made", "https://data.example.org", "ckan", actor=SYSTEM)
    begun = time.perf_counter()
    told = harvesting.run("made", actor=SYSTEM, at=datetime.now(UTC))
    indexed = time.perf_counter() - begun
    assert told.came == MANY
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) datasets_listing")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    facets = ("organization", "groups", "tags", "res_format", "kind", "opening")
    searching.search(searching.Asked(), facets)
    chance, found = random.Random(11), dict[str, SimpleNamespace]()
    for _ in range(ASKED):
        for kind, asked in questions(chance).items():
            kept = found.setdefault(kind, SimpleNamespace(took=[], cpu=0.0, count=0))
            begun, used = time.perf_counter(), spent(backend) + time.process_time()
            kept.count += searching.search(asked, facets, 12).count
            kept.took.append((time.perf_counter() - begun) * 1000)
            kept.cpu += spent(backend) + time.process_time() - used
    print(
        json.dumps(
            {
                "indexed": indexed,
                "took": {kind: kept.took for kind, kept in found.items()},
                "cpu": {kind: kept.cpu * 1000 / ASKED for kind, kept in found.items()},
                "found": {kind: kept.count / ASKED for kind, kept in found.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
