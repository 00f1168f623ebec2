from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import check_process, read_document
from xiangyun.kernel.bpmn.soundness import soundness_findings
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    message,
    node,
    on,
    on_message,
    service,
    start,
    timer,
    user,
)


def ids(drawing: str) -> list[str]:
    return [finding.id for finding in check_process(drawing)]


def block(split: str, join: str) -> str:
    default = {"default": "f_split_plain_0"} if split in ("exclusive", "inclusive") else {}
    condition = "" if split == "parallel" else ": =x"
    return bpmn(
        start(name="申请"),
        gate(split, "split", name="分开", **default),
        user("plain", name="受理"),
        user("other", name="核验"),
        gate(join, "join", name="汇合"),
        user("issue", name="发证"),
        end(),
        flows(
            "split > plain",
            "start > split",
            "plain > join > issue > end",
            f"split > other{condition}",
            "other > join",
        ),
    )


@pytest.mark.parametrize(
    ("split", "join", "found"),
    [
        ("exclusive", "exclusive", []),
        ("parallel", "parallel", []),
        ("inclusive", "inclusive", []),
        ("exclusive", "inclusive", []),
        ("parallel", "inclusive", []),
        ("exclusive", "parallel", ["bpmn.E051"]),
        ("inclusive", "parallel", ["bpmn.E051"]),
        ("parallel", "exclusive", ["bpmn.E053"]),
    ],
)
def test_what_is_split_must_be_joined_alike(split: str, join: str, found: list[str]):
    assert list(dict.fromkeys(ids(block(split, join)))) == found


def test_the_finding_tells_the_path_that_waits_for_ever():
    (finding,) = check_process(block("exclusive", "parallel"))
    assert "申请 → 分开 → 受理" in finding.message.zh or "申请 → 分开 → 核验" in finding.message.zh
    assert "汇合" in finding.message.zh
    assert finding.place.line
    assert finding.hint


def test_the_finding_says_by_which_path_each_token_comes():
    finding = next(f for f in check_process(block("parallel", "exclusive")) if f.id == "bpmn.E053")
    assert "发证" in finding.message.zh
    assert "第一个令牌沿 申请 → 分开 → 核验 → 汇合 → 发证" in finding.message.zh
    assert "第二个沿 申请 → 分开 → 受理 → 汇合 → 发证" in finding.message.zh


def test_a_loop_without_a_way_out_never_ends():
    drawing = bpmn(
        start(),
        gate("exclusive", "g", default="f_g_end_0"),
        user("a"),
        user("b"),
        end(),
        flows("g > end", "start > g", "g > a: =x", "a > b", "b > a"),
    )
    assert ids(drawing) == ["bpmn.E052"]


def test_a_loop_with_a_way_out_is_sound():
    drawing = bpmn(
        start(),
        user("a"),
        gate("exclusive", "g", default="f_g_a_0"),
        end(),
        flows("g > a", "start > a > g", "g > end: =x"),
    )
    assert ids(drawing) == []


def test_a_loop_back_out_of_a_parallel_block_is_found():
    drawing = bpmn(
        start(),
        gate("exclusive", "again"),
        gate("parallel", "split"),
        user("a"),
        gate("exclusive", "g", default="f_g_join_0"),
        user("b"),
        gate("parallel", "join"),
        end(),
        flows(
            "g > join",
            "start > again > split > a > g",
            "g > again: =x",
            "split > b > join > end",
        ),
    )
    assert "bpmn.E053" in ids(drawing)


def test_a_withdrawal_does_not_excuse_a_standstill():
    drawing = block("exclusive", "parallel").replace(
        "</bpmn:process>",
        node(
            "subProcess",
            "withdrawal",
            start("withdraw", on_message("m")),
            end("withdrawn"),
            flows("withdraw > withdrawn"),
            triggeredByEvent="true",
        )
        + "</bpmn:process>"
        + message("m", "withdraw"),
    )
    assert ids(drawing) == ["bpmn.E051"]


def test_a_daily_reminder_beside_a_task_is_sound_also_when_the_task_comes_again():
    drawing = bpmn(
        start(),
        user("a"),
        node(
            "boundaryEvent",
            "late",
            timer("cycle", "R/P1D"),
            attachedToRef="a",
            cancelActivity="false",
        ),
        user("remind"),
        gate("exclusive", "g", default="f_g_a_0"),
        end(),
        end("reminded"),
        flows("g > a", "start > a > g", "g > end: =x", "late > remind > reminded"),
    )
    assert ids(drawing) == []


