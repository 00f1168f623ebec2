"""The proof sees who catches what is thrown, what interrupts, and who brings a second token."""

from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import check_process
from xiangyun.kernel.bpmn.check import read_processes
from xiangyun.kernel.bpmn.soundness.outcomes import ANYTHING, NOTHING_THROWN, Thrown
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
from xiangyun.kernel.bpmn.tests.test_handlers import REPEATED, SHARED, handler
from xiangyun.kernel.bpmn.tests.walking import Case


def found(text: str) -> list[str]:
    return sorted({each.id for each in check_process(text) if each.severity == "error"})


def edge(ident: str, event: str, host: str = "part", **more: str) -> str:
    return node("boundaryEvent", ident, event, attachedToRef=host, **more)


def whole(*inside: str, edges: str = "", after: tuple[str, ...] = (), more: str = "") -> str:
    return bpmn(
        start(),
        node("subProcess", "part", *inside),
        edges,
        more,
        end(),
        flows("start > part > end", *after),
        shared=SHARED,
    )


# -- endless rounds by escalations -----------------------------------------------------------------


@pytest.mark.parametrize("thrown", ["end", "throw"])
@pytest.mark.parametrize("task", [True, False])
@pytest.mark.parametrize("deep", [True, False])
def test_a_round_by_an_interrupting_escalation_has_no_end(thrown: str, task: bool, deep: bool):
    throw = (
        end("raise", on("escalation", "x"))
        if thrown == "end"
        else node("intermediateThrowEvent", "raise", on("escalation", "x"))
    )
    way = ("in > work > raise" if task else "in > raise") + ("" if thrown == "end" else " > out")
    inside = [
        start("in"),
        user("work") if task else "",
        throw,
        "" if thrown == "end" else end("out"),
        flows(way),
    ]
    if deep:
        inside = [
            start("in0"),
            node("subProcess", "inner", *inside),
            end("out0"),
            flows("in0 > inner > out0"),
        ]
    text = bpmn(
        start(),
        gate("exclusive", "again"),
        node("subProcess", "part", *inside),
        edge("late", on("escalation", "x")),
        end(),
        flows("start > again > part > end", "late > again"),
        shared=SHARED,
    )
    assert found(text) == (["bpmn.E052"] if task else ["bpmn.E057"])


def test_a_round_by_an_escalation_that_does_not_interrupt_ends():
    text = bpmn(
        start(),
        node(
            "subProcess",
            "part",
            start("in"),
            user("work"),
            end("raise", on("escalation", "x")),
            flows("in > work > raise"),
        ),
        edge("late", on("escalation", "x"), cancelActivity="false"),
        user("tell"),
        end("told"),
        end(),
        flows("start > part > end", "late > tell > told"),
        shared=SHARED,
    )
    assert found(text) == []


def test_a_round_that_may_be_left_is_sound_when_somebody_works_in_it():
    inside = [
        start("in"),
        user("work"),
        gate("exclusive", "g", default="f_g_out_0"),
        end("raise", on("escalation", "x")),
        end("out"),
        flows("g > out", "in > work > g", "g > raise: =late"),
    ]
    text = bpmn(
        start(),
        node("subProcess", "part", *inside),
        edge("late", on("escalation", "x")),
        end(),
        flows("start > part > end", "late > part"),
        shared=SHARED,
    )
    assert found(text) == []
    quick = text.replace('sourceRef="in" targetRef="work"', 'sourceRef="in" targetRef="g"')
    assert "bpmn.E057" in found(quick)


