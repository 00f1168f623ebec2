"""What a service.yaml meant before outcomes and actions were declared: running cases live by it.

The outcomes, buttons and stages of such a pack keep the meaning that the platform once gave them by
name. Nothing else reads these names.
"""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.service.meanings import ActionMeaning, Outcome

OUTCOMES = (
    Outcome("issued", "granted", "good", "issue"),
    Outcome("refused", "denied", "bad"),
    Outcome("withdrawn", "taken_back", "plain"),
    Outcome("lapsed", "expired", "plain"),
)
ACTIONS = (
    *(ActionMeaning(name, True, "refuse") for name in ("refuse", "disagree", "reject", "deny")),
    ActionMeaning("correct", False, "correct"),
)
UNANNOUNCED = ("correct",)
ENDED_BY = ("approver",)
"""Who may end what was issued, where `certificate.yaml` does not say so."""


def undeclared(place: Place) -> Finding:
    """That a service does not say what its outcomes mean."""
    return fault(
        "pack.W008",
        Text(
            "没有写 outcomes，按早先的含义办理：{names}。",
            "`outcomes` is not written; the earlier meanings hold: {names}.",
            names=[each.name for each in OUTCOMES],
        ),
        place,
        Text(
            "请写明每种办理结果的含义，例如 outcomes: {example}。",
            "Say what each outcome means, for example outcomes: {example}.",
            example="{issued: {meaning: granted}}",
        ),
    )
