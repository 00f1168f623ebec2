"""What changed between two versions, in the words of an office."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from xiangyun.domain.studio.starters import Named, files_of
from xiangyun.kernel.bpmn.outline import changed
from xiangyun.kernel.bpmn.outlineparts import Part, with_part
from xiangyun.kernel.pack import read_pack, rehearse, rehearse_by_steps
from xiangyun.kernel.pack.changes import told

FILES = files_of(
    "service", Named("own", "reading-card", "reading-card", "阅览证", "Reading card"),
    date(2026, 4, 8),
)  # fmt: skip


def with_file(path: str, text: str) -> list[str]:
    after = {**FILES, path: text}
    return [
        "｜".join(part.zh if part else "–" for part in (e.part, e.what, e.before, e.after))
        for e in told(FILES, after)
    ]


def test_equal_files_have_nothing_to_tell() -> None:
    assert told(FILES, dict(FILES)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("service.yaml", "    days: 5\n", "    days: 3\n", "事项｜承诺时限 days｜5｜3"),
        ("service.yaml", "visits: 0\n", "visits: 1\n", "事项｜跑动次数 ｜0｜1"),
    ],
)
def test_days_and_visits_are_told_in_office_words(path: str, old: str, new: str, said: str) -> None:
    assert old in FILES[path]
    assert said in with_file(path, FILES[path].replace(old, new, 1))


def test_steps_conditions_and_who_does_them_are_told() -> None:
    process = FILES["process.bpmn"]
    new = changed(process, {"decide": {"who": "reviewer", "name": "批准"}})
    found = with_file("process.bpmn", new)
    assert "流程｜环节“批准”：由谁办｜approver｜reviewer" in found
    assert "流程｜环节“批准”：名称｜决定｜批准" in found
    condition = {"gate_outcome_to_end_lapsed": {"condition": "=false"}}
    assert with_file("process.bpmn", changed(process, condition)) == [
        '流程｜环节“gate_outcome”：到“视为撤回”｜逾期 =correction = "asked"｜逾期 =false'
    ]
    grown = with_part(
        process, "letter_accepted_to_decide", Part("user", "look", "现场看看", "reviewer")
    )
    assert "流程｜环节“现场看看”｜–｜新增" in with_file("process.bpmn", grown)


def test_a_row_of_a_rule_is_told_by_its_cells() -> None:
    rules = FILES["rules.dmn"]
    row = '<rule id="requirements.too_young"><inputEntry id="requirements.too_young.if1"><text>'
    assert row in rules
    new = rules.replace(f"{row}false", f"{row}true", 1)
    assert with_file("rules.dmn", new) == [
        "规则“条件”｜行 requirements.too_young：够年龄｜false｜true"
    ]


def test_comments_and_broken_files_are_told_as_what_they_are() -> None:
    text = FILES["service.yaml"]
    assert with_file("service.yaml", text + "# more\n") == ["事项｜排版或注释｜（无）｜（无）"]
    assert with_file("process.bpmn", "<a") == ["流程｜排版或注释｜（无）｜（无）"]
    assert with_file("forms/more.json", "{}") == ["forms/more.json｜文件｜–｜有"]


def test_an_example_is_walked_step_by_step_to_where_the_whole_walk_comes() -> None:
    pack = read_pack(FILES)
    for example in pack.examples:
        whole = rehearse(pack, example)
        made, moments = rehearse_by_steps(pack, example)
        assert made.path == whole.path
        assert len(moments) == len(example.acts) + 1
        assert moments[0].act is None
        assert moments[-1].path == whole.path
        assert moments[-1].outcome == whole.outcome
        assert not moments[-1].here
        assert all(one.path == other.path[: len(one.path)] for one, other in pairwise(moments))
        assert moments[0].here