def test_handlers_that_start_each_other_for_ever_are_seen():
    def throwing(ident: str, hears: str, throws: str, work: str = "") -> str:
        way = f"{ident}_in > {ident}_w > {ident}_t" if work else f"{ident}_in > {ident}_t"
        return handler(
            ident,
            on("escalation", hears),
            work,
            end(f"{ident}_t", on("escalation", throws)),
            flows(way),
            interrupting="false",
        )

    def pair(work: str = "") -> str:
        return bpmn(
            start(),
            user("a"),
            end("e0", on("escalation", "x")),
            flows("start > a > e0"),
            throwing("one", "x", "x2"),
            throwing("two", "x2", "x", work),
            shared=SHARED,
        )

    assert found(pair()) == ["bpmn.E057"]
    assert found(pair(user("two_w"))) == []


def test_a_called_process_that_always_escalates_never_comes_back_past_an_interrupting_edge():
    called = (
        '<bpmn:extensionElements><zeebe:properties><zeebe:property name="called" value="true" />'
        "</zeebe:properties></bpmn:extensionElements>"
    )

    def process(name: str, *inside: str) -> str:
        return bpmn(*inside, shared=SHARED.replace('id="', f'id="{name}_')).replace(
            'id="case"', f'id="{name}"'
        )

    def main(interrupting: str) -> str:
        return process(
            "main",
            start("s"),
            gate("exclusive", "again"),
            node("callActivity", "ask", extension='<zeebe:calledElement processId="look" />'),
            edge("late", on("escalation", "main_x"), "ask", cancelActivity=interrupting),
            user("tell"),
            end("e"),
            flows(
                "s > again > ask > e",
                "late > tell",
                *(["tell > again"] if interrupting == "true" else []),
            ),
        )

    def look(always: bool) -> str:
        inside = [
            called,
            start("in"),
            user("work"),
            gate("exclusive", "g", default="f_g_t_0"),
            node("intermediateThrowEvent", "t", on("escalation", "look_x")),
            end("out"),
            flows("g > t", "in > work > g", "t > out", *([] if always else ["g > out: =ok"])),
        ]
        return process("look", *inside)

    def ids(**files: str) -> set[str]:
        _, findings = read_processes({f"{name}.bpmn": text for name, text in files.items()})
        return {each.id for each in findings if each.severity == "error"}

    assert "bpmn.E052" in ids(main=main("true"), look=look(always=True))
    assert ids(main=main("true"), look=look(always=False)) == set()
    assert ids(main=main("false"), look=look(always=True)) == set()


# -- boundaries that nothing reaches ---------------------------------------------------------------


@pytest.mark.parametrize("how", REPEATED)
@pytest.mark.parametrize(
    ("inner", "outer", "dead"),
    [
        (on("error", "e"), on("error", "e"), True),
        (on("error"), on("error", "e"), True),
        (on("error"), on("error"), True),
        (on("error", "e2"), on("error", "e"), False),
        (on("error", "e"), on("error"), False),
        (on("error", "e"), on("error", "e2"), False),
    ],
)
def test_a_boundary_is_dead_when_a_handler_inside_catches_all_it_could(how, inner, outer, dead):
    text = bpmn(
        start(),
        node(
            "subProcess",
            "part",
            start("in"),
            service("work"),
            end("out"),
            flows("in > work > out"),
            handler("help", inner, user("look"), flows("help_in > look")),
            REPEATED[how],
        ),
        edge("edge", outer),
        user("edged"),
        end(),
        flows("start > part > end", "edge > edged"),
        shared=SHARED,
    )
    assert found(text) == (["bpmn.E056"] if dead else [])


def test_a_boundary_is_dead_when_the_edge_of_the_task_inside_catches_first():
    text = whole(
        start("in"),
        service("work"),
        edge("first", on("error"), "work"),
        user("mend"),
        end("out"),
        flows("in > work > out", "first > mend"),
        edges=edge("edge", on("error", "e")) + user("edged"),
        after=("edge > edged",),
    )
    assert found(text) == ["bpmn.E056"]


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_escalation_caught_inside_never_reaches_the_edge(interrupting: str):
    raising = node("intermediateThrowEvent", "raise", on("escalation", "x"))
    hears = handler(
        "help",
        on("escalation", "x"),
        user("look"),
        flows("help_in > look"),
        interrupting=interrupting,
    )
    text = whole(
        start("in"),
        raising,
        user("work"),
        end("out"),
        flows("in > raise > work > out"),
        hears,
        edges=edge("edge", on("escalation", "x")) + user("edged"),
        after=("edge > edged",),
    )
    assert found(text) == ["bpmn.E056"]
    other = text.replace(
        'edge"><bpmn:escalationEventDefinition escalationRef="x"',
        'edge"><bpmn:escalationEventDefinition escalationRef="x2"',
    )
    assert found(other) == ["bpmn.E056"], "nothing throws the other code"


