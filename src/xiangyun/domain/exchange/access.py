"""Who may look after the exchange with other systems."""

from __future__ import annotations

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.findings import Finding, Forbidden, Text

OPERATOR = "exchange_operator"


def is_operator(actor: Actor) -> bool:
    """Whether somebody looks after messages: an operator, or the platform itself."""
    return actor.kind == "system" or any(m.role == OPERATOR for m in actor.mandates)


def refuse_unless_operator(actor: Actor) -> None:
    """Raises Forbidden for whoever is no operator."""
    if not is_operator(actor):
        raise Forbidden([_NOT_YOURS])


_NOT_YOURS = Finding(
    "exchange.E042",
    "error",
    Text("您的岗位不能处理往来报文。", "Your mandates do not reach messages of exchange."),
    hint=Text("需要“互联互通运维”。", "It takes the role “exchange operator”."),
)
