"""“Which case is mine?” (情形引导): questions of the form that cut materials, fees and days."""

from __future__ import annotations

from dataclasses import dataclass

from xiangyun.kernel.findings import Place
from xiangyun.kernel.packfile.fields import Fields

KEY = "which_case"


@dataclass(frozen=True, slots=True)
class WhichCase:
    """The questions that are asked before an application, and the decisions that they feed.

    `decisions`: variables that limits and fees are formulas over, each with the decision of
    `rules.dmn` that gives it; `precheck.type` is a member. `materials`: the decision whose findings
    name the papers that are missing; empty where none does.
    """

    questions: tuple[str, ...]
    decisions: tuple[tuple[str, str], ...]
    materials: str
    place: Place


def read_which_case(f: Fields) -> WhichCase | None:
    """The section of service.yaml; None where the service asks nothing beforehand."""
    section = f.section(KEY, required=False)
    if section is None:
        return None
    decisions: list[tuple[str, str]] = []
    if (node := section.take("decisions", required=False)) is not None:
        inner = Fields(node, f.report, "decisions")
        decisions = [(name, inner.string(name)) for name, _ in node.items()]
    found = WhichCase(
        section.strings("questions"),
        tuple(decisions),
        section.string("materials", required=False),
        section.place(),
    )
    section.done()
    return found