def test_what_a_handler_itself_throws_reaches_the_edge():
    hears = handler(
        "help", on("error", "e"), end("worse", on("error", "e2")), flows("help_in > worse")
    )
    text = whole(
        start("in"),
        service("work"),
        end("out"),
        flows("in > work > out"),
        hears,
        edges=edge("edge", on("error", "e2")) + user("edged"),
        after=("edge > edged",),
    )
    assert found(text) == []


def test_an_escalation_event_at_the_edge_of_a_task_can_never_happen():
    text = bpmn(
        start(),
        user("work"),
        edge("late", on("escalation", "x"), "work"),
        user("tell"),
        flows("start > work", "late > tell"),
        shared=SHARED,
    )
    assert found(text) == ["bpmn.E056"]


def test_an_error_that_leaves_two_levels_is_followed():
    inner = node(
        "subProcess", "inner", start("i2"), end("fail", on("error", "e")), flows("i2 > fail")
    )
    text = whole(
        start("in"),
        user("work"),
        inner,
        flows("in > work > inner"),
        edges=edge("edge", on("error", "e")) + user("edged") + end("e2"),
        after=("edge > edged > e2",),
    )
    assert found(text) == ["bpmn.E056"], "the normal way out is dead, the rest is sound"


# -- loops that something ends ---------------------------------------------------------------------


LOOP = (start("in"), user("a"), user("b"), flows("in > a > b", "b > a"))
STOPS = {
    "a message": (on_message("m"), "true"),
    "a deadline": (timer("duration", "P1D"), "true"),
    "a signal": (on("signal", "s"), "true"),
    "a message that only tells": (on_message("m"), "false"),
}


@pytest.mark.parametrize("what", STOPS)
@pytest.mark.parametrize("where", ["inside", "edge", "around"])
def test_a_loop_that_something_interrupts_is_sound(what: str, where: str):
    event, interrupting = STOPS[what]
    stop = handler("stop", event, user("look"), flows("stop_in > look"), interrupting=interrupting)
    edges = edge("stop", event, cancelActivity=interrupting) + user("look")
    text = {
        "inside": lambda: whole(*LOOP, stop),
        "edge": lambda: whole(*LOOP, edges=edges, after=("stop > look",)),
        "around": lambda: whole(*LOOP, more=stop),
    }[where]()
    dead = ["bpmn.E056"] if where != "inside" else []
    assert found(text) == (dead if interrupting == "true" else ["bpmn.E052"])


def test_a_whole_case_may_go_round_until_it_is_withdrawn():
    stop = handler("stop", on_message("m"), end("stopped"), flows("stop_in > stopped"))
    text = bpmn(
        start(),
        user("a"),
        user("b"),
        flows("start > a > b", "b > a"),
        stop,
        shared=message("m", "withdraw"),
    )
    assert found(text) == []
    case = Case(text).completes("a").completes("b").completes("a").hears("withdraw")
    assert case.outcome == "stopped"


def test_an_error_that_can_come_in_a_loop_ends_it():
    loop = (start("in"), service("a"), user("b"), flows("in > a > b", "b > a"))
    mend = handler("mend", on("error"), user("look"), flows("mend_in > look"))
    assert found(whole(*loop, mend)) == []
    assert found(whole(*LOOP, mend)) == ["bpmn.E052"], "here nothing can fail"


