from __future__ import annotations

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    message,
    node,
    on_message,
    service,
    start,
    user,
)
from xiangyun.kernel.bpmn.tests.walking import Case


def undone(ident: str, by: str) -> str:
    """A compensation boundary on `ident`, connected to the service `by`."""
    return (
        node(
            "boundaryEvent", f"c_{ident}", "<bpmn:compensateEventDefinition />", attachedToRef=ident
        )
        + service(by, work="register.remove", isForCompensation="true")
        + f'<bpmn:association id="a_{ident}" associationDirection="One" '
        f'sourceRef="c_{ident}" targetRef="{by}" />'
    )


def compensating(reference: str = "") -> str:
    what = f' activityRef="{reference}"' if reference else ""
    return bpmn(
        start(),
        user("enter"),
        undone("enter", "unenter"),
        user("pay"),
        undone("pay", "refund"),
        user("seal"),
        undone("seal", "unseal"),
        gate("exclusive", "good", default="f_good_back_0"),
        node("intermediateThrowEvent", "back", f"<bpmn:compensateEventDefinition{what} />"),
        user("tell"),
        end(),
        end("undone"),
        flows(
            "good > back",
            "start > enter > pay > good",
            "good > seal: =good",
            "seal > end",
            "back > tell > undone",
        ),
    )


def test_what_was_done_is_undone_in_reverse_and_what_was_not_done_is_left_alone():
    case = Case(compensating()).completes("enter").completes("pay", good=False)
    assert case.open(ServiceWanted) == ["refund"]
    case.answers("refund")
    assert case.open(ServiceWanted) == ["unenter"]
    assert case.open() == []
    case.answers("unenter")
    assert case.open() == ["tell"]
    assert case.completes("tell").outcome == "undone"


def test_one_named_activity_alone_can_be_undone():
    case = Case(compensating("enter")).completes("enter").completes("pay", good=False)
    assert case.open(ServiceWanted) == ["unenter"]
    assert case.answers("unenter").open() == ["tell"]


def test_nothing_to_undo_goes_on_at_once():
    case = Case(compensating("seal")).completes("enter").completes("pay", good=False)
    assert case.open() == ["tell"]


def test_a_completed_sub_process_is_undone_by_what_undoes_its_parts():
    case = Case(
        bpmn(
            start(),
            node(
                "subProcess",
                "both",
                start("in"),
                user("enter"),
                undone("enter", "unenter"),
                end("out"),
                flows("in > enter > out"),
            ),
            user("check"),
            end("back", '<bpmn:compensateEventDefinition activityRef="both" />'),
            flows("start > both > check > back"),
        )
    )
    case.completes("enter").completes("check")
    assert case.open(ServiceWanted) == ["unenter"]
    assert case.answers("unenter").outcome == "back"


def test_a_withdrawal_undoes_what_the_case_has_done():
    case = Case(
        bpmn(
            start(),
            user("enter"),
            undone("enter", "unenter"),
            user("review"),
            end(),
            node(
                "subProcess",
                "withdrawal",
                start("withdraw", on_message("m")),
                end("back", "<bpmn:compensateEventDefinition />", outcome="withdrawn"),
                flows("withdraw > back"),
                triggeredByEvent="true",
            ),
            flows("start > enter > review > end"),
            shared=message("m", "withdraw"),
        )
    )
    case.completes("enter").hears("withdraw")
    assert case.open() == []
    assert case.open(ServiceWanted) == ["unenter"]
    assert case.answers("unenter").outcome == "withdrawn"
