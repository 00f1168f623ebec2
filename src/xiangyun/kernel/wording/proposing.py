"""Proposals of others, such as a language model: taken only where they invent nothing.

What is asked are lines of experience and projects: neither the head of the resume with the name of
its writer, nor a line with a telephone number, an e-mail address or an identity number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xiangyun.kernel.findings import Text

from .contact import is_private
from .diagnosis import Diagnosis
from .document import Line
from .improving import Change, invented, vocabulary
from .rules import WordRules

ID = "model.wording"
_ASKED = ("experience", "projects")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody would write instead of a line, by its place, and why."""

    place: str
    after: str
    reason: str


def asked_lines(diagnosis: Diagnosis) -> list[Line]:
    """The lines that may be worded anew: what was done, where it says no way to reach anybody."""
    return [
        line
        for _, entry in diagnosis.resume.entries(*_ASKED)
        for line in entry.body
        if line.text.strip() and not is_private(line.text)
    ]


def with_proposals(
    proposed: Iterable[Change],
    proposals: Iterable[Proposal],
    diagnosis: Diagnosis,
    rules: WordRules,
) -> list[Change]:
    """The changes and, behind those of their line, the proposals that invent nothing.

    A proposal is left out where its place was not asked about, where a change of the rules already
    stands on its line, where it says nothing new, is longer than half as much again, or holds a
    figure, date, name or word that stands nowhere in the line it is for.
    """
    own = list(proposed)
    asked = {line.place: line for line in asked_lines(diagnosis)}
    busy = {each.place.partition(":")[0] for each in own}
    words = vocabulary(rules)
    for proposal in proposals:
        line = asked.get(proposal.place)
        after = " ".join(proposal.after.split())
        if line is None or not after or after == line.text:
            continue
        at = line.place.partition(":")[0]
        # A figure of another line would be a fact of another experience.
        if at in busy or len(after) * 2 > len(line.text) * 3 or invented(after, line.text, words):
            continue
        busy.add(at)
        why = " ".join(proposal.reason.split())[:200]
        reason = Text(
            "语言模型的建议：{why}",
            "Proposed by a language model: {why}",
            why=why or "—",
        )
        own.append(Change(0, ID, line.place, line.text, after, reason))
    own.sort(key=lambda each: tuple(int(n) if n.isdigit() else 0 for n in each.place.split(":")))
    return [replace(each, number=number) for number, each in enumerate(own, 1)]
