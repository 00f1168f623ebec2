"""`xiangyun fair`: from three tables to a plan that no pair blocks, with reasons for refusals."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from xiangyun.faces.cli.fair import fair

COMPANIES = """参会编号,统一社会信用代码,企业名称,行业门类,所在地,同时面试的桌数,展位需要供电
Q-1,91222404MA0XY0029L,样祥机械（虚构）,C,222404000000,1,是
Q-2,91222404MA0XY0029L,样山商贸（虚构）,G,222404000000,2,
"""
POSTS = (
    "code,company,title,people,interviews,degree,field,certificate,prefecture,pay_from,pay_to,"
    "internship,begins,invites\n"
    "G-1,Q-1,工程师,1,1,2,08,,2224,5000,8000,false,2026-09-01,\n"
    "G-2,Q-1,电工,1,2,1,,电工证,2224,4000,6000,false,2026-09-01,S-3\n"
    "G-3,Q-2,销售,1,3,1,,,2224,4000,5000,false,2026-09-01,\n"
)
STUDENTS = (
    "code,school,degree,field,certificates,graduates,internship,score,available,wishes\n"
    "S-1,样祥大学,2,08,,2026,false,90,2026-07-01,G-3;G-2\n"
    "S-2,样祥大学,2,08,电工证,2026,false,80,2026-07-01,\n"
    "S-3,样祥大学,1,12,,2026,false,70,2026-07-01,G-1\n"
)


def run(tmp_path: Path, *more: str, companies: str = COMPANIES, posts: str = POSTS) -> str:
    for name, text in (("c", companies), ("p", posts), ("s", STUDENTS)):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    arguments = ["jobs/graduate-fair", "--exhibitors", str(tmp_path / "c.csv"), "--offers",
                 str(tmp_path / "p.csv"), "--demands", str(tmp_path / "s.csv"), *more]  # fmt: skip
    found = CliRunner().invoke(fair, arguments)
    return found.output


def test_a_plan_gives_everybody_a_table_and_a_time_and_tells_what_does_not_fit(
    tmp_path: Path,
) -> None:
    plan = json.loads(run(tmp_path, "--json"))
    assert plan["wrong"] == []
    assert plan["without"] == []
    met = {(each["demand"], each["offer"]) for each in plan["interviews"]}
    assert met == {
        ("S-1", "G-1"),
        ("S-1", "G-3"),
        ("S-2", "G-2"),
        ("S-2", "G-3"),
        ("S-3", "G-3"),
    }
    times = [(each["demand"], each["begins"]) for each in plan["interviews"]]
    assert len(set(times)) == len(times)
    assert {each["exhibitor"]: each["hall"] for each in plan["booths"]} == {"Q-1": "A", "Q-2": "B"}
    why = {(each["offer"], each["demand"], each["named_by"]): each for each in plan["unfit"]}
    assert "学生没有这本证书" in why["G-2", "S-1", "demand"]["why"]
    assert "does not have: 电工证" in why["G-2", "S-3", "offer"]["why_en"]
    assert "degree 2; the student has 1" in why["G-1", "S-3", "demand"]["why_en"]


def test_the_files_of_a_plan_are_those_that_the_registers_take(tmp_path: Path) -> None:
    run(tmp_path, "--out", str(tmp_path / "plan"))
    with (tmp_path / "plan" / "interviews.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["code"] == f"{rows[0]['demand']}@{rows[0]['offer']}"
    assert rows[0]["begins"] == "2026-04-18T09:00:00+08:00"
    assert (tmp_path / "plan" / "unfit.csv").exists()


@pytest.mark.parametrize(
    ("companies", "posts", "told"),
    [
        (COMPANIES, POSTS.replace("G-1,Q-1", "G-1,Q-9"), "fair.E003"),
        (COMPANIES, POSTS.replace("8000", "viel"), "p.csv:2"),
        (COMPANIES.replace(",1,是", ",,是"), POSTS, "c.csv:2"),
    ],
)
def test_rows_that_are_not_right_are_told_with_their_lines(
    tmp_path: Path, companies: str, posts: str, told: str
) -> None:
    assert told in run(tmp_path, companies=companies, posts=posts)


def test_a_fair_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "fair.E004" in run(tmp_path, "--fair", "autumn")