# -- timers that ring once -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "time", "sound"),
    [
        ("duration", "P1D", True),
        ("date", '="2026-05-01"', True),
        ("cycle", "R1/P1D", True),
        ("cycle", "R/P1D", False),
        ("cycle", "R3/P1D", False),
    ],
)
def test_a_timer_that_rings_once_brings_one_token(kind: str, time: str, sound: bool):
    text = bpmn(
        start(),
        gate("parallel", "split"),
        user("a"),
        edge("late", timer(kind, time.replace('"', "&quot;")), "a", cancelActivity="false"),
        user("b"),
        gate("inclusive", "join"),
        user("c"),
        end(),
        end("e2"),
        flows("start > split > a > e2", "split > b > join > c > end", "late > join"),
    )
    assert found(text) == ([] if sound else ["bpmn.E053"])


# -- two tokens in one task ------------------------------------------------------------------------


def test_the_finding_names_the_way_of_each_token_also_past_a_reminder_and_a_nested_split():
    text = bpmn(
        start(name="申请"),
        user("a", name="受理"),
        edge("late", timer("duration", "P1D"), "a", cancelActivity="false", name="催办"),
        user("b", name="审查"),
        end(),
        flows("start > a > b > end", "late > b"),
    )
    (finding,) = check_process(text)
    assert finding.id == "bpmn.E053"
    assert "第一个令牌沿 申请 → 受理 → 催办 → 审查" in finding.message.zh
    assert "第二个沿 申请 → 受理 → 审查" in finding.message.zh
    assert "multiple_tokens" in finding.hint.en


PROPERTY = (
    '<zeebe:properties><zeebe:property name="multiple_tokens" value="true" /></zeebe:properties>'
)


def test_an_author_may_allow_several_tokens_in_one_task_or_everywhere():
    def text(ident: str = "", process: str = "") -> str:
        allowed = {ident: PROPERTY}
        return bpmn(
            process,
            start(),
            gate("parallel", "split"),
            user("a"),
            user("b"),
            user("c", extension=allowed.get("c", "")),
            user("d", extension=allowed.get("d", "")),
            flows("start > split > a > c > d", "split > b > c"),
        )

    assert found(text()) == ["bpmn.E053"]
    (finding,) = [each for each in check_process(text("c")) if each.id == "bpmn.E053"]
    assert "（d）" in finding.message.zh, "what follows is allowed by itself"
    anywhere = text(process=f"<bpmn:extensionElements>{PROPERTY}</bpmn:extensionElements>")
    assert found(anywhere) == []
    case = Case(anywhere).completes("a").completes("b")
    assert case.open() == ["c", "c"]


def test_tokens_that_grow_for_ever_are_refused_all_the_same():
    text = bpmn(
        f"<bpmn:extensionElements>{PROPERTY}</bpmn:extensionElements>",
        start(),
        gate("exclusive", "again"),
        gate("parallel", "split"),
        user("a"),
        user("b"),
        end(),
        flows("start > again > split > a > again", "split > b > end"),
    )
    assert "bpmn.E053" in found(text)


# -- what is thrown, as a value --------------------------------------------------------------------


def test_what_is_thrown_is_kept_by_code_and_by_all_other_codes():
    some = Thrown(frozenset(("a", "b")))
    assert some.past(["a"]).codes == {"b"}
    assert not some.past([""])
    assert not some.past(["a", "b"])
    assert (some | ANYTHING).past(["a"]).reaches("c", [])
    assert not ANYTHING.past(["a"]).reaches("a", [])
    assert (ANYTHING.past(["a"]) | Thrown(frozenset("a"))).reaches("a", [])
    assert (ANYTHING.past(["a"]) | ANYTHING.past(["b"])).but == frozenset()
    assert not some.reaches("", ["a", "b"])
    assert some.reaches("", ["a"])
    assert not NOTHING_THROWN.reaches("", [])