def test_a_reminder_that_leads_back_into_the_main_way_does_the_work_twice():
    drawing = bpmn(
        start(),
        user("a"),
        node(
            "boundaryEvent",
            "late",
            timer("duration", "P1D"),
            attachedToRef="a",
            cancelActivity="false",
        ),
        user("decide"),
        end(),
        flows("start > a > decide > end", "late > decide"),
    )
    assert ids(drawing) == ["bpmn.E053"]


def test_a_deadline_that_takes_the_task_away_may_lead_back():
    drawing = bpmn(
        start(),
        user("a"),
        node("boundaryEvent", "late", timer("duration", "P1D"), attachedToRef="a"),
        user("decide"),
        end(),
        flows("start > a > decide > end", "late > decide"),
    )
    assert ids(drawing) == []


def sub(*inside: str) -> str:
    return bpmn(
        start(),
        node("subProcess", "part", *inside),
        node("boundaryEvent", "bad", on("error", "e"), attachedToRef="part"),
        user("repair"),
        end(),
        end("repaired"),
        flows("start > part > end", "bad > repair > repaired"),
        shared='<bpmn:error id="e" errorCode="bad" />',
    )


def test_a_standstill_inside_a_sub_process_is_found_there():
    inner = block("exclusive", "parallel")
    inner = inner[inner.index("<bpmn:startEvent") : inner.index("</bpmn:process>")]
    renamed = inner.replace('"start"', '"s2"').replace('"end"', '"e2"')
    renamed = renamed.replace("f_start_", "f_s2_").replace("_end_", "_e2_")
    (finding,) = [f for f in check_process(sub(renamed)) if f.id == "bpmn.E051"]
    assert "汇合" in finding.message.zh


def test_an_error_boundary_on_what_cannot_fail_is_dead():
    drawing = sub(start("in"), user("a"), end("out"), flows("in > a > out"))
    assert set(ids(drawing)) == {"bpmn.E056"}
    alive = sub(start("in"), service("a"), end("out"), flows("in > a > out"))
    assert ids(alive) == []


def test_a_way_after_a_sub_process_that_only_fails_is_dead():
    drawing = sub(start("in"), end("fail", on("error", "e")), flows("in > fail"))
    assert ids(drawing) == ["bpmn.E056"]


def test_an_error_that_nobody_catches_is_refused():
    drawing = bpmn(
        start(),
        end("fail", on("error", "e")),
        flows("start > fail"),
        shared='<bpmn:error id="e" errorCode="bad" />',
    )
    assert ids(drawing) == ["bpmn.E054"]


def test_a_terminate_end_leaves_no_token_behind():
    drawing = bpmn(
        start(),
        gate("parallel", "split"),
        user("a"),
        user("b"),
        end("stop", "<bpmn:terminateEventDefinition />"),
        end(),
        flows("start > split > a > stop", "split > b > end"),
    )
    assert ids(drawing) == []


def test_ends_of_parallel_ways_need_no_join():
    drawing = bpmn(
        start(),
        gate("parallel", "split"),
        user("a"),
        user("b"),
        end(),
        end("e2"),
        flows("start > split > a > end", "split > b > e2"),
    )
    assert ids(drawing) == []


def test_an_inclusive_join_inside_a_loop_is_understood():
    drawing = bpmn(
        start(),
        gate("exclusive", "again"),
        gate("inclusive", "split", default="f_split_c_0"),
        user("a"),
        user("b"),
        user("c"),
        gate("inclusive", "join"),
        gate("exclusive", "g", default="f_g_again_1"),
        end(),
        flows(
            "split > c",
            "g > again",
            "start > again > split",
            "split > a: =x",
            "split > b: =y",
            "a > join",
            "b > join",
            "c > join > g",
            "g > end: =z",
        ),
    )
    assert ids(drawing) == []


def test_the_proof_says_where_it_stopped_instead_of_pretending():
    many = [user(f"t{at}") for at in range(10)]
    drawing = bpmn(
        start(),
        gate("parallel", "split"),
        *many,
        gate("parallel", "join"),
        end(),
        flows("start > split", *(f"split > t{at} > join" for at in range(10)), "join > end"),
    )
    process = read_document(drawing).processes[0]
    assert soundness_findings(process) == []
    (finding,) = soundness_findings(process, most=500)
    assert (finding.id, finding.severity) == ("bpmn.W050", "warning")
    assert "500" in finding.message.en
