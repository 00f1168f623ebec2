"""What is written as JSON Resume is what JSON Resume's own validator takes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from xiangyun.adapters.tests.made_up_resumes import PLANTED, clean
from xiangyun.adapters.wordlists import word_rules
from xiangyun.faces.cli.resume import resume

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "bench" / "json-resume"
_VALIDATE = """
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { validate } = createRequire(process.argv[1] + '/')('@jsonresume/schema');
const wrong = {};
for (const file of process.argv.slice(2))
  validate(JSON.parse(readFileSync(file)), (errors) => {
    if (errors) wrong[file] = errors.map(String);
  });
console.log(JSON.stringify(wrong));
"""

pytestmark = pytest.mark.skipif(
    not (HOME / "node_modules" / "@jsonresume").is_dir() or shutil.which("node") is None,
    reason="Node.js or JSON Resume's schema is missing; `make test-json-resume` installs it",
)

FULL = """\
# 样小云
求职意向：数据分析师
电话：13800001234 | 邮箱：yang.xiaoyun@example.com | https://example.com/yang
## 自我评价
喜欢把问题问清楚。
## 教育背景
样省大学  统计学  本科  2019-09-01 至 2023-06-30
- 主修：抽样调查、时间序列
## 工作经历
样云数据有限公司  分析师  2023年7月—至今
- 分析 300 万条记录，提出 12 条建议
样祥商店  店员  2018–2019
- 盘点 40 个货架
## 志愿服务
样县图书馆  讲解员  2022.03-2022.09
- 讲解 30 场
## 项目经历
公交到站预测  负责人  Mar 2021 - Jun 2021
- 误差降低 18%
## 语言能力
- 英语六级
## 证书
- 统计师（初级）
## 荣誉奖项
- 2022 年校级奖学金
## 论文
- 某某方法的比较
## 兴趣爱好
- 长跑
"""


def validated(files: list[Path]) -> dict[str, list[str]]:
    """What the validator finds wrong, by file."""
    command = ["node", "-e", _VALIDATE, str(HOME), *map(str, files)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    found: dict[str, list[str]] = json.loads(told.stdout)
    return found


def written(text: str, folder: Path, name: str) -> Path:
    """The file that `xiangyun resume improve` writes of a resume, all changes accepted."""
    source, output = folder / f"{name}.md", folder / f"{name}.json"
    source.write_text(text, encoding="utf-8")
    told = CliRunner().invoke(
        resume, ["improve", str(source), "--accept", "all", "--output", str(output)]
    )
    assert told.exit_code == 0, told.output
    return output


def test_every_resume_that_is_written_is_one_by_its_schema(tmp_path: Path) -> None:
    rules = word_rules("jobs/resume-lab:resume")
    texts = {"full": FULL}
    for seed, (kind, plant) in enumerate(PLANTED.items()):
        made = clean(500 + seed)
        plant(made, Random(seed), rules)
        texts[kind] = made.text()
    files = [written(text, tmp_path, name) for name, text in texts.items()]
    assert validated(files) == {}
    full = json.loads(files[0].read_text())
    assert full["work"][0]["startDate"] == "2023-07"
    assert "endDate" not in full["work"][0]
    assert full["work"][1]["startDate"] == "2018"
    assert full["volunteer"][0]["organization"] == "样县图书馆"
    assert full["languages"] == [{"language": "英语六级"}]
    assert full["certificates"] == [{"name": "统计师（初级）"}]
    again = written(json.dumps(full, ensure_ascii=False), tmp_path, "again")
    assert {k: v for k, v in json.loads(again.read_text()).items() if k != "$schema"} == {
        k: v for k, v in full.items() if k != "$schema"
    }


def test_the_validator_refuses_what_is_no_resume(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"basics": {"name": 1}, "work": [{"startDate": "July 2023"}]}')
    assert len(validated([wrong])[str(wrong)]) == 2
